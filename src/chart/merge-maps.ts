import type { GoMap, GoValue } from "../base/go-value.ts";

/** `b` over `a`, maps merged at any depth; neither is changed, but the result shares their parts. */
export function mergeMaps(a: GoMap, b: GoMap): GoMap {
  const merged: GoMap = new Map(a);
  for (const [key, value] of b) {
    const below = merged.get(key);
    merged.set(key, value instanceof Map && below instanceof Map ? mergeMaps(below, value) : value);
  }
  return merged;
}

/** A copy that shares no map or list with the original. */
export function copyValue(value: GoValue): GoValue {
  if (value instanceof Map) return copyMap(value);
  return Array.isArray(value) ? value.map(copyValue) : value;
}

export function copyMap(map: GoMap): GoMap {
  const copy: GoMap = new Map();
  map.forEach((value, key) => {
    copy.set(key, typeof value === "object" && value !== null ? copyValue(value) : value);
  });
  return copy;
}
