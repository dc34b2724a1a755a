import { normalizeBytes } from "../base/go-string.ts";

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const escapes: ReadonlyMap<number, string> = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [12, "\\f"],
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [11, "\\v"],
]);
const unescapes: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
]);
const hexLengths: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** Go's unicode.IsPrint. */
export function isPrintable(codePoint: number): boolean {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  return printable.test(String.fromCodePoint(codePoint));
}

/** Go's strconv.Quote, or QuoteToASCII. */
export function quote(text: string, asciiOnly = false): string {
  if (plain.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of normalizeBytes(text)) out += escapeRune(char, '"', asciiOnly);
  return `${out}"`;
}

/** Go's strconv.QuoteRune, or QuoteRuneToASCII. */
export function quoteRune(codePoint: number, asciiOnly = false): string {
  return `'${escapeRune(String.fromCodePoint(codePoint), "'", asciiOnly)}'`;
}

function escapeRune(char: string, quoteMark: string, asciiOnly: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  if (char === quoteMark || char === "\\") return `\\${char}`;
  if ((!asciiOnly || code < 0x80) && isPrintable(code)) return char;
  const short = escapes.get(code);
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Go's strconv.CanBackquote. */
export function canBackquote(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return !/[\x00-\x08\x0a-\x1f`\x7f\ufeff\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));
}

/** The value of a Go string literal in double quotes or backquotes, or `undefined` where it is malformed. */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  const body = literal.slice(1, -1);
  if (mark === "`") return body.replaceAll("\r", "");
  if (!body.includes("\\")) return body.includes("\n") ? undefined : body;
  let out = "";
  for (let at = 0; at < body.length; ) {
    const next = unquoteChar(body, at, '"');
    if (next === undefined) return undefined;
    out += next.text;
    at = next.end;
  }
  return normalizeBytes(out);
}

/** The code point of a character constant in single quotes, `undefined` where it is malformed. */
export function unquoteRune(literal: string): { codePoint: number; whole: boolean } | undefined {
  const next = unquoteChar(literal, 1, "'");
  if (next === undefined) return undefined;
  return { codePoint: runeOf(next.text), whole: literal.slice(next.end) === "'" };
}

// A raw byte counts with its own value: '\xff' is 255. One that stands in the text itself is no rune.
function runeOf(text: string): number {
  const code = text.codePointAt(0) ?? 0;
  return code >= 0xdc00 && code <= 0xdfff ? code & 0xff : code;
}

type Unquoted = { text: string; end: number };

function unquoteChar(text: string, at: number, mark: string): Unquoted | undefined {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (at >= text.length || char === mark) return undefined;
  if (char !== "\\") return { text: char, end: at + char.length };
  const letter = text[at + 1] ?? "";
  const simple = letter === mark ? mark : unescapes.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const hexLength = hexLengths.get(letter);
  if (hexLength !== undefined) return unquoteHex(text.slice(at + 2, at + 2 + hexLength), at + 2, hexLength);
  const octal = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4))?.[0];
  const value = octal === undefined ? 256 : Number.parseInt(octal, 8);
  return value > 255 ? undefined : { text: byteChar(value), end: at + 4 };
}

function unquoteHex(digits: string, at: number, length: number): Unquoted | undefined {
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const value = Number.parseInt(digits, 16);
  const end = at + length;
  if (length === 2) return { text: byteChar(value), end };
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
  return { text: String.fromCodePoint(value), end };
}

function byteChar(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
}
