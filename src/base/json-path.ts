export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What lies at the path in untrusted JSON; inherited names such as `constructor` are never found. */
export function valueAt(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** The string at the path, or `undefined` where there is none or something else. */
export function stringAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number at the path, or `undefined` where there is none or something else. */
export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The boolean at the path, or `undefined` where there is none or something else. */
export function booleanAt(value: unknown, ...path: (string | number)[]): boolean | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "boolean" ? found : undefined;
}

/** The object at the path, or `undefined` where there is none or something else. */
export function objectAt(value: unknown, ...path: (string | number)[]): JsonObject | undefined {
  const found = valueAt(value, ...path);
  return isJsonObject(found) ? found : undefined;
}

/** The list at the path; empty where there is none or something else. */
export function arrayAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The strings among the members of the object at the path, as for labels and annotations. */
export function stringMapAt(value: unknown, ...path: (string | number)[]): Record<string, string> {
  const strings = Object.entries(objectAt(value, ...path) ?? {}).filter(([, member]) => typeof member === "string");
  return Object.fromEntries(strings) as Record<string, string>;
}
