import { BLANK, BREAK, FLAGS, FLOW, has, SPACE } from "./chars.ts";
import { atDocumentIndicator, readLine, SCALAR, type Scanner, scannerError, type Token } from "./scanner.ts";

/** A scalar without quotes, over as many lines as are indented deeper than the open collection. */
export function scanPlain(s: Scanner): Token {
  const token: Token = { type: SCALAR, line: s.line, column: s.pos - s.lineStart, value: "", suffix: "", plain: true };
  const { text } = s;
  let value = "";
  let gap = "";
  let broken = false;
  for (;;) {
    const start = s.pos;
    if (text.charCodeAt(start) === 35 || (start === s.lineStart && atDocumentIndicator(s))) break;
    const end = scanLine(s);
    if (end > start) {
      value = value === "" ? text.slice(start, end) : value + gap + text.slice(start, end);
      broken = false;
    }
    if (!has(text.charCodeAt(s.pos), BREAK)) break;
    gap = foldBreaks(s);
    broken = true;
    if (s.flowLevel === 0 && s.pos - s.lineStart < s.indent + 1) break;
  }
  token.value = value;
  if (broken) s.simpleKeyAllowed = true;
  return token;
}

/** Steps to where the scalar's part of this line ends, past the blanks there, and gives the end before the blanks. */
function scanLine(s: Scanner): number {
  const { text } = s;
  const stop = s.flowLevel > 0 ? SPACE | FLOW : SPACE;
  let pos = s.pos;
  let end = pos;
  for (;;) {
    const code = text.charCodeAt(pos);
    if (code < 256) {
      if (((FLAGS[code] as number) & stop) !== 0) {
        if (code !== 32 && code !== 9) break;
        do pos++;
        while (has(text.charCodeAt(pos), BLANK));
        if (text.charCodeAt(pos) === 35) break;
        continue;
      }
      if (code === 58 && has(text.charCodeAt(pos + 1), SPACE)) break;
    } else if (code === 0x2028 || code === 0x2029) {
      break;
    }
    end = ++pos;
  }
  s.pos = pos;
  return end;
}

/** Line breaks and the indentation behind them. One newline becomes a space, more lose the first. */
function foldBreaks(s: Scanner): string {
  const { text } = s;
  const first = readLine(s);
  let rest = "";
  for (;;) {
    const code = text.charCodeAt(s.pos);
    if (code === 32) {
      s.pos++;
    } else if (code === 9) {
      if (s.pos - s.lineStart < s.indent + 1) throw scannerError(s, "found a tab character that violates indentation");
      s.pos++;
    } else if (has(code, BREAK)) {
      rest += readLine(s);
    } else break;
  }
  if (first !== "\n") return first + rest;
  return rest === "" ? " " : rest;
}
