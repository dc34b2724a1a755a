import { BLANK, BREAK_OR_END, DIGIT, HEX, has, hexValue, SPACE, WORD } from "./chars.ts";
import {
  atEnd,
  newToken,
  type Scanner,
  scannerError,
  skipLine,
  TAG,
  TAG_DIRECTIVE,
  type Token,
  VERSION_DIRECTIVE,
} from "./scanner.ts";

const AFTER_ANCHOR = "?:,]}%@`";
const URI_CHARS = ";/?:@&=+$,.!~*'()[]%";

function readWord(s: Scanner): string {
  const start = s.pos;
  while (has(s.text.charCodeAt(s.pos), WORD)) s.pos++;
  return s.text.slice(start, s.pos);
}

function skipBlanks(s: Scanner): void {
  while (has(s.text.charCodeAt(s.pos), BLANK)) s.pos++;
}

function at(s: Scanner, flag: number): boolean {
  return has(s.text.charCodeAt(s.pos), flag);
}

export function scanAnchor(s: Scanner, type: number): Token {
  const token = newToken(s, type);
  s.pos++;
  token.value = readWord(s);
  if (token.value === "" || !(at(s, SPACE) || AFTER_ANCHOR.includes(s.text.charAt(s.pos)))) {
    throw scannerError(s, "did not find expected alphabetic or numeric character");
  }
  return token;
}

/** `!<uri>`, `!suffix`, `!handle!suffix` or `!` alone. */
export function scanTag(s: Scanner): Token {
  const token = newToken(s, TAG);
  if (s.text.charCodeAt(s.pos + 1) === 60) {
    s.pos += 2;
    token.suffix = readUri(s, "");
    if (s.text.charCodeAt(s.pos) !== 62) throw scannerError(s, "did not find the expected '>'");
    s.pos++;
  } else {
    const handle = readHandle(s, false);
    if (handle.length > 1 && handle.endsWith("!")) {
      token.value = handle;
      token.suffix = readUri(s, "");
    } else {
      token.suffix = readUri(s, handle);
      token.value = "!";
      if (token.suffix === "") {
        token.value = "";
        token.suffix = "!";
      }
    }
  }
  if (!at(s, SPACE)) throw scannerError(s, "did not find expected whitespace or line break");
  return token;
}

function readHandle(s: Scanner, directive: boolean): string {
  if (s.text.charCodeAt(s.pos) !== 33) throw scannerError(s, "did not find expected '!'");
  s.pos++;
  const word = readWord(s);
  if (s.text.charCodeAt(s.pos) === 33) {
    s.pos++;
    return `!${word}!`;
  }
  if (directive && word !== "") throw scannerError(s, "did not find expected '!'");
  return `!${word}`;
}

/** What follows a handle; of `head`, all but its `!` belongs to it. */
function readUri(s: Scanner, head: string): string {
  let uri = head.slice(1);
  let found = head !== "";
  for (;;) {
    const char = s.text.charAt(s.pos);
    if (char === "%") uri += readUriEscape(s);
    else if (at(s, WORD) || (char !== "\0" && URI_CHARS.includes(char))) {
      uri += char;
      s.pos++;
    } else break;
    found = true;
  }
  if (!found) throw scannerError(s, "did not find expected tag URI");
  return uri;
}

/** One character, escaped byte by byte. */
function readUriEscape(s: Scanner): string {
  const bytes: number[] = [];
  let width = 1;
  while (bytes.length < width) {
    const high = s.text.charCodeAt(s.pos + 1);
    const low = s.text.charCodeAt(s.pos + 2);
    if (s.text.charCodeAt(s.pos) !== 37 || !has(high, HEX) || !has(low, HEX)) {
      throw scannerError(s, "did not find URI escaped octet");
    }
    const octet = hexValue(high) * 16 + hexValue(low);
    if (bytes.length === 0) {
      width =
        octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 0;
      if (width === 0) throw scannerError(s, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xc0) !== 0x80) {
      throw scannerError(s, "found an incorrect trailing UTF-8 octet");
    }
    bytes.push(octet);
    s.pos += 3;
  }
  return Buffer.from(bytes).toString("utf8");
}

/** `%YAML 1.1` or `%TAG !handle! prefix`. */
export function scanDirective(s: Scanner): Token {
  const token = newToken(s, VERSION_DIRECTIVE);
  s.pos++;
  const name = readWord(s);
  if (name === "") throw scannerError(s, "could not find expected directive name");
  if (!at(s, SPACE)) throw scannerError(s, "found unexpected non-alphabetical character");
  if (name === "YAML") {
    skipBlanks(s);
    token.value = readVersion(s);
  } else if (name === "TAG") {
    token.type = TAG_DIRECTIVE;
    skipBlanks(s);
    token.value = readHandle(s, true);
    if (!at(s, BLANK)) throw scannerError(s, "did not find expected whitespace");
    skipBlanks(s);
    token.suffix = readUri(s, "");
    if (!at(s, SPACE)) throw scannerError(s, "did not find expected whitespace or line break");
  } else {
    throw scannerError(s, "found unknown directive name");
  }
  skipBlanks(s);
  if (s.text.charCodeAt(s.pos) === 35) while (!at(s, BREAK_OR_END)) s.pos++;
  if (!at(s, BREAK_OR_END)) throw scannerError(s, "did not find expected comment or line break");
  if (!atEnd(s)) skipLine(s);
  return token;
}

function readVersion(s: Scanner): string {
  const major = readVersionNumber(s);
  if (s.text.charCodeAt(s.pos) !== 46) throw scannerError(s, "did not find expected digit or '.' character");
  s.pos++;
  return `${major}.${readVersionNumber(s)}`;
}

function readVersionNumber(s: Scanner): number {
  const start = s.pos;
  while (at(s, DIGIT)) {
    if (s.pos - start === 2) throw scannerError(s, "found extremely long version number");
    s.pos++;
  }
  if (s.pos === start) throw scannerError(s, "did not find expected version number");
  return Number(s.text.slice(start, s.pos));
}
