import { quoteGo } from "../go-quote.ts";
import { accept, isNewline, lineAt, mistake, next, peek, type Source, TomlMistake } from "./source.ts";

const SHORT: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};
const HEX: Readonly<Record<string, { length: number; name: string }>> = {
  x: { length: 2, name: "two" },
  u: { length: 4, name: "four" },
  U: { length: 8, name: "eight" },
};

/** A string in any of the four forms; the position is at its first quote. */
export function readString(s: Source): string {
  const quote = next(s);
  const isMultiline = s.text.startsWith(quote + quote, s.pos);
  if (!isMultiline) return quote === '"' ? readBasic(s) : readRaw(s);
  s.pos += 2;
  return readMultiline(s, quote);
}

/** A key's part in quotes, which cannot have several lines. */
export function readQuotedKey(s: Source): string {
  return next(s) === '"' ? readBasic(s) : readRaw(s);
}

function checkLine(s: Source, char: string, quote: string): void {
  if (char === "") throw mistake(s, `unexpected EOF; expected ${quote}`);
  if (isNewline(char)) throw new TomlMistake("strings cannot contain newlines", lineAt(s) - 1);
}

function readRaw(s: Source): string {
  const start = s.pos;
  for (;;) {
    const char = next(s);
    if (char === "'") return s.text.slice(start, s.pos - 1);
    checkLine(s, char, `"'"`);
  }
}

function readBasic(s: Source): string {
  const start = s.pos;
  let value = "";
  const badSpaces: string[] = [];
  for (;;) {
    const char = next(s);
    if (char === '"') break;
    checkLine(s, char, `'"'`);
    value += char === "\\" ? readEscape(s, start, badSpaces) : char;
  }
  refuseSpaces(s, badSpaces);
  return value;
}

// The original finds these only when the whole string is read.
function refuseSpaces(s: Source, badSpaces: string[]): void {
  if (badSpaces[0] !== undefined) throw new TomlMistake(badSpaces[0], lineAt(s));
}

function readEscape(s: Source, start: number, late: string[]): string {
  const letter = next(s);
  const short = Object.hasOwn(SHORT, letter) ? SHORT[letter] : undefined;
  if (short !== undefined) return short;
  if (letter === " " || letter === "\t") {
    late.push(`invalid escape: '\\${letter}'`);
    return "";
  }
  const hex = Object.hasOwn(HEX, letter) ? HEX[letter] : undefined;
  if (hex === undefined) {
    const message = `invalid escape in string '\\${letter === "" ? "\0" : letter}'`;
    throw new TomlMistake(message, lineAt(s) - (letter === "" ? 1 : 0));
  }
  for (let i = 0; i < hex.length; i++) {
    if (/^[0-9a-fA-F]$/.test(next(s))) continue;
    const current = quoteGo(s.text.slice(start, s.pos));
    throw mistake(s, `expected ${hex.name} hexadecimal digits after '\\${letter}', but got ${current} instead`);
  }
  const digits = s.text.slice(s.pos - hex.length, s.pos);
  const code = Number.parseInt(digits, 16);
  if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
  late.push(`Escaped character '\\u${digits}' is not valid UTF-8.`);
  return "";
}

function readMultiline(s: Source, quote: string): string {
  const start = s.pos;
  const late: string[] = [];
  let value = "";
  skipNewline(s);
  for (;;) {
    const char = next(s);
    if (char === "") throw mistake(s, `unexpected EOF; expected ${quote === '"' ? `'"""'` : `"'''"`}`);
    if (char === "\\" && quote === '"') {
      value += skipEscapedNewline(s) ? "" : readEscape(s, start, late);
    } else if (char !== quote) {
      value += char;
    } else {
      let count = 1;
      while (count < 6 && accept(s, quote)) count++;
      if (count === 6) throw mistake(s, quote === '"' ? `unexpected '""""""'` : `unexpected "''''''"`);
      value += quote.repeat(count < 3 ? count : count - 3);
      if (count >= 3) break;
    }
  }
  refuseSpaces(s, late);
  return value;
}

function skipNewline(s: Source): void {
  if (s.text.startsWith("\n", s.pos)) s.pos += 1;
  else if (s.text.startsWith("\r\n", s.pos)) s.pos += 2;
}

/** A `\\` at the end of a line takes all blanks and newlines behind it away. */
function skipEscapedNewline(s: Source): boolean {
  const start = s.pos;
  let newline = false;
  for (let char = peek(s); char === " " || char === "\t" || isNewline(char); char = peek(s)) {
    newline ||= char === "\n";
    s.pos++;
  }
  if (!newline) s.pos = start;
  return newline;
}
