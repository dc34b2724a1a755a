import { GoStringer } from "../../base/go-objects.ts";
import { toBytes } from "../../base/go-string.ts";
import { GoInt, type GoValue } from "../../base/go-value.ts";
import { FunctionError } from "../function.ts";

type Method = (...args: GoValue[]) => GoValue;

const second = 1_000_000_000n;
const max = (1n << 63n) - 1n;
const min = -(1n << 63n);
const limit = 1n << 63n;
const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", second],
  ["m", 60n * second],
  ["h", 3600n * second],
]);

/** Go's time.Duration: nanoseconds in 64 bits. */
export class GoDuration extends GoStringer {
  readonly goType = "time.Duration";
  readonly goKind = "int64";
  readonly goInt: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.goInt = BigInt.asIntN(64, nanoseconds);
  }

  override goString(): string {
    return formatDuration(this.goInt);
  }

  override marshal(): GoValue {
    return this.goInt;
  }

  override field(name: string): GoValue | undefined {
    const nanoseconds = this.goInt;
    if (name === "String") return this.goString();
    if (name === "Nanoseconds") return nanoseconds;
    if (name === "Microseconds") return nanoseconds / 1_000n;
    if (name === "Milliseconds") return nanoseconds / 1_000_000n;
    if (name === "Seconds") return inUnits(nanoseconds, second);
    if (name === "Minutes") return inUnits(nanoseconds, 60n * second);
    if (name === "Hours") return inUnits(nanoseconds, 3600n * second);
    return name === "Abs"
      ? new GoDuration(nanoseconds === min ? max : nanoseconds < 0n ? -nanoseconds : nanoseconds)
      : undefined;
  }

  override method(name: string): Method | undefined {
    if (name === "Round") return (to) => new GoDuration(roundDuration(this.goInt, nanosecondsOf(to ?? null)));
    if (name === "Truncate") return (to) => new GoDuration(truncateDuration(this.goInt, nanosecondsOf(to ?? null)));
    const value = this.field(name);
    return value === undefined ? undefined : () => value;
  }
}

/** The nanoseconds of a duration or an integer of any kind. */
export function nanosecondsOf(value: GoValue): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof GoInt) return value.value;
  if (value instanceof GoDuration) return value.goInt;
  throw new FunctionError("wrong type for value; expected time.Duration");
}

/** As a float, from whole units and the rest, as Go adds them. */
export function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

/** `1h2m3.5s`, or in smaller units below a second. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return "0s";
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${fraction(size, 3)}µs`;
  if (size < second) return `${sign}${fraction(size, 6)}ms`;
  const seconds = size / second;
  const tail = `${fraction(size % (60n * second), 9)}s`;
  if (seconds < 60n) return sign + tail;
  const minutes = seconds / 60n;
  if (minutes < 60n) return `${sign}${minutes}m${tail}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${tail}`;
}

function fraction(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, "0");
  const rest = text.slice(-digits).replace(/0+$/, "");
  return text.slice(0, -digits) + (rest === "" ? "" : `.${rest}`);
}

/** time.ParseDuration; throws Go's error. */
export function parseDuration(text: string): bigint {
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return 0n;
  if (unsigned === "") throw invalid(text);
  let total = 0n;
  for (let rest = unsigned; rest !== ""; ) {
    const [all, whole = "", dot = "", part = "", unit = ""] = /^([0-9]*)(\.?)([0-9]*)([^.0-9]*)/.exec(rest) ?? [""];
    if (all === "" || (whole === "" && (dot === "" || part === ""))) throw invalid(text);
    if (BigInt(whole || "0") > limit) throw invalid(text);
    if (unit === "") throw new FunctionError(`time: missing unit in duration ${quoteBytes(text)}`);
    const size = units.get(unit);
    if (size === undefined)
      throw new FunctionError(`time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(text)}`);
    total += amount(whole, part, size);
    if (BigInt(whole || "0") > limit / size || total > limit) throw invalid(text);
    rest = rest.slice(all.length);
  }
  if (text.startsWith("-")) return -total;
  if (total > max) throw invalid(text);
  return total;
}

function amount(whole: string, part: string, unit: bigint): bigint {
  const digits = part.slice(0, 18);
  const extra = digits === "" ? 0 : Number(digits) * (Number(unit) / 10 ** digits.length);
  return BigInt(whole || "0") * unit + BigInt(Math.trunc(extra));
}

function invalid(text: string): FunctionError {
  return new FunctionError(`time: invalid duration ${quoteBytes(text)}`);
}

/** How the time package quotes: bytes that are not plain as `\x`. */
export function quoteBytes(text: string): string {
  let quoted = '"';
  for (const byte of toBytes(text)) {
    if (byte >= 0x80 || byte < 0x20) quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
    else quoted += byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
  }
  return `${quoted}"`;
}

/** To the nearest multiple, a half away from zero; capped at the largest duration. */
export function roundDuration(value: bigint, to: bigint): bigint {
  if (to <= 0n) return value;
  const rest = value < 0n ? -(value % to) : value % to;
  const down = value < 0n ? value + rest : value - rest;
  if (2n * rest < to) return down;
  const rounded = value < 0n ? down - to : down + to;
  return rounded > max ? max : rounded < min ? min : rounded;
}

export function truncateDuration(value: bigint, to: bigint): bigint {
  return to <= 0n ? value : value - (value % to);
}
