import { GoInt, type GoValue } from "../../base/go-value.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { formatDuration, parseDuration, roundDuration } from "../time/duration.ts";
import { currentTime, fromUnix, GoTime, zeroTime } from "../time/go-time.ts";
import { parseTime } from "../time/parse-time.ts";
import { loadZone, localZone, utc } from "../time/zone.ts";
import { parseClamped } from "./cast.ts";
import { fn } from "./define.ts";

const second = 1_000_000_000n;
const isoDate = "2006-01-02";
const dateInZone = fn(["string", "any", "string"], (layout: string, date: GoValue, zone: string) =>
  formatIn(layout, date, zone),
);
const dateModify = fn(["string", "time.Time"], (change: string, date: GoTime) => {
  const nanoseconds = attempt(() => parseDuration(change));
  return nanoseconds === undefined ? date : date.add(nanoseconds);
});
const mustDateModify = fn(["string", "time.Time"], (change: string, date: GoTime) => date.add(parseDuration(change)));

export const dateFunctions: FunctionTable = {
  now: fn([], currentTime),
  ago: fn(["any"], (date: GoValue) =>
    formatDuration(roundDuration(currentTime().since(toTime(date, ["int", "int64"])), second)),
  ),
  date: fn(["string", "any"], (layout: string, date: GoValue) => formatIn(layout, date, "Local")),
  date_in_zone: dateInZone,
  dateInZone,
  date_modify: dateModify,
  dateModify,
  must_date_modify: mustDateModify,
  mustDateModify,
  htmlDate: fn(["any"], (date: GoValue) => formatIn(isoDate, date, "Local")),
  htmlDateInZone: fn(["any", "string"], (date: GoValue, zone: string) => formatIn(isoDate, date, zone)),
  toDate: fn(
    ["string", "string"],
    (layout: string, text: string) => attempt(() => new GoTime(parseTime(layout, text, localZone()))) ?? zeroTime,
  ),
  mustToDate: fn(
    ["string", "string"],
    (layout: string, text: string) => new GoTime(parseTime(layout, text, localZone())),
  ),
  unixEpoch: fn(["time.Time"], (date: GoTime) => String(date.moment.seconds)),
  duration: fn(["any"], (value: GoValue) => formatDuration(BigInt.asIntN(64, secondsOf(value) * second))),
  durationRound: fn(["any"], (value: GoValue) => roundToUnit(durationOf(value))),
};

function formatIn(layout: string, date: GoValue, zone: string): string {
  return toTime(date, ["int", "int32", "int64"])
    .in(loadZone(zone) ?? utc)
    .format(layout);
}

/** A time, or seconds since 1970 of one of these kinds; anything else is now. */
function toTime(value: GoValue, kinds: readonly string[]): GoTime {
  if (value instanceof GoTime) return value;
  if (typeof value === "bigint") return fromUnix(value);
  return value instanceof GoInt && kinds.includes(value.kind) ? fromUnix(value.value) : currentTime();
}

function secondsOf(value: GoValue): bigint {
  if (typeof value === "string") return parseClamped(value);
  return typeof value === "bigint" ? value : 0n;
}

function durationOf(value: GoValue): bigint {
  if (typeof value === "string") return attempt(() => parseDuration(value)) ?? 0n;
  if (typeof value === "bigint") return value;
  return value instanceof GoTime ? currentTime().since(value) : 0n;
}

const roundingUnits: readonly (readonly [string, bigint])[] = [
  ["y", 365n * 24n * 3600n * second],
  ["mo", 30n * 24n * 3600n * second],
  ["d", 24n * 3600n * second],
  ["h", 3600n * second],
  ["m", 60n * second],
  ["s", second],
];

/** In the largest unit of which there is more than one whole; the sign is lost. */
function roundToUnit(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const found = roundingUnits.find(([, unit]) => size > unit);
  return found ? `${size / found[1]}${found[0]}` : "0s";
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FunctionError) return undefined;
    throw cause;
  }
}
