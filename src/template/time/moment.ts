import { type Civil, daysFromCivil, toCivil } from "./calendar.ts";
import type { Offset, Zone } from "./zone.ts";

/** A point in time as seconds since 1970 and nanoseconds, and the zone in which it is shown. */
export type Moment = { seconds: number; nanoseconds: number; zone: Zone };

/** What a clock and a calendar in the moment's zone show. */
export type Reading = Civil &
  Offset & { hour: number; minute: number; second: number; nanosecond: number; weekday: number };

const daySeconds = 86400;

export function read({ seconds, nanoseconds, zone }: Moment): Reading {
  const { seconds: offset, name, isDst } = zone.at(seconds);
  const local = seconds + offset;
  const days = Math.floor(local / daySeconds);
  const rest = local - days * daySeconds;
  return {
    ...toCivil(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    nanosecond: nanoseconds,
    weekday: (((days + 4) % 7) + 7) % 7,
    seconds: offset,
    name,
    isDst,
  };
}

type Fields = { year: number; month: number; day: number; hour: number; minute: number; second: number };

/** Seconds since 1970 of a reading in a zone; fields out of range carry over, as Go's time.Date has it. */
export function toUnix(fields: Fields, zone: Zone): number {
  const months = fields.month - 1;
  const year = fields.year + Math.floor(months / 12);
  const days = daysFromCivil(year, (((months % 12) + 12) % 12) + 1, 1) + fields.day - 1;
  const local = days * daySeconds + fields.hour * 3600 + fields.minute * 60 + fields.second;
  const offset = zone.at(local).seconds;
  if (offset === 0) return local;
  // Near a change of the offset the first guess may lie on its other side.
  const guess = local - offset;
  const actual = zone.at(guess).seconds;
  return actual === offset ? guess : local - actual;
}
