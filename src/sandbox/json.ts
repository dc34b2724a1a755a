/** A JSON object whose shape is not known: read it with the helpers below, which never throw. */
export type Dict = { [key: string]: unknown };

export function isDict(value: unknown): value is Dict {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Dict)[step];
  }
  return current;
}

/** The object at the path, or an empty one that belongs to nothing. */
export function dictAt(value: unknown, ...path: (string | number)[]): Dict {
  const found = at(value, ...path);
  return isDict(found) ? found : {};
}

export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function dictsAt(value: unknown, ...path: (string | number)[]): Dict[] {
  return listAt(value, ...path).filter(isDict);
}

export function textAt(value: unknown, ...path: (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The object under the key, made and attached where there is none. */
export function ensureDict(owner: Dict, key: string): Dict {
  const found = owner[key];
  if (isDict(found) && Object.hasOwn(owner, key)) return found;
  const made: Dict = {};
  owner[key] = made;
  return made;
}

/** Sets each value whose key is absent or null. */
export function setDefaults(owner: Dict, values: Dict): void {
  for (const [key, value] of Object.entries(values)) owner[key] ??= value;
}

export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy: Dict = {};
  for (const key of Object.keys(value)) copy[key] = clone((value as Dict)[key]);
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
  return keys.every((key) => Object.hasOwn(b, key) && equal((a as Dict)[key], (b as Dict)[key]));
}

/** JSON text with sorted keys: equal values have equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isDict(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Parses untrusted JSON; a `__proto__` key is dropped, for it would change the object that it lies in. */
export function parseJson(text: string): unknown {
  if (!text.includes("__proto__")) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value));
}
