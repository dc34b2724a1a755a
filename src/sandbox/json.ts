import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from "../base/json-path.ts";

/** The object at the path, or an empty one that belongs to nothing. */
export function dictAt(value: unknown, ...path: (string | number)[]): JsonObject {
  return objectAt(value, ...path) ?? {};
}

/** The objects among the members of the list at the path. */
export function dictsAt(value: unknown, ...path: (string | number)[]): JsonObject[] {
  return arrayAt(value, ...path).filter(isJsonObject);
}

/** The string at the path, or an empty one. */
export function textAt(value: unknown, ...path: (string | number)[]): string {
  return stringAt(value, ...path) ?? "";
}

/** The object under the key, made and attached where there is none. */
export function ensureDict(owner: JsonObject, key: string): JsonObject {
  const found = owner[key];
  if (isJsonObject(found) && Object.hasOwn(owner, key)) return found;
  const made: JsonObject = {};
  owner[key] = made;
  return made;
}

/** Sets each value whose key is absent or null. */
export function setDefaults(owner: JsonObject, values: JsonObject): void {
  for (const [key, value] of Object.entries(values)) owner[key] ??= value;
}

export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = clone((value as JsonObject)[key]);
  return copy as T;
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equal(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal((a as JsonObject)[key], (b as JsonObject)[key]));
}

/** JSON text with sorted keys: equal values have equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isJsonObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Parses untrusted JSON; a `__proto__` key is dropped, for it would change the object that it lies in. */
export function parseJson(text: string): unknown {
  if (!text.includes("__proto__")) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value));
}
