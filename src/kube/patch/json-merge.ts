import { jsonEqual } from "../../base/json-equal.ts";
import type { JsonObject } from "../../base/json-path.ts";
import { copyObject, has, kindOf, newObject } from "./json.ts";

/** The JSON merge patch (RFC 7386) that makes `modified` out of `original`. */
export function createJsonMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch = newObject();
  for (const key of Object.keys(modified)) {
    const after = modified[key];
    const before = has(original, key) ? original[key] : undefined;
    if (!has(original, key)) patch[key] = after;
    else if (kindOf(after) === "object" && kindOf(before) === "object") {
      const inner = createJsonMergePatch(before as JsonObject, after as JsonObject);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!jsonEqual(before, after)) patch[key] = after;
  }
  for (const key of Object.keys(original)) if (!has(modified, key)) patch[key] = null;
  return patch;
}

/** What RFC 7386 makes of the object; lists are replaced, null deletes. Neither is changed. */
export function applyJsonMergePatch(object: unknown, patch: unknown): unknown {
  if (kindOf(patch) !== "object") return patch;
  const merged = kindOf(object) === "object" ? copyObject(object as JsonObject) : newObject();
  for (const [key, value] of Object.entries(patch as JsonObject)) {
    if (value === null) delete merged[key];
    else merged[key] = applyJsonMergePatch(has(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

/** Of a merge patch only its nulls, or all but its nulls. */
export function sideOfMergePatch(patch: JsonObject, side: "additions" | "deletions"): JsonObject {
  const filtered = newObject();
  for (const [key, value] of Object.entries(patch)) {
    if (kindOf(value) === "object") {
      const inner = sideOfMergePatch(value as JsonObject, side);
      const isSetEmpty = Object.keys(value as JsonObject).length === 0 && side === "additions";
      if (isSetEmpty || Object.keys(inner).length > 0) filtered[key] = inner;
    } else if ((value === null) === (side === "deletions")) {
      filtered[key] = value;
    }
  }
  return filtered;
}

/** Both patches in one; they must not speak of the same values. */
export function joinMergePatches(deletions: JsonObject, additions: JsonObject): JsonObject {
  const joined = copyObject(deletions);
  for (const [key, value] of Object.entries(additions)) {
    const other = has(joined, key) ? joined[key] : undefined;
    const both = kindOf(value) === "object" && kindOf(other) === "object";
    joined[key] = both ? joinMergePatches(other as JsonObject, value as JsonObject) : value;
  }
  return joined;
}
