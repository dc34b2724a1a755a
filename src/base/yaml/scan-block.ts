import { BLANK, BREAK, BREAK_OR_END, DIGIT, has } from "./chars.ts";
import { atEnd, readLine, SCALAR, type Scanner, scannerError, skipLine, type Token } from "./scanner.ts";

type Header = { chomping: "clip" | "keep" | "strip"; increment: number };

/** A literal (`|`) or folded (`>`) scalar. */
export function scanBlockScalar(s: Scanner, literal: boolean): Token {
  const token: Token = { type: SCALAR, line: s.line, column: s.pos - s.lineStart, value: "", suffix: "", plain: false };
  s.pos++;
  const { chomping, increment } = readHeader(s);
  endHeaderLine(s);
  let indent = 0;
  if (increment > 0) indent = s.indent >= 0 ? s.indent + increment : increment;
  let breaks = readBreaks(s, indent);
  if (indent === 0) indent = Math.max(s.deepest, s.indent + 1, 1);

  const { text } = s;
  let value = "";
  let leadingBreak = "";
  let wasBlank = false;
  while (s.pos - s.lineStart === indent && !atEnd(s)) {
    const isBlank = has(text.charCodeAt(s.pos), BLANK);
    if (!literal && leadingBreak === "\n" && !wasBlank && !isBlank) {
      value += breaks === "" ? " " : breaks;
    } else {
      value += leadingBreak + breaks;
    }
    wasBlank = isBlank;
    const end = lineEnd(text, s.pos);
    value += text.slice(s.pos, end);
    s.pos = end;
    leadingBreak = atEnd(s) ? "" : readLine(s);
    breaks = readBreaks(s, indent);
  }
  if (chomping !== "strip") value += leadingBreak;
  if (chomping === "keep") value += breaks;
  token.value = value;
  return token;
}

function lineEnd(text: string, start: number): number {
  let pos = start;
  while (!has(text.charCodeAt(pos), BREAK_OR_END)) pos++;
  return pos;
}

/** The chomping and indentation indicators, in either order. */
function readHeader(s: Scanner): Header {
  const first = readChomping(s);
  const increment = readIncrement(s);
  const chomping = first ?? (increment > 0 ? readChomping(s) : undefined) ?? "clip";
  return { chomping, increment };
}

function readChomping(s: Scanner): "keep" | "strip" | undefined {
  const code = s.text.charCodeAt(s.pos);
  if (code !== 43 && code !== 45) return undefined;
  s.pos++;
  return code === 43 ? "keep" : "strip";
}

function readIncrement(s: Scanner): number {
  const code = s.text.charCodeAt(s.pos);
  if (!has(code, DIGIT)) return 0;
  if (code === 48) throw scannerError(s, "found an indentation indicator equal to 0");
  s.pos++;
  return code - 48;
}

function endHeaderLine(s: Scanner): void {
  const { text } = s;
  while (has(text.charCodeAt(s.pos), BLANK)) s.pos++;
  if (text.charCodeAt(s.pos) === 35) s.pos = lineEnd(text, s.pos);
  if (!has(text.charCodeAt(s.pos), BREAK_OR_END)) throw scannerError(s, "did not find expected comment or line break");
  if (!atEnd(s)) skipLine(s);
}

/** Empty lines, and the indentation of the line behind them; with an indent of 0 as deep as they go (`deepest`). */
function readBreaks(s: Scanner, indent: number): string {
  const { text } = s;
  let breaks = "";
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || s.pos - s.lineStart < indent) && text.charCodeAt(s.pos) === 32) s.pos++;
    const column = s.pos - s.lineStart;
    if (column > deepest) deepest = column;
    const code = text.charCodeAt(s.pos);
    if (code === 9 && (indent === 0 || column < indent)) {
      throw scannerError(s, "found a tab character where an indentation space is expected");
    }
    if (!has(code, BREAK)) {
      s.deepest = deepest;
      return breaks;
    }
    breaks += readLine(s);
  }
}
