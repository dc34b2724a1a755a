import { GoTypedMap } from "../../base/go-objects.ts";
import type { GoMap } from "../../base/go-value.ts";
import { FunctionError } from "../function.ts";
import { entriesOf, isEmpty, itemsOf } from "./reflect.ts";

const maxDepth = 1000;

/**
 * Merges as the mergo library does: maps are merged into each other in place, everything else is set where the target
 * has nothing or an empty value, or always with `overwrite`. A nil in the source counts only with `overwrite`.
 */
export function mergeMaps(target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  if (depth > maxDepth) throw new FunctionError("the value is nested too deeply to be merged");
  if (target === source) return;
  for (const [key, value] of source) {
    if (value === null) {
      if (overwrite) target.set(key, null);
      continue;
    }
    const old = target.get(key);
    const from = entriesOf(value);
    const into = old === undefined ? undefined : entriesOf(old);
    if (from && into) {
      if (old instanceof GoTypedMap && value instanceof Map) checkTyped(old, value, overwrite);
      mergeMaps(into, from, overwrite, depth + 1);
    }
    const list = itemsOf(value) !== undefined;
    if (list && (overwrite || target.size === 0)) target.set(key, value);
    // Read only now: the merge above may have filled what was empty.
    const kept = old !== undefined && !isEmpty(old);
    if (kept && (list || (from && into))) continue;
    if (overwrite || !kept) target.set(key, value);
  }
}

// Reflection can't put a value of any type into a map of strings.
function checkTyped(target: GoTypedMap, source: GoMap, overwrite: boolean): void {
  for (const [key, value] of source) {
    if (value === null || (!overwrite && !isEmpty(target.entries.get(key) ?? null))) continue;
    const type = target.goType.replace(/^map\[string\]/, "");
    throw new FunctionError(`reflect.Value.SetMapIndex: value of type interface {} is not assignable to type ${type}`);
  }
}
