import { GoInt, type GoValue } from "../base/go-value.ts";
import { NamedMap } from "../base/named-map.ts";

/** A value's type as `%T` prints it; `<nil>` for nil. */
export function goTypeOf(value: GoValue): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "bigint":
      return "int64";
  }
  if (value === null) return "<nil>";
  if (value instanceof GoInt) return value.kind;
  if (value instanceof Map) return value instanceof NamedMap ? value.goType : "map[string]interface {}";
  return Array.isArray(value) ? "[]interface {}" : value.goType;
}

/** A value's kind as reflect.Kind names it; `invalid` for nil. */
export function goKindOf(value: GoValue): string {
  if (value === null) return "invalid";
  if (typeof value !== "object" || value instanceof GoInt) return goTypeOf(value);
  if (value instanceof Map) return "map";
  return Array.isArray(value) ? "slice" : value.goKind;
}

/** The number that an integer of any kind holds; durations, months and weekdays are integers too. */
export function goIntOf(value: GoValue | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof GoInt) return value.value;
  return "goInt" in value && typeof value.goInt === "bigint" ? value.goInt : undefined;
}
