import { GoStringer } from "../../base/go-objects.ts";
import { GoInt, type GoValue } from "../../base/go-value.ts";
import { FunctionError } from "../function.ts";
import { GoDuration, nanosecondsOf } from "./duration.ts";
import { formatTime } from "./format-time.ts";
import { dayNames, monthNames } from "./layout.ts";
import { type Moment, read, toUnix } from "./moment.ts";
import { localZone, utc, type Zone } from "./zone.ts";

type Method = (...args: GoValue[]) => GoValue;

const billion = 1_000_000_000n;
const maxDuration = (1n << 63n) - 1n;
const yearOne = -62135596800;

/** Go's time.Time. One from the clock also carries how long the process had run, and prints it. */
export class GoTime extends GoStringer {
  readonly goType = "time.Time";
  readonly goKind = "struct";
  readonly moment: Moment;
  readonly monotonic: bigint | undefined;

  constructor(moment: Moment, monotonic?: bigint) {
    super();
    this.moment = moment;
    this.monotonic = monotonic;
  }

  override goString(): string {
    const text = this.format("2006-01-02 15:04:05.999999999 -0700 MST");
    return this.monotonic === undefined ? text : `${text} m=${spellMonotonic(this.monotonic)}`;
  }

  override marshal(): GoValue {
    return this.format("2006-01-02T15:04:05.999999999Z07:00");
  }

  format(layout: string): string {
    return formatTime(this.moment, layout);
  }

  in(zone: Zone): GoTime {
    return new GoTime({ ...this.moment, zone }, this.monotonic);
  }

  add(nanoseconds: bigint): GoTime {
    const monotonic = this.monotonic === undefined ? undefined : this.monotonic + nanoseconds;
    return new GoTime({ ...fromNanoseconds(this.nanoseconds() + nanoseconds), zone: this.moment.zone }, monotonic);
  }

  /** Since 1970, of any size. */
  nanoseconds(): bigint {
    return BigInt(this.moment.seconds) * billion + BigInt(this.moment.nanoseconds);
  }

  since(other: GoTime): bigint {
    const difference = this.nanoseconds() - other.nanoseconds();
    return difference > maxDuration ? maxDuration : difference < -maxDuration - 1n ? -maxDuration - 1n : difference;
  }

  equals(other: unknown): boolean {
    return (
      other instanceof GoTime &&
      this.nanoseconds() === other.nanoseconds() &&
      this.moment.zone === other.moment.zone &&
      this.monotonic === other.monotonic
    );
  }

  override field(name: string): GoValue | undefined {
    return this.datePart(name) ?? this.clockPart(name) ?? this.derived(name);
  }

  override method(name: string): Method | undefined {
    const compared = comparisons[Object.hasOwn(comparisons, name) ? name : ""];
    if (compared) return (other) => compared(compareTimes(this, asTime(other)));
    switch (name) {
      case "Format":
        return (layout) => this.format(asText(layout));
      case "Add":
        return (duration) => this.add(nanosecondsOf(duration ?? null));
      case "Sub":
        return (other) => new GoDuration(this.since(asTime(other)));
      case "AddDate":
        return (years, months, days) => this.addDate(asNumber(years), asNumber(months), asNumber(days));
      case "Truncate":
        return (to) => this.toMultiple(nanosecondsOf(to ?? null), false);
      case "Round":
        return (to) => this.toMultiple(nanosecondsOf(to ?? null), true);
      default: {
        const value = this.field(name);
        return value === undefined ? undefined : () => value;
      }
    }
  }

  private datePart(name: string): GoValue | undefined {
    const { year, month, day, weekday, yearDay, isDst } = read(this.moment);
    if (name === "Year") return int(year);
    if (name === "Month") return new NamedInt("time.Month", month, monthNames[month - 1] ?? "");
    if (name === "Day") return int(day);
    if (name === "Weekday") return new NamedInt("time.Weekday", weekday, dayNames[weekday] ?? "");
    if (name === "YearDay") return int(yearDay);
    return name === "IsDST" ? isDst : undefined;
  }

  private clockPart(name: string): GoValue | undefined {
    const { hour, minute, second, nanosecond } = read(this.moment);
    if (name === "Hour") return int(hour);
    if (name === "Minute") return int(minute);
    if (name === "Second") return int(second);
    if (name === "Nanosecond") return int(nanosecond);
    if (name === "Unix") return BigInt(this.moment.seconds);
    if (name === "UnixNano") return BigInt.asIntN(64, this.nanoseconds());
    if (name === "UnixMilli") return floorDivide(this.nanoseconds(), 1_000_000n);
    return name === "UnixMicro" ? floorDivide(this.nanoseconds(), 1_000n) : undefined;
  }

