/** What the validator that Helm uses finds wrong with a date, a time or a span of time. */

const daysOf = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function dateProblem(text: string): string | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return "it is no date such as 2006-01-02";
  if (month < 1 || month > 12) return "month out of range";
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (daysOf[month - 1] ?? 0) + (isLeap ? 1 : 0) ? undefined : "day out of range";
}

export function timeProblem(text: string): string | undefined {
  const match = /^([+\d]\d):([+\d]\d):([+\d]\d)(?:\.\d+)?(?:z|([+-])([+\d]\d):([+\d]\d))$/i.exec(text);
  if (match === null) return "it is no time such as 15:04:05Z";
  const [hour, minute, second] = [match[1], match[2], match[3]].map(Number) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 60) return "hour/min/sec out of range";
  const [zoneHour, zoneMinute] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (zoneHour > 23 || zoneMinute > 59) return "hour/min in offset out of range";
  const offset = (match[4] === "-" ? 1 : -1) * (zoneHour * 60 + zoneMinute);
  const utc = hour * 60 + minute + offset;
  const isLast = (utc < 0 ? utc + 24 * 60 : utc) === 24 * 60 - 1;
  return second < 60 || isLast ? undefined : "invalid leap second";
}

export function dateTimeProblem(text: string): string | undefined {
  if (!/^.{10}t/is.test(text)) return "11th character must be t or T";
  return dateProblem(text.slice(0, 10)) ?? timeProblem(text.slice(11));
}

export function durationProblem(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  const rest = text.slice(1);
  if (rest === "") return "nothing after P";
  if (rest.endsWith("W")) return /^\d+W$/.test(rest) ? undefined : "invalid week";
  const parts = rest.split("T");
  if (parts.length > 2) return "more than one T";
  const [date = "", time] = parts;
  if (time === "") return "no time elements";
  const isFine = /^(\d+Y)?(\d+M)?(\d+D)?$/.test(date) && /^(\d+H)?(\d+M)?(\d+S)?$/.test(time ?? "");
  return isFine ? undefined : "units are missing, unknown or out of order";
}

export function periodProblem(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const [start, end] = [text.slice(0, slash), text.slice(slash + 1)];
  if (start.startsWith("P")) return durationProblem(start) ?? dateTimeProblem(end);
  return dateTimeProblem(start) ?? (end.startsWith("P") ? durationProblem(end) : dateTimeProblem(end));
}
