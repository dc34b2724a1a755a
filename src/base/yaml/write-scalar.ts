import { BREAK, has } from "./chars.ts";
import { isPrintable, type Style } from "./scalar-style.ts";

/** Where a scalar is written: what its further lines are indented by, where it begins, and how long lines may get. */
export type Frame = { indent: number; column: number; width: number; isKey: boolean };

const INDENT_HINT = "2";

export function writeScalar(text: string, style: Style, frame: Frame): string {
  switch (style) {
    case "plain":
      return frame.isKey || frame.column + text.length <= frame.width ? text : wrapPlain(text, frame);
    case "single":
      return writeSingle(text, frame);
    case "double":
      return writeDouble(text, frame);
    case "literal":
      return writeLiteral(text, frame.indent);
  }
}

/** Breaks the line at a single space once it is longer than the width. */
function wrapPlain(text: string, frame: Frame): string {
  const pad = `\n${" ".repeat(frame.indent)}`;
  let written = "";
  let from = 0;
  let start = -frame.column;
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
    if (at - start <= frame.width || text[at + 1] === " " || (at > from && text[at - 1] === " ")) continue;
    written += text.slice(from, at) + pad;
    from = at + 1;
    start = from - frame.indent;
  }
  return written + text.slice(from);
}

function writeSingle(text: string, frame: Frame): string {
  const fits = frame.isKey || frame.column + text.length < frame.width;
  if (fits && !/[\u2028\u2029]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const pad = " ".repeat(frame.indent);
  let written = "'";
  let column = frame.column + 1;
  let spaces = false;
  let breaks = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    const code = text.charCodeAt(i);
    if (code === 32) {
      const mayBreak = !frame.isKey && !spaces && column > frame.width && i > 0 && i < text.length - 1;
      if (mayBreak && text[i + 1] !== " ") {
        written += `\n${pad}`;
        column = frame.indent;
      } else {
        written += char;
        column++;
      }
      spaces = true;
    } else if (has(code, BREAK)) {
      written += char;
      column = 0;
      breaks = true;
    } else {
      if (breaks) {
        written += pad;
        column = frame.indent;
      }
      written += code === 39 ? "''" : char;
      column += code === 39 ? 2 : 1;
      spaces = false;
      breaks = false;
    }
  }
  return `${written}'`;
}

const ESCAPES: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  27: "\\e",
  34: '\\"',
  92: "\\\\",
  133: "\\N",
  160: "\\_",
  8232: "\\L",
  8233: "\\P",
};

function writeDouble(text: string, frame: Frame): string {
  const pad = `\n${" ".repeat(frame.indent)}`;
  // Libyaml looks for a byte order mark at the start of the text instead of where it is, and then escapes all of it.
  const escapeAll = text.charCodeAt(0) === 0xfeff;
  let written = '"';
  let lineStart = -frame.column;
  let spaces = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (escapeAll || needsEscape(code)) {
      const point = text.codePointAt(i) ?? 0;
      if (point > 0xffff) i++;
      written += escapeChar(point);
      spaces = false;
    } else if (code !== 32) {
      written += text[i];
      spaces = false;
    } else {
      const tooWide = written.length - lineStart > frame.width && !frame.isKey;
      if (tooWide && !spaces && i > 0 && i < text.length - 1) {
        lineStart = written.length + 1;
        written += pad;
        if (text[i + 1] === " ") written += "\\";
      } else {
        written += " ";
      }
      spaces = true;
    }
  }
  return `${written}"`;
}

function needsEscape(code: number): boolean {
  return !isPrintable(code) || has(code, BREAK) || code === 34 || code === 92;
}

function escapeChar(point: number): string {
  const short = ESCAPES[point];
  if (short !== undefined) return short;
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function writeLiteral(text: string, indent: number): string {
  const first = text.charCodeAt(0);
  const header = `|${first === 32 || has(first, BREAK) ? INDENT_HINT : ""}${chomping(text)}\n`;
  const pad = " ".repeat(indent);
  if (!/[\u0085\u2028\u2029]/.test(text)) return header + text.replace(/^(?=.)/gm, pad);
  return header + text.replace(/(^|[\n\u0085\u2028\u2029])(?=[^\n\u0085\u2028\u2029])/g, `$1${pad}`);
}

function chomping(text: string): string {
  const last = text.length - 1;
  if (!has(text.charCodeAt(last), BREAK)) return "-";
  return last === 0 || has(text.charCodeAt(last - 1), BREAK) ? "+" : "";
}
