import { quoteGo, quoteGoRune } from "../go-quote.ts";
import type { GoValue } from "../go-value.ts";
import { accept, lineAt, mistake, next, peek, type Source, TomlMistake } from "./source.ts";
import { parseTomlTime } from "./toml-time.ts";

const LETTER = /^\p{L}$/u;
const DATE = /[-0-9:Tt .Zz+]*/y;
const FLOAT = /[-+0-9_.eE]*/y;
const DECIMAL = /[0-9_]*/y;
const BASES: Readonly<Record<string, { digit: RegExp; name: string }>> = {
  b: { digit: /[01]/, name: "a binary" },
  o: { digit: /[0-7]/, name: "an octal" },
  x: { digit: /[0-9a-fA-F]/, name: "a hexadecimal" },
};
const MAX_INT64 = 2n ** 63n - 1n;

/** A number, a date, `true` or `false`. */
export function readBare(s: Source): GoValue {
  const start = s.pos;
  const first = next(s);
  if (/[0-9]/.test(first)) return readNumber(s, start, first);
  if (first === "+" || first === "-") return readSigned(s, start);
  if (first === ".") throw mistake(s, "floats must start with a digit, not '.'");
  if (first === "i" || first === "n") {
    if ((accept(s, "n") && accept(s, "f")) || (accept(s, "a") && accept(s, "n"))) return floatValue(s, start);
  }
  if (LETTER.test(first)) {
    s.pos -= first.length === 2 ? 2 : 1;
    return readWord(s);
  }
  if (first === "") throw mistake(s, "unexpected EOF; expected value");
  const line = lineAt(s) - (first === "\n" ? 1 : 0);
  throw new TomlMistake(`expected value but found ${quoteGoRune(first)} instead`, line);
}

function readWord(s: Source): boolean {
  const start = s.pos;
  while (LETTER.test(peek(s))) next(s);
  const word = s.text.slice(start, s.pos);
  if (word === "true" || word === "false") return word === "true";
  throw mistake(s, `expected value but found ${quoteGo(word)} instead`);
}

function match(s: Source, pattern: RegExp): void {
  pattern.lastIndex = s.pos;
  pattern.test(s.text);
  s.pos = pattern.lastIndex;
}

function readNumber(s: Source, start: number, first: string): GoValue {
  if (first === "0" && Object.hasOwn(BASES, peek(s))) return readBased(s, start);
  if (first === "0" && /[-:]/.test(peek(s))) return integerValue(s, start);
  while (/[0-9]/.test(peek(s))) s.pos++;
  if (/[-:]/.test(peek(s))) {
    match(s, DATE);
    return dateValue(s, start);
  }
  return readDecimal(s, start);
}

function readDecimal(s: Source, start: number): GoValue {
  match(s, DECIMAL);
  if (!/[.eE]/.test(peek(s))) return integerValue(s, start);
  match(s, FLOAT);
  return floatValue(s, start);
}

function readBased(s: Source, start: number): GoValue {
  const base = BASES[next(s)];
  const digit = peek(s);
  if (base === undefined || !base.digit.test(digit)) {
    throw mistake(s, `not ${base?.name} number: '${s.text.slice(start, s.pos)}${digit === "" ? "\0" : digit}'`);
  }
  while (base.digit.test(peek(s)) || peek(s) === "_") s.pos++;
  return integerValue(s, start);
}

function readSigned(s: Source, start: number): GoValue {
  const char = next(s);
  if (char === "i" || char === "n") {
    const rest = char === "i" ? ["n", "f"] : ["a", "n"];
    if (!rest.every((letter) => accept(s, letter))) throw mistake(s, `invalid float: '${s.text.slice(start, s.pos)}'`);
    return floatValue(s, start);
  }
  if (char === "0" && Object.hasOwn(BASES, peek(s))) {
    throw mistake(s, `cannot use sign with non-decimal numbers: '${s.text.slice(start, s.pos)}${peek(s)}'`);
  }
  if (char === ".") throw mistake(s, "floats must start with a digit, not '.'");
  if (!/[0-9]/.test(char)) throw mistake(s, `expected a digit but got ${quoteGoRune(char)}`);
  return readDecimal(s, start);
}

function refuse(s: Source, message: string): TomlMistake {
  return new TomlMistake(message, lineAt(s));
}

function integerValue(s: Source, start: number): bigint {
  const text = s.text.slice(start, s.pos);
  const fail = (why: string) => refuse(s, `Invalid integer ${quoteGo(text)}: ${why}`);
  if (!areUnderscoresFine(text)) throw fail("underscores must be surrounded by digits");
  if (hasLeadingZero(text)) throw fail("cannot have leading zeroes");
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
  const value = text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n) throw refuse(s, `${text} is out of range for int64`);
  return value;
}

function floatValue(s: Source, start: number): number {
  const text = s.text.slice(start, s.pos);
  const fail = (why: string) => refuse(s, `Invalid float ${quoteGo(text)}: ${why}`);
  const parts = text.split(/[.eE]/).filter((part) => part !== "");
  if (!parts.every(areUnderscoresFine)) throw fail("underscores must be surrounded by digits");
  if (parts[0] !== undefined && hasLeadingZero(parts[0])) throw fail("cannot have leading zeroes");
  if (/\.(?![0-9])/.test(text)) throw fail("'.' must be followed by one or more digits");
  const plain = text.replaceAll("_", "");
  if (/^[-+]?nan$/.test(plain)) return Number.NaN;
  if (/^[-+]?inf$/.test(plain)) return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(plain))
    throw refuse(s, `Invalid float value: ${quoteGo(text)}`);
  const value = Number(plain);
  if (!Number.isFinite(value)) throw refuse(s, `${text} is out of range for float64`);
  return value;
}

function dateValue(s: Source, start: number): GoValue {
  const written = s.text.slice(start, s.pos).trim();
  const text = written.replaceAll("z", "Z").replaceAll("t", "T").replaceAll(" ", "T");
  const time = parseTomlTime(text);
  if (time === undefined) throw refuse(s, `invalid datetime: ${quoteGo(text)}`);
  return time;
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./s.test(text);
}

function areUnderscoresFine(text: string): boolean {
  return /^[-+]?(?:nan|inf)$/.test(text) || (/[0-9a-fA-F]$/.test(text) && !/(?<![0-9a-fA-F])_/.test(text));
}
