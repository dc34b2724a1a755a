import { BLANK, BREAK, BREAK_OR_END, HEX, has, hexValue } from "./chars.ts";
import {
  atDocumentIndicator,
  atEnd,
  readLine,
  SCALAR,
  type Scanner,
  scannerError,
  skipLine,
  type Token,
} from "./scanner.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const BACKSLASH = 92;
const SINGLE = 39;

export function scanQuoted(s: Scanner, quote: number): Token {
  const token: Token = { type: SCALAR, line: s.line, column: s.pos - s.lineStart, value: "", suffix: "", plain: false };
  s.pos++;
  const { text } = s;
  let value = "";
  for (;;) {
    if (s.pos === s.lineStart && atDocumentIndicator(s)) throw scannerError(s, "found unexpected document indicator");
    if (atEnd(s)) throw scannerError(s, "found unexpected end of stream");
    const start = s.pos;
    const pos = chunkEnd(text, start, quote);
    const code = text.charCodeAt(pos);
    s.pos = pos;
    if (code === quote) {
      if (pos > start) value += text.slice(start, pos);
      if (quote !== SINGLE || text.charCodeAt(pos + 1) !== SINGLE) break;
      value += "'";
      s.pos += 2;
    } else if (code === BACKSLASH) {
      value += text.slice(start, pos);
      value += has(text.charCodeAt(pos + 1), BREAK) ? joinEscapedBreak(s) : readEscape(s);
    } else if (code !== 0) {
      value += text.slice(start, blanksBefore(text, start, pos)) + foldBreaks(s);
    }
  }
  s.pos++;
  token.value = value;
  return token;
}

/** The next quote, line break or end, and in double quotes the next backslash. */
function chunkEnd(text: string, start: number, quote: number): number {
  const other = quote === SINGLE ? quote : BACKSLASH;
  let pos = start;
  for (;;) {
    const code = text.charCodeAt(pos);
    if (code === quote || code === other || has(code, BREAK_OR_END)) return pos;
    pos++;
  }
}

function blanksBefore(text: string, start: number, end: number): number {
  let pos = end;
  while (pos > start && has(text.charCodeAt(pos - 1), BLANK)) pos--;
  return pos;
}

/** One newline becomes a space, more lose the first; blanks around them vanish. */
function foldBreaks(s: Scanner): string {
  const first = readLine(s);
  const rest = readBreaks(s);
  if (first !== "\n") return first + rest;
  return rest === "" ? " " : rest;
}

function readBreaks(s: Scanner): string {
  let breaks = "";
  for (;;) {
    const code = s.text.charCodeAt(s.pos);
    if (has(code, BLANK)) s.pos++;
    else if (has(code, BREAK)) breaks += readLine(s);
    else return breaks;
  }
}

/** `\` at the end of a line: the break and the next line's indentation vanish, empty lines stay. */
function joinEscapedBreak(s: Scanner): string {
  s.pos++;
  skipLine(s);
  return readBreaks(s);
}

function readEscape(s: Scanner): string {
  const letter = s.text.charAt(s.pos + 1);
  const length = HEX_LENGTHS[letter];
  if (length === undefined) {
    const plain = ESCAPES[letter];
    if (plain === undefined) throw scannerError(s, "found unknown escape character");
    s.pos += 2;
    return plain;
  }
  s.pos += 2;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const code = s.text.charCodeAt(s.pos + i);
    if (!has(code, HEX)) throw scannerError(s, "did not find expected hexdecimal number");
    value = value * 16 + hexValue(code);
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw scannerError(s, "found invalid Unicode character escape code");
  }
  s.pos += length;
  return String.fromCodePoint(value);
}
