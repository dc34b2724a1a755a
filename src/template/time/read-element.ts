import { dayNames, monthNames } from "./layout.ts";

export type Fields = {
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  isAm: boolean;
  isPm: boolean;
  isUtc: boolean;
  offset: number | undefined;
  zoneName: string;
};

type Element = { element: string; next: string };

/** The text doesn't begin with what the layout wants. */
export class BadElement extends Error {}
/** It does, but the number is too large; the message names the field. */
export class OutOfRange extends Error {}

export function newFields(): Fields {
  return {
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    isAm: false,
    isPm: false,
    isUtc: false,
    offset: undefined,
    zoneName: "",
  };
}

/** Literal text must be there; any number of blanks stands for any other. Returns whether it is, and what is left. */
export function skipLiteral(text: string, literal: string): [boolean, string] {
  let rest = text;
  for (const part of literal.match(/ +|[^ ]/g) ?? []) {
    if (part.startsWith(" ")) {
      if (rest !== "" && !rest.startsWith(" ")) return [false, rest];
      rest = rest.replace(/^ +/, "");
    } else if (rest.startsWith(part)) {
      rest = rest.slice(part.length);
    } else {
      return [false, rest];
    }
  }
  return [true, rest];
}

/** Takes one element off the text. */
export function readElement({ element, next }: Element, text: string, fields: Fields): string {
  switch (element) {
    case "2006":
    case "06":
      return readYear(element, text, fields);
    case "January":
      return readName(text, monthNames, (index) => {
        fields.month = index + 1;
      });
    case "Jan":
      return readName(text, monthNames.map(short), (index) => {
        fields.month = index + 1;
      });
    case "Monday":
      return readName(text, dayNames);
    case "Mon":
      return readName(text, dayNames.map(short));
    case "1":
    case "01":
    case "2":
    case "_2":
    case "02":
    case "__2":
    case "002":
      return readDay(element, text, fields);
    case "PM":
    case "pm":
      return readHalf(element, text, fields);
    case "MST":
      return readZoneName(text, fields);
    default:
      return readOther({ element, next }, text, fields);
  }
}

function readOther({ element, next }: Element, text: string, fields: Fields): string {
  if (/^[.,]/.test(element)) return readFraction(element, text, fields);
  return /^[-Z]/.test(element) ? readOffset(element, text, fields) : readClock({ element, next }, text, fields);
}

function short(name: string): string {
  return name.slice(0, 3);
}

function readYear(element: string, text: string, fields: Fields): string {
  const width = element.length;
  const digits = text.slice(0, width);
  if (!(width === 4 ? /^[0-9]{4}$/ : /^[+-]?[0-9]+$/).test(digits) || digits.length < width) throw new BadElement();
  const value = Number(digits);
  fields.year = width === 4 ? value : value + (value >= 69 ? 1900 : 2000);
  return text.slice(width);
}

function readName(text: string, names: readonly string[], found?: (index: number) => void): string {
  const lower = text.slice(0, 12).toLowerCase();
  const index = names.findIndex((name) => lower.startsWith(name.toLowerCase()));
  if (index < 0) throw new BadElement();
  found?.(index);
  return text.slice(names[index]?.length);
}

function readNumber(text: string, fixed: boolean, width = 2): [number, string] {
  const digits = (width === 2 ? /^[0-9]{1,2}/ : /^[0-9]{1,3}/).exec(text)?.[0] ?? "";
  if (digits === "" || (fixed && digits.length < width)) throw new BadElement();
  return [Number(digits), text.slice(digits.length)];
}

function readDay(element: string, text: string, fields: Fields): string {
  const padded = element.startsWith("_") ? text.replace(element === "__2" ? /^ {0,2}/ : /^ ?/, "") : text;
  const isYearDay = element === "__2" || element === "002";
  const [value, rest] = readNumber(padded, element.startsWith("0"), isYearDay ? 3 : 2);
  if (isYearDay) {
    fields.yearDay = value;
  } else if (element.endsWith("1")) {
    if (value < 1 || value > 12) throw new OutOfRange("month");
    fields.month = value;
  } else {
    fields.day = value;
  }
  return rest;
}

