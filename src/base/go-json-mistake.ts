import { toByteString } from "./go-string.ts";

const MAX_DEPTH = 10_000;
const END = "unexpected end of JSON input";
const BLANK = /[ \t\r\n]*/y;
const LITERALS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

const ENDLESS = /^(?:in (?!string literal)|after decimal point)/;

class Mistake extends Error {}

type Text = { bytes: string; at: number };

/** Go's message about the first thing that is wrong with the JSON. Only for text that has a mistake. */
export function findJsonMistake(text: string): string {
  const t: Text = { bytes: toByteString(text), at: 0 };
  try {
    readAll(t);
  } catch (mistake) {
    if (mistake instanceof Mistake) return mistake.message;
    throw mistake;
  }
  return END;
}

function unexpected(t: Text, context: string): Mistake {
  // Where the text ends, Go tries a blank: that ends most things, but not a number, a literal or an escape.
  const char = t.at < t.bytes.length ? t.bytes.charAt(t.at) : " ";
  if (t.at >= t.bytes.length && !ENDLESS.test(context)) return new Mistake(END);
  return new Mistake(`invalid character ${quoteChar(char)} ${context}`);
}

// The byte as Go prints it: as a character of Latin-1.
function quoteChar(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  const short = {
    "\x07": "\\a",
    "\v": "\\v",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\\": "\\\\",
  }[char];
  if (short !== undefined) return `'${short}'`;
  const code = char.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, "0")}'`;
  const isPrintable = code < 0x7f || (code > 0xa0 && code !== 0xad);
  return isPrintable ? `'${char}'` : `'\\u00${code.toString(16)}'`;
}

function skipBlanks(t: Text): string {
  BLANK.lastIndex = t.at;
  BLANK.exec(t.bytes);
  t.at = BLANK.lastIndex;
  return t.bytes.charAt(t.at);
}

/** The brackets that are open, so that deep nesting needs no recursion. */
function readAll(t: Text): void {
  const open: string[] = [];
  beginValue(t, open);
  while (open.length > 0) {
    const isObject = open.at(-1) === "{";
    const char = skipBlanks(t);
    if (char === (isObject ? "}" : "]")) {
      t.at++;
      open.pop();
    } else if (char === ",") {
      t.at++;
      skipBlanks(t);
      if (isObject) readKey(t);
      beginValue(t, open);
    } else {
      throw unexpected(t, isObject ? "after object key:value pair" : "after array element");
    }
  }
  skipBlanks(t);
  if (t.at < t.bytes.length) throw unexpected(t, "after top-level value");
}

/** Reads a scalar, or opens collections until a first scalar or an empty one is read. */
function beginValue(t: Text, open: string[]): void {
  for (;;) {
    const char = skipBlanks(t);
    if (char !== "{" && char !== "[") {
      readScalar(t, char);
      return;
    }
    if (open.length >= MAX_DEPTH) throw new Mistake("exceeded max depth");
    open.push(char);
    t.at++;
    const next = skipBlanks(t);
    if (next === (char === "{" ? "}" : "]")) {
      t.at++;
      open.pop();
      return;
    }
    if (char === "{") readKey(t);
  }
}

function readKey(t: Text): void {
  if (t.bytes.charAt(t.at) !== '"') throw unexpected(t, "looking for beginning of object key string");
  readString(t);
  if (skipBlanks(t) !== ":") throw unexpected(t, "after object key");
  t.at++;
}

function readScalar(t: Text, char: string): void {
  if (char === '"') readString(t);
  else if (char === "-" || (char >= "0" && char <= "9")) readNumber(t);
  else readLiteral(t, char);
}

function readLiteral(t: Text, char: string): void {
  const literal = Object.hasOwn(LITERALS, char) ? LITERALS[char] : undefined;
  if (literal === undefined) throw unexpected(t, "looking for beginning of value");
  for (const expected of literal) {
    if (t.bytes.charAt(t.at) !== expected) throw unexpected(t, `in literal ${literal} (expecting '${expected}')`);
    t.at++;
  }
}

function readString(t: Text): void {
  t.at++;
  for (;;) {
    const char = t.bytes.charAt(t.at);
    if (char === '"') break;
    if (char < " ") throw unexpected(t, "in string literal");
    t.at++;
    if (char === "\\") readEscape(t);
  }
  t.at++;
}

function readEscape(t: Text): void {
  const letter = t.bytes.charAt(t.at);
  if (letter === "" || !'bfnrt\\/"u'.includes(letter)) throw unexpected(t, "in string escape code");
  t.at++;
  if (letter !== "u") return;
  for (let i = 0; i < 4; i++, t.at++) {
    if (!/[0-9a-fA-F]/.test(t.bytes.charAt(t.at))) throw unexpected(t, "in \\u hexadecimal character escape");
  }
}

function readNumber(t: Text): void {
  if (t.bytes.charAt(t.at) === "-") t.at++;
  if (t.bytes.charAt(t.at) === "0") t.at++;
  else readDigits(t, "in numeric literal");
  if (t.bytes.charAt(t.at) === ".") {
    t.at++;
    readDigits(t, "after decimal point in numeric literal");
  }
  if (/[eE]/.test(t.bytes.charAt(t.at))) {
    t.at++;
    if (/[-+]/.test(t.bytes.charAt(t.at))) t.at++;
    readDigits(t, "in exponent of numeric literal");
  }
}

function readDigits(t: Text, context: string): void {
  if (!/[0-9]/.test(t.bytes.charAt(t.at))) throw unexpected(t, context);
  while (/[0-9]/.test(t.bytes.charAt(t.at))) t.at++;
}
