import { stripVTControlCharacters } from "node:util";

/** Control characters but tab and newline, and what reorders or breaks lines. */
const controls = /[^\P{Cc}\t\n]|[\u2028\u2029]|\p{Bidi_Control}/gu;

/** Text from a chart or a cluster, fit for a console: no escape sequence moves the cursor, no line poses as another. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(controls, "");
}

/** As `plainText`, on one line of at most `max` characters. */
export function oneLine(text: string, max = 500): string {
  const line = plainText(text.replace(/\s*\r?\n\s*/g, " "));
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
