import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { badRequest } from "../api/status.ts";
import type { FieldType, StructType } from "./schema.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";
/** The values whose decoding has the message of the server's own decoder. */
type Place = { path: string; owner: string; field: string };

/**
 * Decodes as the server does: fields of unknown names are dropped and reported, nulls and empty collections vanish,
 * and a value of another type is refused. Changes the object in place, which the caller has cloned.
 */
export function decodeFields(object: JsonObject, type: FieldType, custom: boolean): string[] {
  const unknown: string[] = [];
  if (type.is === "struct") decodeStruct(object, type, { unknown, custom, path: "", root: type.name });
  return unknown;
}

type Walk = { unknown: string[]; custom: boolean; path: string; root: string };

function decodeStruct(object: JsonObject, type: StructType, walk: Walk): void {
  const fields = type.fields();
  for (const key of Object.keys(object)) {
    const value = object[key];
    const path = walk.path === "" ? key : `${walk.path}.${key}`;
    const field = fields.get(key);
    if (field === undefined) {
      if (type.open) continue;
      walk.unknown.push(path);
      delete object[key];
    } else if (value === null || value === undefined) {
      delete object[key];
    } else {
      decodeValue(value, field.type, { ...walk, path }, { path, owner: type.name, field: key });
      if (!field.always && !walk.custom && isEmptyCollection(value, field.type)) delete object[key];
    }
  }
}

function decodeValue(value: unknown, type: FieldType, walk: Walk, place: Place): void {
  // Of a custom kind, validation says what is of the wrong type.
  if (walk.custom && !hasShape(value, type)) return;
  switch (type.is) {
    case "any":
      return;
    case "struct":
      if (!isJsonObject(value)) throw mismatch(value, type.name, place, walk);
      decodeStruct(value, type, walk);
      return;
    case "list":
      if (!Array.isArray(value)) throw mismatch(value, `[]${goName(type.item)}`, place, walk);
      value.forEach((item, index) => {
        if (item !== null) decodeValue(item, type.item, { ...walk, path: `${walk.path}[${index}]` }, place);
      });
      return;
    case "map":
      if (!isJsonObject(value)) throw mismatch(value, `map[string]${goName(type.value)}`, place, walk);
      for (const [key, item] of Object.entries(value)) {
        if (item === null && type.value.is === "scalar") value[key] = "";
        else if (item !== null) decodeValue(item, type.value, { ...walk, path: `${walk.path}.${key}` }, place);
      }
      return;
    case "scalar":
      if (!fits(value, type.type)) throw mismatch(value, goName(type), place, walk);
  }
}

function hasShape(value: unknown, type: FieldType): boolean {
  if (type.is === "list") return Array.isArray(value);
  return type.is === "any" || (type.is === "scalar" ? fits(value, type.type) : isJsonObject(value));
}

function isEmptyCollection(value: unknown, type: FieldType): boolean {
  if (type.is === "list") return Array.isArray(value) && value.length === 0;
  return type.is === "map" && isJsonObject(value) && Object.keys(value).length === 0;
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case "string":
    case "time":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "intOrString":
      return typeof value === "string" || Number.isInteger(value);
    case "number":
      return typeof value === "number";
    default:
      return Number.isInteger(value);
  }
}

function goName(type: FieldType): string {
  if (type.is === "struct") return type.name;
  if (type.is === "list") return `[]${goName(type.item)}`;
  if (type.is === "map") return `map[string]${goName(type.value)}`;
  if (type.is === "any") return "interface {}";
  return { boolean: "bool", number: "float64", time: "string", intOrString: "int32" }[type.type as string] ?? type.type;
}

function jsonName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isInteger(value)) return `number ${value}`;
  return { string: "string", number: "number", boolean: "bool" }[typeof value as string] ?? "object";
}

function mismatch(value: unknown, wanted: string, place: Place, walk: Walk): Error {
  const path = place.path.replace(/\[\d+\]/g, "");
  return badRequest(
    `json: cannot unmarshal ${jsonName(value)} into Go struct field ${walk.custom ? walk.root : place.owner}.${path} of type ${goType(wanted)}`,
  );
}

function goType(name: string): string {
  return /^[A-Z]/.test(name) ? `v1.${name}` : name.replace(/\]([A-Z])/g, "]v1.$1");
}
