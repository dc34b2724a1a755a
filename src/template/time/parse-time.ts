import { FunctionError } from "../function.ts";
import { daysInMonth, isLeapYear } from "./calendar.ts";
import { quoteBytes } from "./duration.ts";
import { parseLayout } from "./layout.ts";
import { type Moment, toUnix } from "./moment.ts";
import { BadElement, type Fields, newFields, OutOfRange, readElement, skipLiteral } from "./read-element.ts";
import { fixedZone, utc, type Zone } from "./zone.ts";

/** time.ParseInLocation; throws Go's error. Texts and layouts are taken to be ASCII where they have elements. */
export function parseTime(layout: string, text: string, local: Zone): Moment {
  const fields = readFields(layout, text);
  const { day, month } = toDate(fields, text);
  if (day < 1 || day > daysInMonth(fields.year, month)) throw failure(text, ": day out of range");
  const hour = fields.hour + (fields.isPm && fields.hour < 12 ? 12 : 0) - (fields.isAm && fields.hour === 12 ? 12 : 0);
  return place({ ...fields, day, month, hour }, local);
}

function readFields(layout: string, text: string): Fields {
  const fields = newFields();
  const parts = parseLayout(layout);
  let rest = text;
  for (const [index, { element, isLiteral }] of parts.entries()) {
    if (isLiteral) {
      const [skipped, left] = skipLiteral(rest, element);
      if (!skipped) throw mismatch({ text, layout, rest: left, element });
      rest = left;
      continue;
    }
    try {
      rest = readElement({ element, next: parts[index + 1]?.element ?? "" }, rest, fields);
    } catch (cause) {
      if (cause instanceof OutOfRange) throw failure(text, `: ${cause.message} out of range`);
      if (cause instanceof BadElement) throw mismatch({ text, layout, rest, element });
      throw cause;
    }
  }
  if (rest !== "") throw failure(text, `: extra text: ${quoteBytes(rest)}`);
  return fields;
}

type Mismatch = { text: string; layout: string; rest: string; element: string };

function mismatch({ text, layout, rest, element }: Mismatch): FunctionError {
  return failure(text, ` as ${quoteBytes(layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(element)}`);
}

function failure(text: string, message: string): FunctionError {
  return new FunctionError(`parsing time ${quoteBytes(text)}${message}`);
}

function toDate({ year, month, day, yearDay }: Fields, text: string): { day: number; month: number } {
  if (yearDay === undefined) return { month: month ?? 1, day: day ?? 1 };
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw failure(text, ": day-of-year out of range");
  let found = 1;
  let left = yearDay;
  while (left > daysInMonth(year, found)) left -= daysInMonth(year, found++);
  if (month !== undefined && month !== found) throw failure(text, ": day-of-year does not match month");
  if (day !== undefined && day !== left) throw failure(text, ": day-of-year does not match day");
  return { month: found, day: left };
}

type Complete = Fields & { day: number; month: number };

function place(fields: Complete, local: Zone): Moment {
  const { nanoseconds, isUtc, offset, zoneName } = fields;
  if (isUtc) return { seconds: toUnix(fields, utc), nanoseconds, zone: utc };
  if (offset !== undefined) {
    const seconds = toUnix(fields, utc) - offset;
    const here = local.at(seconds);
    const isLocal = here.seconds === offset && (zoneName === "" || here.name === zoneName);
    return { seconds, nanoseconds, zone: isLocal ? local : fixedZone(zoneName, offset) };
  }
  if (zoneName === "") return { seconds: toUnix(fields, local), nanoseconds, zone: local };
  const seconds = toUnix(fields, utc);
  const known = local.named(zoneName, seconds);
  if (known !== undefined) return { seconds: seconds - known, nanoseconds, zone: local };
  // An unknown abbreviation has no offset, but for `GMT+3`, whose time is still taken as UTC's.
  const assumed = zoneName.startsWith("GMT") ? Number(zoneName.slice(3)) * 3600 : 0;
  return { seconds, nanoseconds, zone: fixedZone(zoneName, assumed) };
}
