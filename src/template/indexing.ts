import { GoSlice, GoTypedMap, nilList } from "../base/go-objects.ts";
import { byteLength, isAscii, sliceBytes, toBytes } from "../base/go-string.ts";
import { GoInt, type GoMap, type GoValue } from "../base/go-value.ts";
import { FunctionError } from "./function.ts";
import { goIntOf, goTypeOf } from "./go-type.ts";
import type { Value } from "./state.ts";

/** `len`, of text in bytes. */
export function length(item: Value): GoInt {
  if (item === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (item === null) throw new FunctionError("len of nil pointer");
  const count = typeof item === "string" ? byteLength(item) : (itemsOf(item)?.length ?? mapOf(item)?.size);
  if (count === undefined) throw new FunctionError(`len of type ${goTypeOf(item)}`);
  return new GoInt("int", BigInt(count));
}

function itemsOf(item: Value): GoValue[] | undefined {
  if (Array.isArray(item)) return item;
  return item instanceof GoSlice ? item.items : undefined;
}

function mapOf(item: Value): GoMap | undefined {
  if (item instanceof Map) return item;
  return item instanceof GoTypedMap ? item.entries : undefined;
}

/** `index x 1 2` is `x[1][2]`. */
export function index(item: Value, ...indexes: Value[]): Value {
  if (item === undefined || item === null) throw new FunctionError("index of untyped nil");
  let found: Value = item;
  for (const at of indexes) {
    if (found === null || found === undefined) throw new FunctionError("index of nil pointer");
    found = indexOne(found, at ?? undefined);
  }
  return found;
}

function indexOne(item: GoValue, at: Value): Value {
  const entries = mapOf(item);
  if (entries !== undefined) {
    const value = entries.get(keyOf(at));
    return value === undefined ? zeroOf(item) : value;
  }
  const items = itemsOf(item);
  if (items !== undefined) {
    const value = items[indexArgument(at, items.length)];
    if (value === undefined) throw new FunctionError("reflect: slice index out of range");
    return value;
  }
  if (typeof item !== "string") throw new FunctionError(`can't index item of type ${goTypeOf(item)}`);
  const position = indexArgument(at, byteLength(item));
  const byte = isAscii(item) ? item.charCodeAt(position) : toBytes(item)[position];
  if (byte === undefined || Number.isNaN(byte)) throw new FunctionError("reflect: string index out of range");
  return new GoInt("uint8", BigInt(byte));
}

function zeroOf(item: GoValue): GoValue {
  return item instanceof GoTypedMap ? item.zero : null;
}

function keyOf(at: Value): string {
  if (at === undefined || at === null) throw new FunctionError("value is nil; should be of type string");
  if (typeof at !== "string") throw new FunctionError(`value has type ${goTypeOf(at)}; should be string`);
  return at;
}

function indexArgument(at: Value, limit: number): number {
  if (at === undefined || at === null) throw new FunctionError("cannot index slice/array with nil");
  const int = goIntOf(at);
  if (int === undefined) throw new FunctionError(`cannot index slice/array with type ${goTypeOf(at)}`);
  if (int < 0n || int > BigInt(limit)) throw new FunctionError(`index out of range: ${BigInt.asIntN(64, int)}`);
  return Number(int);
}

/** `slice x 1 2` is `x[1:2]`, of text by byte. */
export function slice(item: Value, ...indexes: Value[]): Value {
  if (item === undefined || item === null) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  const items = itemsOf(item);
  if (typeof item !== "string" && items === undefined) {
    throw new FunctionError(`can't slice item of type ${goTypeOf(item)}`);
  }
  const limit = typeof item === "string" ? byteLength(item) : (items?.length ?? 0);
  const [from = 0, to = limit, cap] = indexes.map((at) => indexArgument(at, limit));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (cap !== undefined && to > cap) throw new FunctionError(`invalid slice index: ${to} > ${cap}`);
  if (typeof item === "string") return sliceBytes(item, from, to);
  if (item instanceof GoSlice) return item.part(from, to);
  return item === nilList ? nilList : (items?.slice(from, to) ?? []);
}
