import { GoSlice, GoTypedMap } from "../base/go-objects.ts";
import { GoInt } from "../base/go-value.ts";
import type { ParamType } from "./function.ts";
import { goTypeOf } from "./go-type.ts";
import { fail, type State, type Value } from "./state.ts";

/** `value` is Go's reflect.Value, which the predefined functions take: nil and no value reach them as they are. */
export type EngineType = ParamType | "value";

/** Checks a value against a parameter's type and gives what the function is called with. */
export type Converter = (s: State, value: Value) => unknown;

const goNames: Partial<Record<EngineType, string>> = {
  any: "interface {}",
  "[]any": "[]interface {}",
  "[]byte": "[]uint8",
  "map[string]any": "map[string]interface {}",
  value: "reflect.Value",
};

export function goParamName(type: EngineType): string {
  return goNames[type] ?? type;
}

/** What nil becomes, or `undefined` for a type that has no nil. */
export function nilOf(type: EngineType): unknown {
  switch (type) {
    case "any":
      return null;
    case "map[string]any":
      return null;
    case "[]any":
    case "[]string":
    case "[]byte":
      return [];
    default:
      return undefined;
  }
}

/** A value as a type's functions get it, or `undefined` where it is not assignable. */
export function assign(value: Exclude<Value, undefined>, type: EngineType): unknown {
  switch (type) {
    case "any":
    case "value":
      return value;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "float64":
      return typeof value === "number" ? value : undefined;
    case "int64":
      return typeof value === "bigint" ? value : undefined;
    case "map[string]any":
      return assignMap(value);
    case "[]any":
      return Array.isArray(value) ? value : undefined;
    case "[]string":
      return value instanceof GoSlice && value.goType === type ? value.items : undefined;
    case "[]byte":
      return value instanceof GoSlice && value.goType === "[]uint8" ? value.items : undefined;
    default:
      if (goTypeOf(value) !== type) return undefined;
      return value instanceof GoInt ? value.value : value;
  }
}

// A named map type, such as common.Values, is assignable to the plain one.
function assignMap(value: Exclude<Value, undefined>): unknown {
  if (value instanceof Map) return value;
  return value instanceof GoTypedMap && value.zero === null ? value.entries : undefined;
}

const converters = new Map<EngineType, Converter>();

export function converterFor(type: EngineType): Converter {
  let converter = converters.get(type);
  if (converter === undefined) {
    converter = makeConverter(type);
    converters.set(type, converter);
  }
  return converter;
}

function makeConverter(type: EngineType): Converter {
  if (type === "value") return (_s, value) => value;
  if (type === "any") return (_s, value) => value ?? null;
  const name = goParamName(type);
  return (s, value) => {
    if (value === undefined) {
      const zero = nilOf(type);
      return zero === undefined ? fail(s, `invalid value; expected ${name}`) : zero;
    }
    const assigned = value === null ? undefined : assign(value, type);
    if (assigned !== undefined) return assigned;
    const got = value === null ? "interface {}" : goTypeOf(value);
    return fail(s, `wrong type for value; expected ${name}; got ${got}`);
  };
}
