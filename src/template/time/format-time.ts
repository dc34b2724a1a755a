import { FunctionError } from "../function.ts";
import { dayNames, monthNames, parseLayout } from "./layout.ts";
import { type Moment, type Reading, read } from "./moment.ts";

const maxLength = 1024 * 1024;

/** time.Format. */
export function formatTime(moment: Moment, layout: string): string {
  if (layout.length > maxLength) throw new FunctionError("the layout is longer than 1 MiB");
  const reading = read(moment);
  let text = "";
  for (const { element, isLiteral } of parseLayout(layout)) text += isLiteral ? element : spell(element, reading);
  return text;
}

function spell(element: string, reading: Reading): string {
  const date = spellDate(element, reading) ?? spellClock(element, reading);
  if (date !== undefined) return date;
  if (element === "MST") return reading.name === "" ? spellOffset("-0700", reading.seconds) : reading.name;
  return /^[.,]/.test(element) ? spellFraction(element, reading.nanosecond) : spellOffset(element, reading.seconds);
}

function spellDate(element: string, { year, month, day, weekday, yearDay }: Reading): string | undefined {
  switch (element) {
    case "2006":
      return pad(year, 4);
    case "06":
      return pad(Math.abs(year) % 100, 2);
    case "January":
      return monthNames[month - 1];
    case "Jan":
      return monthNames[month - 1]?.slice(0, 3);
    case "1":
      return String(month);
    case "01":
      return pad(month, 2);
    case "Monday":
      return dayNames[weekday];
    case "Mon":
      return dayNames[weekday]?.slice(0, 3);
    case "2":
      return String(day);
    case "_2":
      return String(day).padStart(2);
    case "02":
      return pad(day, 2);
    case "__2":
      return String(yearDay).padStart(3);
    case "002":
      return pad(yearDay, 3);
    default:
      return undefined;
  }
}

function spellClock(element: string, { hour, minute, second }: Reading): string | undefined {
  switch (element) {
    case "15":
      return pad(hour, 2);
    case "3":
      return String(hour % 12 || 12);
    case "03":
      return pad(hour % 12 || 12, 2);
    case "4":
      return String(minute);
    case "04":
      return pad(minute, 2);
    case "5":
      return String(second);
    case "05":
      return pad(second, 2);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    default:
      return undefined;
  }
}

function spellOffset(element: string, seconds: number): string {
  if (element.startsWith("Z") && seconds === 0) return "Z";
  const minutes = Math.trunc(seconds / 60);
  const colon = element.includes(":") ? ":" : "";
  let text = (minutes < 0 ? "-" : "+") + pad(Math.trunc(Math.abs(minutes) / 60), 2);
  if (element.length > 3) text += colon + pad(Math.abs(minutes) % 60, 2);
  if (element.length > 6) text += colon + pad(Math.abs(seconds) % 60, 2);
  return text;
}

function spellFraction(element: string, nanosecond: number): string {
  const digits = pad(nanosecond, 9).slice(0, element.length - 1);
  if (element[1] === "0") return element.charAt(0) + digits;
  const rest = digits.replace(/0+$/, "");
  return rest === "" ? "" : element.charAt(0) + rest;
}

function pad(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, "0");
  return value < 0 ? `-${digits}` : digits;
}
