import { isJsonObject, type JsonObject } from "../../base/json-path.ts";

export type JsonKind = "null" | "boolean" | "number" | "string" | "list" | "object";

export function kindOf(value: unknown): JsonKind {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  if (isJsonObject(value)) return "object";
  return typeof value as "boolean" | "number" | "string";
}

/** An object whose keys are only what is put there, also `__proto__`. */
export function newObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

export function copyObject(source: JsonObject): JsonObject {
  const copy = newObject();
  for (const key of Object.keys(source)) copy[key] = source[key];
  return copy;
}

export function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

/** Whether a patch changes nothing. */
export function isEmptyPatch(patch: unknown): boolean {
  return kindOf(patch) === "object" ? Object.keys(patch as JsonObject).length === 0 : kindOf(patch) === "null";
}
