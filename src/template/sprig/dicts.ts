import { GoSlice, nilList, nilMap } from "../../base/go-objects.ts";
import { type GoMap, GoObject, type GoValue } from "../../base/go-value.ts";
import { NamedMap } from "../../base/named-map.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { goTypeOf } from "../go-type.ts";
import { fn, variadic } from "./define.ts";
import { mergeMaps } from "./merge.ts";
import { textOf } from "./text.ts";

type Dict = GoMap | null;

const maxDepth = 1000;
const merge = variadic(["map[string]any", "map[string]any"], (into: Dict, ...sources: Dict[]) =>
  mergeAll(into, sources, false),
);
const mergeOverwrite = variadic(["map[string]any", "map[string]any"], (into: Dict, ...sources: Dict[]) =>
  mergeAll(into, sources, true),
);
const copy = fn(["any"], (value: GoValue) => {
  if (value === null) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  return deepCopy(value, 0);
});

/** A nil where Go takes a map is an empty map that can't be written to. */
export const dictFunctions: FunctionTable = {
  dict: variadic(["any"], dict),
  get: fn(["map[string]any", "string"], (map: Dict, key: string) => map?.get(key) ?? (map?.has(key) ? null : "")),
  set: fn(["map[string]any", "string", "any"], (map: Dict, key: string, value: GoValue) => {
    if (map === null) throw new FunctionError("assignment to entry in nil map");
    return map.set(key, value);
  }),
  unset: fn(["map[string]any", "string"], (map: Dict, key: string) => {
    map?.delete(key);
    return map ?? new Map();
  }),
  hasKey: fn(["map[string]any", "string"], (map: Dict, key: string) => map?.has(key) ?? false),
  pluck: variadic(["string", "map[string]any"], (key: string, ...maps: Dict[]) =>
    maps.filter((map) => map?.has(key)).map((map) => map?.get(key) ?? null),
  ),
  keys: variadic(
    ["map[string]any"],
    (...maps: Dict[]) =>
      new GoSlice(
        "[]string",
        maps.flatMap((map) => [...(map?.keys() ?? [])]),
      ),
  ),
  values: fn(["map[string]any"], (map: Dict) => [...(map?.values() ?? [])]),
  pick: variadic(["map[string]any", "string"], pick),
  omit: variadic(["map[string]any", "string"], (map: Dict, ...keys: string[]) => {
    const omitted = new Set(keys);
    return new Map([...(map ?? [])].filter(([key]) => !omitted.has(key)));
  }),
  merge,
  mustMerge: merge,
  mergeOverwrite,
  mustMergeOverwrite: mergeOverwrite,
  deepCopy: copy,
  mustDeepCopy: copy,
  dig: variadic(["any"], dig),
};

function dict(...pairs: GoValue[]): GoMap {
  const result: GoMap = new Map();
  for (let i = 0; i < pairs.length; i += 2)
    result.set(textOf(pairs[i] ?? null), i + 1 < pairs.length ? (pairs[i + 1] ?? null) : "");
  return result;
}

function pick(map: Dict, ...keys: string[]): GoMap {
  const result: GoMap = new Map();
  for (const key of keys) {
    const value = map?.get(key);
    if (value !== undefined) result.set(key, value);
  }
  return result;
}

function mergeAll(into: Dict, sources: Dict[], overwrite: boolean): GoValue {
  const target = into === nilMap ? new Map() : (into ?? new Map());
  for (const source of sources) if (source) mergeMaps(target, source, overwrite);
  return target;
}

function deepCopy(value: GoValue, depth: number): GoValue {
  if (typeof value !== "object" || value === null || value === nilList || value === nilMap) return value;
  if (depth > maxDepth) throw new FunctionError("the value is nested too deeply to be copied");
  if (value instanceof Map) return copyMap(value, depth);
  if (Array.isArray(value)) return value.map((item) => deepCopy(item, depth + 1));
  return value instanceof GoObject ? value.copy((item) => deepCopy(item, depth + 1)) : value;
}

function copyMap(map: GoMap, depth: number): GoMap {
  const result: GoMap = new Map();
  for (const [key, value] of map) result.set(key, deepCopy(value, depth + 1));
  return map instanceof NamedMap ? new NamedMap(map.goType, result, map.methods) : result;
}

function dig(...args: GoValue[]): GoValue {
  if (args.length < 3) throw new FunctionError("dig needs at least three arguments");
  const map = asMap(args.at(-1) ?? null);
  const keys = args.slice(0, -2).map(asString);
  let current = map;
  for (const [index, key] of keys.entries()) {
    const step = current.get(key);
    if (step === undefined) return args.at(-2) ?? null;
    if (index === keys.length - 1) return step;
    current = asMap(step);
  }
  return null;
}

function asMap(value: GoValue): GoMap {
  if (value instanceof Map && goTypeOf(value) === "map[string]interface {}") return value;
  throw conversion(value, "map[string]interface {}");
}

function asString(value: GoValue): string {
  if (typeof value === "string") return value;
  throw conversion(value, "string");
}

function conversion(value: GoValue, wanted: string): FunctionError {
  const type = value === null ? "nil" : goTypeOf(value);
  return new FunctionError(`interface conversion: interface {} is ${type}, not ${wanted}`);
}
