import type { GoMap, GoValue } from "../base/go-value.ts";

/** Why a `--set` expression can't be read, in Helm's words. */
export class SetError extends Error {}

/** How an expression's values are read; each kind of `--set` has one. */
export type ValueSyntax = {
  /** `\` takes the next character as it is, a comma separates, `{a,b}` is a list. */
  readonly escapes: boolean;
  /** Reads the text of one value. */
  readonly convert: (text: string) => GoValue;
  /** Reads a value at the start of `rest` where it is not simply text up to a comma: gives it and its length. */
  readonly readPrefix?: (rest: string) => { value: GoValue; length: number };
  /** `a[0` is the end of the expression, where it otherwise is an error. */
  readonly endsInIndex?: boolean;
};

const maxIndex = 65_536;
const maxNesting = 30;

/** Reads `a.b[0]=x,c=y` and sets what it says in `target`, as Helm's `--set` does. Throws SetError. */
export function setValues(expression: string, target: GoMap, syntax: ValueSyntax): void {
  const reader: Reader = { chars: Array.from(expression), at: 0, syntax };
  while (readKey(reader, target, 0) !== "end");
}

type Reader = { chars: string[]; at: number; syntax: ValueSyntax };

/** `end` where the expression is used up: Helm then stops without an error, whatever it was in the middle of. */
type Outcome = "more" | "end";

const keyStops = "=[,.";
const literalKeyStops = "=[.";

function readKey(reader: Reader, data: GoMap, level: number): Outcome {
  const { text: key, stop } = readUntil(reader, reader.syntax.escapes ? keyStops : literalKeyStops);
  if (stop === undefined) {
    if (key === "") return "end";
    throw new SetError(`key ${quote(key)} has no value`);
  }
  if (stop === "[") return readListKey(reader, data, key, level);
  if (stop === ".") return readMapKey(reader, data, key, level + 1);
  if (stop === ",") {
    set(data, key, "");
    throw new SetError(`key ${quote(key)} has no value (cannot end with ,)`);
  }
  const { value, outcome } = readValue(reader);
  set(data, key, value);
  return outcome;
}

function readListKey(reader: Reader, data: GoMap, key: string, level: number): Outcome {
  const index = readIndex(reader);
  if (index === undefined) return "end";
  const existing = data.has(key) ? data.get(key) : [];
  if (!Array.isArray(existing)) throw panic(existing ?? null, "[]interface {}");
  const { list, outcome } = readItem(reader, existing, index, level);
  set(data, key, list);
  return outcome;
}

function readMapKey(reader: Reader, data: GoMap, key: string, level: number): Outcome {
  if (level > maxNesting) {
    throw new SetError(`value name nested level is greater than maximum supported nested level of ${maxNesting}`);
  }
  const inner = data.has(key) ? data.get(key) : new Map();
  if (!(inner instanceof Map)) throw panic(inner ?? null, "map[string]interface {}");
  const outcome = readKey(reader, inner, level);
  if (outcome === "more" && inner.size === 0) throw new SetError(`key map ${quote(key)} has no value`);
  if (inner.size > 0) set(data, key, inner);
  return outcome;
}

type Item = { list: GoValue[]; outcome: Outcome };

function readItem(reader: Reader, list: GoValue[], index: number, level: number): Item {
  if (index < 0) throw new SetError(`negative ${index} index not allowed`);
  const { text, stop } = readUntil(reader, "[.=");
  if (text !== "") throw new SetError(`unexpected data at end of array index: ${quote(text)}`);
  if (stop === undefined) return { list, outcome: "end" };
  if (stop === "=") {
    const { value } = readValue(reader);
    return { list: setIndex(list, index, value), outcome: "more" };
  }
  if (stop === "[") {
    const inner = list[index] ?? [];
    const next = readIndex(reader);
    if (next === undefined) return { list, outcome: "end" };
    if (!Array.isArray(inner)) throw panic(inner, "[]interface {}");
    const { list: nested, outcome } = readItem(reader, inner, next, level);
    return outcome === "end" ? { list, outcome } : { list: setIndex(list, index, nested), outcome };
  }
  const existing = list[index];
  const inner: GoMap = existing instanceof Map ? existing : new Map();
  if (index < list.length) list[index] = inner;
  const outcome = readKey(reader, inner, level);
  return outcome === "end" ? { list, outcome } : { list: setIndex(list, index, inner), outcome };
}

