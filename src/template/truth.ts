import { GoSlice, GoTypedMap } from "../base/go-objects.ts";
import { GoInt } from "../base/go-value.ts";
import { goIntOf } from "./go-type.ts";
import type { Value } from "./state.ts";

/** Whether `if` takes a value for true: not nil, not zero, not empty. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false;
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value !== "";
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
  }
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof GoInt) return value.value !== 0n;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoTypedMap) return value.entries.size > 0;
  return goIntOf(value) !== 0n;
}
