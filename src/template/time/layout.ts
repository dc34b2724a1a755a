/** One element of Go's reference time, `Mon Jan 2 15:04:05 MST 2006`, or literal text. */
export type LayoutPart = { element: string; isLiteral: boolean };

// The order of alternatives decides, as in Go: `02` before `0`, `2006` before `2`.
const elements = new RegExp(
  [
    "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST",
    "0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm",
    "-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07",
    "[.,]0+(?![0-9])|[.,]9+(?![0-9])",
  ].join("|"),
  "g",
);

const maxCached = 100;
const cache = new Map<string, LayoutPart[]>();

/** Splits a layout into its elements and the text between them. */
export function parseLayout(layout: string): LayoutPart[] {
  const cached = cache.get(layout);
  if (cached) return cached;
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const match of layout.matchAll(elements)) {
    if (match.index > end) parts.push({ element: layout.slice(end, match.index), isLiteral: true });
    parts.push({ element: match[0], isLiteral: false });
    end = match.index + match[0].length;
  }
  if (end < layout.length) parts.push({ element: layout.slice(end), isLiteral: true });
  if (cache.size >= maxCached) cache.clear();
  cache.set(layout, parts);
  return parts;
}

export const monthNames: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
export const dayNames: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];