function setIndex(list: GoValue[], index: number, value: GoValue): GoValue[] {
  if (index > maxIndex) {
    throw new SetError(`index of ${index} is greater than maximum supported index of ${maxIndex}`);
  }
  const result = [...list];
  while (result.length <= index) result.push(null);
  result[index] = value;
  return result;
}

function readIndex(reader: Reader): number | undefined {
  const { text, stop } = readUntil(reader, "]");
  if (stop === undefined) {
    if (reader.syntax.endsInIndex) return undefined;
    throw new SetError("error parsing index: EOF");
  }
  const isNumber = /^[+-]?\d+$/.test(text);
  if (isNumber && BigInt.asIntN(64, BigInt(text.replace("+", ""))) === BigInt(text.replace("+", "")))
    return Number(text);
  const reason = isNumber ? "value out of range" : "invalid syntax";
  throw new SetError(`error parsing index: strconv.Atoi: parsing ${quote(text)}: ${reason}`);
}

function readValue(reader: Reader): { value: GoValue; outcome: Outcome } {
  const { syntax, chars } = reader;
  if (syntax.readPrefix !== undefined) return readPrefixed(reader, syntax.readPrefix);
  if (!syntax.escapes) {
    const value = syntax.convert(chars.slice(reader.at).join(""));
    reader.at = chars.length;
    return { value, outcome: "more" };
  }
  if (reader.at >= chars.length) return { value: "", outcome: "end" };
  if (chars[reader.at] !== "{") return { value: syntax.convert(readUntil(reader, ",").text), outcome: "more" };
  reader.at++;
  return { value: readList(reader), outcome: "more" };
}

function readPrefixed(
  reader: Reader,
  readPrefix: NonNullable<ValueSyntax["readPrefix"]>,
): { value: GoValue; outcome: Outcome } {
  if (skipBlanksAndComma(reader)) return { value: null, outcome: "more" };
  const { value, length } = readPrefix(reader.chars.slice(reader.at).join(""));
  reader.at += length;
  skipBlanksAndComma(reader);
  return { value, outcome: "more" };
}

/** True where a comma or the end came next. */
function skipBlanksAndComma(reader: Reader): boolean {
  for (; reader.at < reader.chars.length; reader.at++) {
    const char = reader.chars[reader.at] ?? "";
    if (char === ",") {
      reader.at++;
      return true;
    }
    if (!/\s/.test(char)) return false;
  }
  return true;
}

function readList(reader: Reader): GoValue[] {
  const list: GoValue[] = [];
  for (;;) {
    const { text, stop } = readUntil(reader, ",}");
    if (stop === undefined) throw new SetError("list must terminate with '}'");
    list.push(reader.syntax.convert(text));
    if (stop !== "}") continue;
    if (reader.chars[reader.at] === ",") reader.at++;
    return list;
  }
}

function readUntil(reader: Reader, stops: string): { text: string; stop: string | undefined } {
  const { chars, syntax } = reader;
  let text = "";
  while (reader.at < chars.length) {
    const char = chars[reader.at++] ?? "";
    if (stops.includes(char)) return { text, stop: char };
    // A lone backslash at the very end is dropped.
    text += syntax.escapes && char === "\\" ? (chars[reader.at++] ?? "") : char;
  }
  return { text, stop: undefined };
}

function set(data: GoMap, key: string, value: GoValue): void {
  if (key !== "") data.set(key, value);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function panic(value: GoValue, wanted: string): SetError {
  return new SetError(`unable to parse key: interface conversion: interface {} is ${goTypeOf(value)}, not ${wanted}`);
}

function goTypeOf(value: GoValue): string {
  if (value === null) return "nil";
  if (Array.isArray(value)) return "[]interface {}";
  if (value instanceof Map) return "map[string]interface {}";
  const names: Record<string, string> = { boolean: "bool", number: "float64", bigint: "int64" };
  return names[typeof value] ?? "string";
}