  private derived(name: string): GoValue | undefined {
    if (name === "UTC") return this.in(utc);
    if (name === "Location") return new Location(this.moment.zone.name);
    if (name === "Local") return this.in(localZone());
    if (name === "IsZero") return this.moment.seconds === yearOne && this.moment.nanoseconds === 0;
    if (name === "String") return this.goString();
    return name === "GoString" ? this.goString() : undefined;
  }

  private addDate(years: number, months: number, days: number): GoTime {
    const { year, month, day, hour, minute, second } = read(this.moment);
    const fields = { year: year + years, month: month + months, day: day + days, hour, minute, second };
    return new GoTime({ ...this.moment, seconds: toUnix(fields, this.moment.zone) });
  }

  // Multiples count from the year 1.
  private toMultiple(to: bigint, nearest: boolean): GoTime {
    if (to <= 0n) return new GoTime(this.moment);
    const fromYearOne = this.nanoseconds() - BigInt(yearOne) * billion;
    const rest = fromYearOne - floorDivide(fromYearOne, to) * to;
    const down = this.nanoseconds() - rest;
    const result = nearest && 2n * rest >= to ? down + to : down;
    return new GoTime({ ...fromNanoseconds(result), zone: this.moment.zone });
  }
}

/** A month or a weekday: an integer that prints as its name. */
class NamedInt extends GoStringer {
  readonly goType: string;
  readonly goKind = "int";
  readonly goInt: bigint;
  readonly name: string;

  constructor(goType: string, value: number, name: string) {
    super();
    this.goType = goType;
    this.goInt = BigInt(value);
    this.name = name;
  }

  override goString(): string {
    return this.name;
  }

  override marshal(): GoValue {
    return this.goInt;
  }

  override field(name: string): GoValue | undefined {
    return name === "String" ? this.name : undefined;
  }
}

class Location extends GoStringer {
  readonly goType = "*time.Location";
  readonly goKind = "ptr";
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override goString(): string {
    return this.name;
  }

  override field(name: string): GoValue | undefined {
    return name === "String" ? this.name : undefined;
  }
}

const comparisons: Readonly<Record<string, (order: number) => GoValue>> = {
  After: (order) => order > 0,
  Before: (order) => order < 0,
  Compare: (order) => int(order),
  Equal: (order) => order === 0,
};

/** Go's zero Time. */
export const zeroTime: GoTime = new GoTime({ seconds: yearOne, nanoseconds: 0, zone: utc });

const started = process.hrtime.bigint();

/** Now, in the machine's zone. */
export function currentTime(): GoTime {
  const milliseconds = performance.timeOrigin + performance.now();
  const seconds = Math.floor(milliseconds / 1000);
  const nanoseconds = Math.floor((milliseconds - seconds * 1000) * 1e6);
  return new GoTime({ seconds, nanoseconds, zone: localZone() }, process.hrtime.bigint() - started);
}

export function fromUnix(seconds: bigint): GoTime {
  return new GoTime({ seconds: Number(seconds), nanoseconds: 0, zone: localZone() });
}

function fromNanoseconds(total: bigint): { seconds: number; nanoseconds: number } {
  const seconds = floorDivide(total, billion);
  return { seconds: Number(seconds), nanoseconds: Number(total - seconds * billion) };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function compareTimes(a: GoTime, b: GoTime): number {
  const difference = a.nanoseconds() - b.nanoseconds();
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function spellMonotonic(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return `${nanoseconds < 0n ? "-" : "+"}${size / billion}.${(size % billion).toString().padStart(9, "0")}`;
}

function int(value: number): GoInt {
  return new GoInt("int", BigInt(value));
}

function asTime(value: GoValue | undefined): GoTime {
  if (value instanceof GoTime) return value;
  throw new FunctionError("wrong type for value; expected time.Time");
}

function asText(value: GoValue | undefined): string {
  if (typeof value === "string") return value;
  throw new FunctionError("wrong type for value; expected string");
}

function asNumber(value: GoValue | undefined): number {
  if (value instanceof GoInt) return Number(value.value);
  throw new FunctionError("wrong type for value; expected int");
}
