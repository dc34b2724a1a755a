import { jsonError } from "./go-json.ts";
import { findJsonMistake } from "./go-json-mistake.ts";
import { nilList, nilMap } from "./go-objects.ts";
import type { GoMap, GoValue } from "./go-value.ts";

/** Beyond any real document, and safe for the recursion of everyone who walks the value. */
const MAX_DEPTH = 1000;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** As Go's json.Unmarshal reads into `any`: all numbers are float64. Fails with JSON_INVALID and Go's message. */
export function goJsonDecode(text: string): GoValue {
  return toGo(parse(text), text, 0);
}

/** As `fromJson` reads: a nil map for `null`, an error for anything but an object. */
export function goJsonDecodeMap(text: string): GoMap {
  const parsed = parse(text);
  if (parsed === null) return nilMap;
  if (kindOf(parsed) !== "object") throw wrongKind(parsed, "map[string]interface {}");
  return toGo(parsed, text, 0) as GoMap;
}

/** As `fromJsonArray` reads: a nil list for `null`. */
export function goJsonDecodeList(text: string): GoValue[] {
  const parsed = parse(text);
  if (parsed === null) return nilList;
  if (!Array.isArray(parsed)) throw wrongKind(parsed, "[]interface {}");
  return toGo(parsed, text, 0) as GoValue[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw jsonError(findJsonMistake(text));
  }
}

function wrongKind(parsed: unknown, wanted: string): Error {
  return jsonError(`json: cannot unmarshal ${kindOf(parsed)} into Go value of type ${wanted}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? "number" : "object";
}

function toGo(value: unknown, text: string, depth: number): GoValue {
  if (typeof value === "string") return toValid(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw tooLarge(text);
    return value;
  }
  if (typeof value !== "object" || value === null) return value as null | boolean;
  if (depth >= MAX_DEPTH) throw jsonError("exceeded max depth");
  if (Array.isArray(value)) return value.map((item) => toGo(item, text, depth + 1));
  const map: GoMap = new Map();
  for (const [key, item] of Object.entries(value)) map.set(toValid(key), toGo(item, text, depth + 1));
  return map;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*/g;

// JSON.parse rounds to infinity where Go refuses.
function tooLarge(text: string): Error {
  const numbers = text.match(STRING_OR_NUMBER) ?? [];
  const first = numbers.find((token) => !token.startsWith('"') && !Number.isFinite(Number(token)));
  return jsonError(`json: cannot unmarshal number ${first} into Go value of type float64`);
}

// Half a surrogate pair, and a byte that is not UTF-8, become U+FFFD.
function toValid(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(LONE_SURROGATES, "\ufffd") : text;
}
