import { GoInt, type GoValue } from "../base/go-value.ts";
import { FunctionError, type FunctionTable, type GoFunction } from "../template/function.ts";
import { GoDuration, inUnits, parseDuration, roundDuration, truncateDuration } from "../template/time/duration.ts";

const second = 1_000_000_000n;
const hour = 3600n * second;
const maxSeconds = ((1n << 63n) - 1n) / second;
const minSeconds = -(1n << 63n) / second;
const maxSecondsFloat = Number((1n << 63n) - 1n) / 1e9;

/** The functions for lengths of time that came with Helm 4. What can't be read counts as none. */
export const durationFunctions: FunctionTable = {
  mustToDuration: { params: ["any"], call: (value: GoValue) => new GoDuration(durationOf(value)) },
  durationSeconds: measure((length) => inUnits(length, second)),
  durationMilliseconds: whole(1_000_000n),
  durationMicroseconds: whole(1_000n),
  durationNanoseconds: whole(1n),
  durationMinutes: measure((length) => inUnits(length, 60n * second)),
  durationHours: measure((length) => inUnits(length, hour)),
  durationDays: measure((length) => inUnits(length, hour) / 24),
  durationWeeks: measure((length) => inUnits(length, hour) / 24 / 7),
  durationRoundTo: adjust(roundDuration),
  durationTruncateTo: adjust(truncateDuration),
};

function measure(inUnit: (length: bigint) => number): GoFunction {
  return { params: ["any"], call: (value: GoValue) => inUnit(tryDuration(value) ?? 0n) };
}

function whole(unit: bigint): GoFunction {
  return { params: ["any"], call: (value: GoValue) => (tryDuration(value) ?? 0n) / unit };
}

function adjust(change: (length: bigint, multiple: bigint) => bigint): GoFunction {
  const call = (value: GoValue, multiple: GoValue) => {
    const length = tryDuration(value);
    if (length === undefined) return new GoDuration(0n);
    const unit = tryDuration(multiple);
    return new GoDuration(unit === undefined ? length : change(length, unit));
  };
  return { params: ["any", "any"], call };
}

function tryDuration(value: GoValue): bigint | undefined {
  try {
    return durationOf(value);
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

/** Nanoseconds of a duration, of Go's notation (`1h30m`), or of a number of seconds. */
function durationOf(value: GoValue): bigint {
  if (value instanceof GoDuration) return value.goInt;
  if (typeof value === "string") return durationOfText(value);
  if (typeof value === "number") return durationOfFloat(value);
  if (typeof value === "bigint") return durationOfInteger(value);
  if (value instanceof GoInt) return durationOfInteger(value.value);
  throw new FunctionError(value === null ? "invalid duration" : "unsupported duration type");
}

function durationOfText(text: string): bigint {
  const trimmed = text.trim();
  if (trimmed === "") throw new FunctionError("empty duration");
  try {
    return parseDuration(trimmed);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) {
      throw new FunctionError(`could not parse duration ${JSON.stringify(text)}`);
    }
    return durationOfFloat(Number(trimmed));
  }
}

function durationOfInteger(seconds: bigint): bigint {
  if (seconds > maxSeconds || seconds < minSeconds) throw new FunctionError(`duration seconds overflow: ${seconds}`);
  return seconds * second;
}

function durationOfFloat(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new FunctionError(`invalid duration seconds: ${seconds}`);
  if (Math.abs(seconds) > maxSecondsFloat) throw new FunctionError(`duration seconds overflow: ${seconds}`);
  return BigInt(Math.trunc(seconds * 1e9));
}
