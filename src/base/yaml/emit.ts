import { SlipwayError } from "../error.ts";
import { formatGoFloat } from "../go-float.ts";
import { GoStruct, GoTypedMap, nilList, nilMap } from "../go-objects.ts";
import { byteLength, toBytes } from "../go-string.ts";
import { GoInt, GoObject } from "../go-value.ts";
import { type KeyOrder, sortKeys } from "./key-order.ts";
import { parseGoInt } from "./resolve.ts";
import { isSurelyPlain, type Style, styleOf } from "./scalar-style.ts";
import { writeScalar } from "./write-scalar.ts";

export type Emitter = {
  out: string;
  /** As go-yaml's third version writes, of which only toYamlPretty makes use. */
  pretty: boolean;
  width: number;
  order: KeyOrder;
  /** The value has been through JSON, or need not go. */
  viaJson: boolean;
};

/** Thrown for text that the detour by JSON changes or refuses. */
export class NeedsJson extends Error {}

type Collection = { keys: string[]; get: (key: string) => unknown; isOrdered?: boolean } | { items: unknown[] };

const CHANGED_BY_JSON = /[\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u;
const STRAY_BYTE = /\p{Surrogate}/u;
/** The reader of the JSON in between takes no longer keys. */
const LONGEST_JSON_KEY = 1000;
/** Longer keys are written behind `? `. */
const SIMPLE_KEY_BYTES = 128;
const MAX_DEPTH = 1000;

export function emitDocument(e: Emitter, value: unknown): string {
  const node = nodeOf(e, value);
  if (typeof node === "string") emitText(e, node, { indent: 2, column: 0, isKey: false });
  else if (isEmpty(node)) e.out = emptyForm(node);
  else emitCollection(e, node, 0, 1);
  return e.out;
}

/** Scalars as `=text` when the text is final, `"text` when it is a string that may need quotes. */
type Node = string | Collection;
const FINAL = "=";
const STRING = '"';

function nodeOf(e: Emitter, value: unknown): Node {
  switch (typeof value) {
    case "string":
      return STRING + value;
    case "number":
      return FINAL + numberText(e, value);
    case "boolean":
    case "bigint":
      return FINAL + String(value);
    case "object":
      return value === null ? "=null" : objectNode(e, value);
    default:
      return "=null";
  }
}

function objectNode(e: Emitter, value: object): Node {
  if (value instanceof Map) return value === nilMap && !e.pretty ? "=null" : mapNode(value);
  if (Array.isArray(value)) return value === nilList && !e.pretty ? "=null" : { items: value };
  if (value instanceof GoInt) return FINAL + String(value.value);
  if (value instanceof GoStruct) return structNode(e, value);
  if (!(value instanceof GoObject)) {
    const map = value as Record<string, unknown>;
    return { keys: Object.keys(map).filter((key) => map[key] !== undefined), get: (key) => map[key] };
  }
  const marshalled = e.pretty && value instanceof GoTypedMap ? value.entries : value.marshal();
  if (marshalled === undefined) {
    throw new SlipwayError("JSON_INVALID", `error marshaling into JSON: json: unsupported type: ${value.goType}`);
  }
  if (e.pretty && value.goType === "time.Time" && typeof marshalled === "string") return FINAL + marshalled;
  return nodeOf(e, marshalled);
}

function mapNode(map: ReadonlyMap<string, unknown>): Extract<Collection, { keys: string[] }> {
  return { keys: [...map.keys()], get: (key) => map.get(key) };
}

// Without JSON in between, go-yaml knows fields by their names in lower case.
function structNode(e: Emitter, struct: GoStruct): Collection {
  if (!e.pretty) return mapNode(struct.jsonFields());
  const fields = new Map([...struct.fields].map(([name, field]) => [name.toLowerCase(), field]));
  return { ...mapNode(fields), isOrdered: true };
}

function numberText(e: Emitter, value: number): string {
  if (!Number.isFinite(value)) {
    if (e.pretty) return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
    const text = `error marshaling into JSON: json: unsupported value: ${formatGoFloat(value)}`;
    throw new SlipwayError("JSON_INVALID", text);
  }
  // In JSON a whole number looks like an integer, and is read back as one when it fits into 64 bits.
  return !e.pretty && isJsonInteger(value) ? String(value) : formatGoFloat(value);
}

// What counts is the text: that of -(2 ** 63) is -9223372036854776000, which is out of range.
function isJsonInteger(value: number): boolean {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e21) return false;
  return Number.isSafeInteger(value) || parseGoInt(String(value)) !== undefined;
}

