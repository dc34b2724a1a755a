import { jsonError } from "./go-json.ts";
import { findJsonMistake } from "./go-json-mistake.ts";
import type { GoMap, GoValue } from "./go-value.ts";

/** Beyond any real document, and safe for the recursion of everyone who walks the value. */
const MAX_DEPTH = 1000;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** As Go's json.Unmarshal reads into `any`: all numbers are float64. Fails with JSON_INVALID and Go's message. */
export function goJsonDecode(text: string): GoValue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw jsonError(findJsonMistake(text));
  }
  return toGo(parsed, text, 0);
}

/** As `fromJson` reads: null for `null`, an error for anything but an object. */
export function goJsonDecodeMap(text: string): GoMap | null {
  const value = goJsonDecode(text);
  if (value === null || value instanceof Map) return value;
  throw jsonError(`json: cannot unmarshal ${kindOf(value)} into Go value of type map[string]interface {}`);
}

/** As `fromJsonArray` reads. */
export function goJsonDecodeList(text: string): GoValue[] | null {
  const value = goJsonDecode(text);
  if (value === null || Array.isArray(value)) return value;
  throw jsonError(`json: cannot unmarshal ${kindOf(value)} into Go value of type []interface {}`);
}

function kindOf(value: GoValue): string {
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
