import { daysFromCivil, isLeapYear, toCivil } from "./calendar.ts";
import type { Offset } from "./zone.ts";

type Moment = (year: number) => number;

const daySeconds = 86400;
const rulePattern = /^(<[^>]+>|[A-Za-z]{3,})([+-]?[0-9:]+)(?:(<[^>]+>|[A-Za-z]{3,})([+-]?[0-9:]+)?,([^,]+),([^,]+))?$/;

/** A POSIX rule as `CET-1CEST,M3.5.0,M10.5.0/3`: what holds after the last transition of a zone's file. */
export function parseZoneRule(text: string): ((unixSeconds: number) => Offset) | undefined {
  const [all, name = "", offset = "", dstName, dstOffset, from = "", to = ""] = rulePattern.exec(text) ?? [];
  if (all === undefined) return undefined;
  const standard = { name: bare(name), seconds: -parseSeconds(offset), isDst: false };
  if (dstName === undefined) return () => standard;
  const seconds = dstOffset === undefined ? standard.seconds + 3600 : -parseSeconds(dstOffset);
  const summer = { name: bare(dstName), seconds, isDst: true };
  const start = parseMoment(from);
  const end = parseMoment(to);
  return (unixSeconds) => {
    const { year } = toCivil(Math.floor((unixSeconds + standard.seconds) / daySeconds));
    const starts = start(year) - standard.seconds;
    const ends = end(year) - summer.seconds;
    const isSummer =
      starts < ends ? unixSeconds >= starts && unixSeconds < ends : unixSeconds < ends || unixSeconds >= starts;
    return isSummer ? summer : standard;
  };
}

function bare(name: string): string {
  return name.replace(/^<|>$/g, "");
}

function parseSeconds(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  return sign * (hours * 3600 + minutes * 60 + seconds);
}

/** `M3.5.0/2`, `J60` or `59`, as seconds of local time since 1970. */
function parseMoment(text: string): Moment {
  const [day = "", time = "2"] = text.split("/");
  const seconds = parseSeconds(time);
  const month = /^M([0-9]+)\.([0-9]+)\.([0-9]+)$/.exec(day);
  if (month) {
    const [, m = 1, week = 1, weekday = 0] = month.map(Number);
    return (year) => nthWeekday({ year, month: m, week, weekday }) * daySeconds + seconds;
  }
  const isJulian = day.startsWith("J");
  const number = Number(day.replace("J", ""));
  return (year) => {
    const skipsLeapDay = isJulian && isLeapYear(year) && number >= 60;
    return (daysFromCivil(year, 1, 1) + number - (isJulian ? 1 : 0) + (skipsLeapDay ? 1 : 0)) * daySeconds + seconds;
  };
}

type NthWeekday = { year: number; month: number; week: number; weekday: number };

/** Week 5 is the last one. */
function nthWeekday({ year, month, week, weekday }: NthWeekday): number {
  const first = daysFromCivil(year, month, 1);
  const firstMatch = first + ((weekday - ((first + 4) % 7) + 14) % 7);
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
  let day = firstMatch + (week - 1) * 7;
  while (day >= next) day -= 7;
  return day;
}