function isEmpty(node: Collection): boolean {
  return "items" in node ? node.items.length === 0 : node.keys.length === 0;
}

function emptyForm(node: Collection): string {
  return "items" in node ? "[]\n" : "{}\n";
}

function emitCollection(e: Emitter, node: Collection, indent: number, depth: number): void {
  if (depth > MAX_DEPTH) {
    const text = "error marshaling into JSON: json: unsupported value: encountered a cycle via map[string]interface {}";
    throw new SlipwayError("JSON_INVALID", text);
  }
  const pad = " ".repeat(indent);
  if ("items" in node) {
    for (const [index, item] of node.items.entries()) {
      e.out += index === 0 ? "-" : `${pad}-`;
      emitInline(e, nodeOf(e, item), indent, depth);
    }
    return;
  }
  const { keys, get } = node;
  if (node.isOrdered !== true) sortKeys(keys, e.order);
  let first = true;
  for (const key of keys) {
    if (!first) e.out += pad;
    first = false;
    emitEntry(e, key, get(key), indent, depth);
  }
}

/** A value on the line of its `-`, `?` or `:`. */
function emitInline(e: Emitter, node: Node, indent: number, depth: number): void {
  e.out += " ";
  if (typeof node === "string") emitText(e, node, { indent: indent + 2, column: indent + 2, isKey: false });
  else if (isEmpty(node)) e.out += emptyForm(node);
  else emitCollection(e, node, indent + 2, depth + 1);
}

function emitEntry(e: Emitter, key: string, value: unknown, indent: number, depth: number): void {
  const node = nodeOf(e, value);
  if (!isSimpleKey(e, key)) {
    e.out += "?";
    emitInline(e, STRING + key, indent, depth);
    e.out += `${" ".repeat(indent)}:`;
    emitInline(e, node, indent, depth);
    return;
  }
  const before = e.out.length;
  if (isSurelyPlain(key)) e.out += `${key}:`;
  else {
    emitText(e, STRING + key, { indent, column: indent, isKey: true });
    e.out += ":";
  }
  if (typeof node === "string") {
    e.out += " ";
    emitText(e, node, { indent: indent + 2, column: indent + e.out.length - before, isKey: false });
  } else if (isEmpty(node)) {
    e.out += ` ${emptyForm(node)}`;
  } else {
    const inner = "items" in node && !e.pretty ? indent : indent + 2;
    e.out += `\n${" ".repeat(inner)}`;
    emitCollection(e, node, inner, depth + 1);
  }
}

function isSimpleKey(e: Emitter, key: string): boolean {
  if (/[\n\r\u0085\u2028\u2029]/.test(key)) return false;
  if (key.length <= SIMPLE_KEY_BYTES / 3) return true;
  if (key.length > LONGEST_JSON_KEY && !e.viaJson) throw new NeedsJson();
  return byteLength(key) <= SIMPLE_KEY_BYTES;
}

type Place = { indent: number; column: number; isKey: boolean };

/** A scalar, and behind a value the end of its line. */
function emitText(e: Emitter, node: string, place: Place): void {
  const text = node.slice(1);
  if (node.startsWith(FINAL)) {
    e.out += `${text}\n`;
    return;
  }
  let style: Style = "plain";
  let written = text;
  if (!isSurelyPlain(text)) {
    if (!e.viaJson && CHANGED_BY_JSON.test(text)) throw new NeedsJson();
    const plainText = e.pretty ? asBinary(e, text) : text;
    style = styleOf(plainText, e.pretty);
    written = writeScalar(plainText, style, { ...place, width: e.width });
  } else if (place.column + text.length > e.width) {
    written = writeScalar(text, style, { ...place, width: e.width });
  }
  e.out += written;
  if (!place.isKey && !(style === "literal" && /[\n\u2028\u2029]$/.test(text))) e.out += "\n";
}

const BASE64_LINE = /.{1,70}/g;

/** Text with bytes that are not UTF-8 as base64 behind its tag. */
function asBinary(e: Emitter, text: string): string {
  if (!STRAY_BYTE.test(text)) return text;
  const packed = toBytes(text).toString("base64");
  e.out += "!!binary ";
  return packed.length < 70 ? packed : packed.replace(BASE64_LINE, "$&\n");
}