function readClock({ element, next }: Element, text: string, fields: Fields): string {
  const [value, rest] = readNumber(text, element.startsWith("0"));
  if (element === "15" || element.endsWith("3")) {
    if (value > (element === "15" ? 23 : 12)) throw new OutOfRange("hour");
    fields.hour = value;
    return rest;
  }
  if (element.endsWith("4")) {
    if (value > 59) throw new OutOfRange("minute");
    fields.minute = value;
    return rest;
  }
  if (value > 59) throw new OutOfRange("second");
  fields.second = value;
  // A fraction that the layout doesn't have is taken along with the seconds.
  const fraction = /^[.,][0-9]+/.exec(rest)?.[0];
  if (fraction === undefined || /^[.,][09]/.test(next)) return rest;
  fields.nanoseconds = toNanoseconds(fraction);
  return rest.slice(fraction.length);
}

function readFraction(element: string, text: string, fields: Fields): string {
  const found = /^[.,][0-9]+/.exec(text)?.[0] ?? "";
  if (element[1] === "9") {
    if (found !== "") fields.nanoseconds = toNanoseconds(found);
    return text.slice(found.length);
  }
  if (found.length < element.length) throw new BadElement();
  fields.nanoseconds = toNanoseconds(found.slice(0, element.length));
  return text.slice(element.length);
}

function toNanoseconds(fraction: string): number {
  return Number(fraction.slice(1, 10).padEnd(9, "0"));
}

function readHalf(element: string, text: string, fields: Fields): string {
  const half = text.slice(0, 2);
  const [am, pm] = element === "PM" ? ["AM", "PM"] : ["am", "pm"];
  if (half !== am && half !== pm) throw new BadElement();
  fields.isPm ||= half === pm;
  fields.isAm ||= half === am;
  return text.slice(2);
}

function readOffset(element: string, text: string, fields: Fields): string {
  if (element.startsWith("Z") && text.startsWith("Z")) {
    fields.isUtc = true;
    return text.slice(1);
  }
  // Each element's shape is that of `-07:00` with its digits in other places.
  const shape = element.replace("Z", "-");
  const given = text.slice(0, shape.length);
  if (given.length < shape.length || [...shape].some((mark, index) => mark === ":" && given[index] !== ":")) {
    throw new BadElement();
  }
  const digits = given.slice(1).replaceAll(":", "");
  if (!/^[0-9]+$/.test(digits)) throw new BadElement();
  const [hours, minutes, seconds] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2) || "0"));
  if ((hours ?? 0) > 24) throw new OutOfRange("time zone offset hour");
  if ((minutes ?? 0) > 60) throw new OutOfRange("time zone offset minute");
  if ((seconds ?? 0) > 60) throw new OutOfRange("time zone offset second");
  if (!/^[+-]/.test(given)) throw new BadElement();
  const total = ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  fields.offset = given.startsWith("-") ? -total : total;
  return text.slice(shape.length);
}

function readZoneName(text: string, fields: Fields): string {
  if (text.startsWith("UTC")) {
    fields.isUtc = true;
    return text.slice(3);
  }
  const name = zoneNameOf(text);
  if (name === undefined) throw new BadElement();
  fields.zoneName = name;
  return text.slice(name.length);
}

function zoneNameOf(text: string): string | undefined {
  if (text.length < 3) return undefined;
  if (/^(?:ChST|MeST)/.test(text)) return text.slice(0, 4);
  if (text.startsWith("GMT")) return `GMT${signedOffset(text.slice(3)) ?? ""}`;
  if (/^[+-]/.test(text)) return signedOffset(text);
  const letters = /^[A-Z]{0,6}/.exec(text)?.[0] ?? "";
  if (letters.length === 3) return letters;
  if (letters.length === 4) return letters.endsWith("T") || letters === "WITA" ? letters : undefined;
  return letters.length === 5 && letters.endsWith("T") ? letters : undefined;
}

function signedOffset(text: string): string | undefined {
  const found = /^[+-][0-9]+/.exec(text)?.[0];
  return found !== undefined && Number(found.slice(1)) <= 23 ? found : undefined;
}
