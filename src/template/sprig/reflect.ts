import { GoSlice, GoStruct, GoTypedMap, nilList } from "../../base/go-objects.ts";
import { GoInt, type GoMap, type GoValue } from "../../base/go-value.ts";
import { FunctionError } from "../function.ts";

const maxDepth = 1000;

/** The items of a slice of any type, or undefined for everything else. */
export function itemsOf(value: GoValue): GoValue[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof GoSlice ? value.items : undefined;
}

export function entriesOf(value: GoValue): GoMap | undefined {
  if (value instanceof Map) return value;
  return value instanceof GoTypedMap ? value.entries : undefined;
}

/** Go's zero values and what has no length; a struct is never empty. */
export function isEmpty(value: GoValue): boolean {
  if (typeof value === "string") return value === "";
  if (value === null || value === false || value === 0 || value === 0n) return true;
  if (typeof value !== "object") return false;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof GoInt) return value.value === 0n;
  const items = itemsOf(value);
  if (items) return items.length === 0;
  if (value instanceof GoTypedMap) return value.entries.size === 0;
  return hasZeroInt(value);
}

// Durations, months and weekdays are integers in Go.
function hasZeroInt(value: object): boolean {
  return "goInt" in value && value.goInt === 0n;
}

/** reflect.DeepEqual: types count, so `1` differs from an int64 of 1, and a nil list from an empty one. */
export function deepEqual(a: GoValue, b: GoValue, depth = 0): boolean {
  if (depth > maxDepth) throw new FunctionError("the value is nested too deeply to be compared");
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  if (a instanceof GoInt) return b instanceof GoInt && a.kind === b.kind && a.value === b.value;
  if (a instanceof Map) return b instanceof Map && equalMaps(a, b, depth);
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b, depth);
  if (a === b) return true;
  if (b instanceof GoInt || b instanceof Map || Array.isArray(b) || a.goType !== b.goType) return false;
  if (a instanceof GoSlice && b instanceof GoSlice) return equalLists(a.items, b.items, depth);
  if (a instanceof GoTypedMap && b instanceof GoTypedMap) return equalMaps(a.entries, b.entries, depth);
  if (a instanceof GoStruct && b instanceof GoStruct) return equalMaps(a.fields, b.fields, depth);
  if ("goInt" in a && "goInt" in b) return a.goInt === b.goInt;
  return "equals" in a && typeof a.equals === "function" && a.equals(b) === true;
}

function equalLists(a: GoValue[], b: GoValue[], depth: number): boolean {
  if (a === b) return true;
  if (a.length !== b.length || (a === nilList) !== (b === nilList)) return false;
  return a.every((item, index) => deepEqual(item, b[index] ?? null, depth + 1));
}

function equalMaps(a: GoMap, b: GoMap, depth: number): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !deepEqual(value, other, depth + 1)) return false;
  }
  return true;
}
