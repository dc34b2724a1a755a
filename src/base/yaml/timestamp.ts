const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]| +)(.*))?$/s;
const CLOCK = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})?$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether go-yaml takes the text for a date or a time, which is why such strings are quoted. */
export function isTimestamp(text: string): boolean {
  if (text.length < 8 || text.charCodeAt(4) !== 45) return false;
  const match = DATE.exec(text);
  if (match === null) return false;
  const [, year, month, day, separator, clock] = match;
  if (!isDay(Number(year), Number(month), Number(day))) return false;
  return separator === undefined || isClock(clock ?? "", separator.trim() !== "");
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap || month !== 2 || day < 29;
}

/** A zone is a must behind `T`, and a mistake behind a space. */
function isClock(text: string, zoned: boolean): boolean {
  const match = CLOCK.exec(text);
  if (match === null) return false;
  const [, hour, minute, second, , zone] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false;
  if ((zone !== undefined) !== zoned) return false;
  return zone === undefined || zone === "Z" || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60);
}
