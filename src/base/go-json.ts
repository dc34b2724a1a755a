import { SlipwayError } from "./error.ts";
import { formatGoFloat, formatJsonFloat } from "./go-float.ts";
import { GoStruct, nilList, nilMap } from "./go-objects.ts";
import { sortedKeys } from "./go-string.ts";
import { GoInt, GoObject } from "./go-value.ts";

export type JsonOptions = {
  /** `<`, `>` and `&` as \u003c and so on, which Go does unless told not to. */
  escapeHtml?: boolean;
  /** Each member on a line of its own, indented so. */
  indent?: string;
};

/** Deeper values contain themselves: Go looks for cycles from here on. */
const MAX_DEPTH = 1000;

type Writer = { escapeHtml: boolean; indent: string | undefined };

/** As Go's json.Marshal writes: keys sorted, floats in Go's form. Fails with JSON_INVALID and Go's message. */
export function goJsonEncode(value: unknown, options: JsonOptions = {}): string {
  return write({ escapeHtml: options.escapeHtml !== false, indent: options.indent }, value, 0);
}

export function jsonError(message: string): SlipwayError {
  return new SlipwayError("JSON_INVALID", message);
}

function write(w: Writer, value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value, w.escapeHtml);
    case "number":
      if (!Number.isFinite(value)) throw jsonError(`json: unsupported value: ${formatGoFloat(value)}`);
      return formatJsonFloat(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null || value === nilList || value === nilMap ? "null" : writeObject(w, value, depth);
    default:
      return "null";
  }
}

function writeObject(w: Writer, value: object, depth: number): string {
  if (depth > MAX_DEPTH) throw jsonError("json: unsupported value: encountered a cycle via map[string]interface {}");
  if (Array.isArray(value)) return writeList(w, value, depth);
  if (value instanceof Map) return writeMap(w, value, sortedKeys(value), depth);
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof GoStruct) {
    const fields = value.jsonFields();
    return writeMap(w, fields, [...fields.keys()], depth);
  }
  if (value instanceof GoObject) {
    const marshalled = value.marshal();
    if (marshalled === undefined) throw jsonError(`json: unsupported type: ${value.goType}`);
    return write(w, marshalled, depth);
  }
  const map = new Map<string, unknown>(Object.entries(value));
  return writeMap(w, map, sortedKeys(map), depth);
}

function writeList(w: Writer, list: unknown[], depth: number): string {
  if (list.length === 0) return "[]";
  const items = list.map((item) => write(w, item, depth + 1));
  return enclose(w, "[", items, "]", depth);
}

function writeMap(w: Writer, map: ReadonlyMap<string, unknown>, keys: string[], depth: number): string {
  if (keys.length === 0) return "{}";
  const colon = w.indent === undefined ? ":" : ": ";
  const members = keys.map((key) => quoteJson(key, w.escapeHtml) + colon + write(w, map.get(key), depth + 1));
  return enclose(w, "{", members, "}", depth);
}

function enclose(w: Writer, open: string, members: string[], close: string, depth: number): string {
  if (w.indent === undefined) return open + members.join(",") + close;
  const outer = `\n${w.indent.repeat(depth)}`;
  const inner = outer + w.indent;
  return open + inner + members.join(`,${inner}`) + outer + close;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes control characters.
const UNUSUAL = /["\\\0-\x1f<>&\u2028\u2029\ud800-\udfff]/;
const STRAY_BYTE = /[\udc80-\udcff]/u;
const HTML = /[<>&]/g;
const SEPARATORS = /[\u2028\u2029]/g;

export function quoteJson(text: string, escapeHtml: boolean): string {
  if (!UNUSUAL.test(text)) return `"${text}"`;
  if (STRAY_BYTE.test(text)) {
    const parts = text.split(new RegExp(STRAY_BYTE, "gu")).map((part) => quoteJson(part, escapeHtml).slice(1, -1));
    return `"${parts.join("\\ufffd")}"`;
  }
  const quoted = JSON.stringify(text).replace(SEPARATORS, escapeUnit);
  return escapeHtml ? quoted.replace(HTML, escapeUnit) : quoted;
}

function escapeUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
