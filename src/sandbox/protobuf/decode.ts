import type { JsonObject } from "../../base/json-path.ts";
import { ensureDict, parseJson } from "../json.ts";
import { messages } from "./messages.ts";

const magic = Buffer.from("k8s\0");
const depthLimit = 20;

/** Reads Kubernetes' protobuf envelope; undefined where it, or the kind in it, is not known. Throws on broken bytes. */
export function decodeProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, magic.length).equals(magic)) return undefined;
  const envelope = readMessage(body.subarray(magic.length), "Unknown", 0);
  const { apiVersion, kind } = (envelope["typeMeta"] ?? {}) as JsonObject;
  const raw = envelope["raw"];
  if (typeof kind !== "string" || !Object.hasOwn(messages, kind)) return undefined;
  return { apiVersion, kind, ...readMessage(raw instanceof Uint8Array ? raw : new Uint8Array(), kind, 0) };
}

type Reader = { bytes: Uint8Array; at: number };

function readMessage(bytes: Uint8Array, name: string, depth: number): JsonObject {
  if (depth > depthLimit) throw new Error("the message is nested too deeply");
  const fields = fieldsOf(name);
  const message: JsonObject = {};
  const reader: Reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = readVarint(reader);
    const value = readWire(reader, tag & 7);
    const field = fields.get(tag >>> 3);
    if (field !== undefined) keep(message, field, { value, depth });
  }
  return message;
}

type ReadField = { name: string; type: string };

function fieldsOf(name: string): Map<number, ReadField> {
  const line = messages[name] ?? "";
  return new Map(
    line.split(";").map((text) => {
      const [number, field = "", type = ""] = text.split(" ");
      return [Number(number), { name: field, type }] as const;
    }),
  );
}

type Value = { value: Uint8Array | number; depth: number };

// What is empty is left out, for protobuf writes the empty value of a field that JSON would not name.
function keep(message: JsonObject, { name, type }: ReadField, { value, depth }: Value): void {
  if (type.startsWith("[")) {
    const item = convert(value, type.slice(1, -1), depth);
    const list = message[name];
    if (Array.isArray(list)) list.push(item);
    else message[name] = [item];
  } else if (type.startsWith("{")) {
    const entry = readEntry(bytesOf(value), type.slice(1, -1), depth);
    if (entry.key === "__proto__") return;
    ensureDict(message, name)[entry.key] = entry.value;
  } else {
    const converted = convert(value, type, depth);
    if (converted !== "" && converted !== undefined) message[name] = converted;
  }
}

function readEntry(bytes: Uint8Array, type: string, depth: number): { key: string; value: unknown } {
  const reader: Reader = { bytes, at: 0 };
  const entry = { key: "", value: "" as unknown };
  while (reader.at < bytes.length) {
    const tag = readVarint(reader);
    const value = readWire(reader, tag & 7);
    if (tag >>> 3 === 1) entry.key = textOf(value);
    else entry.value = convert(value, type, depth);
  }
  return entry;
}

function convert(value: Uint8Array | number, type: string, depth: number): unknown {
  switch (type) {
    case "s":
      return textOf(value);
    case "b":
      return value === 1;
    case "i":
      return value;
    case "raw":
      return bytesOf(value);
    case "bytes":
      return Buffer.from(bytesOf(value)).toString("base64");
    case "time":
      return readTime(bytesOf(value));
    case "FieldsV1":
      return readFields(bytesOf(value));
    default:
      return readMessage(bytesOf(value), type, depth + 1);
  }
}

function readTime(bytes: Uint8Array): string | undefined {
  const reader: Reader = { bytes, at: 0 };
  let seconds = 0;
  while (reader.at < bytes.length) {
    const tag = readVarint(reader);
    const value = readWire(reader, tag & 7);
    if (tag >>> 3 === 1 && typeof value === "number") seconds = value;
  }
  return seconds === 0 ? undefined : new Date(seconds * 1000).toISOString().replace(/\.\d+/, "");
}

function readFields(bytes: Uint8Array): unknown {
  const reader: Reader = { bytes, at: 0 };
  if (bytes.length === 0) return {};
  const value = readWire(reader, readVarint(reader) & 7);
  return parseJson(textOf(value));
}

function readWire(reader: Reader, wire: number): Uint8Array | number {
  if (wire === 0) return readVarint(reader);
  if (wire !== 2) throw new Error(`wire type ${wire} is not used by Kubernetes`);
  const length = readVarint(reader);
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new Error("unexpected end of the message");
  const bytes = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return bytes;
}

// Numbers above 2^53 don't occur; negative ones, ten bytes long, come out as large.
function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new Error("unexpected end of the message");
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Error("a number is too long");
}

function bytesOf(value: Uint8Array | number): Uint8Array {
  if (typeof value === "number") throw new Error("a number stands where a text should");
  return value;
}

function textOf(value: Uint8Array | number): string {
  return Buffer.from(bytesOf(value)).toString();
}
