import { GoSlice, nilList } from "../../base/go-objects.ts";
import { compareStrings } from "../../base/go-string.ts";
import type { GoValue } from "../../base/go-value.ts";
import { goText } from "../format.ts";
import { FunctionError, type FunctionTable, type GoFunction } from "../function.ts";
import { goKindOf } from "../go-type.ts";
import { toInt64 } from "./cast.ts";
import { checkItems, fn, nilDereference, runtimeError, variadic } from "./define.ts";
import { deepEqual, isEmpty, itemsOf } from "./reflect.ts";
import { toStrings } from "./text.ts";

const list = variadic(["any"], (...items: GoValue[]) => items);
const push = fn(["any", "any"], (value: GoValue, item: GoValue) => [...need(value, "Cannot push on type"), item]);
const prepend = fn(["any", "any"], (value: GoValue, item: GoValue) => [item, ...need(value, "Cannot prepend on type")]);
const first = onList("Cannot find first on type", (items) => items[0] ?? null);
const last = onList("Cannot find last on type", (items) => items.at(-1) ?? null);
const rest = onList("Cannot find rest on type", (items) => (items.length === 0 ? nilList : items.slice(1)));
const initial = onList("Cannot find initial on type", (items) => (items.length === 0 ? nilList : items.slice(0, -1)));
const reverse = onList("Cannot find reverse on type", (items) => items.toReversed());
const compact = onList("Cannot compact on type", (items) => items.filter((item) => !isEmpty(item)));
const uniq = onList("Cannot find uniq on type", unique);
const without = variadic(["any", "any"], (value: GoValue, ...omitted: GoValue[]) =>
  need(value, "Cannot find without on type").filter((item) => !includes(omitted, item)),
);
const has = fn(["any", "any"], (item: GoValue, value: GoValue) =>
  value === null ? false : includes(need(value, "Cannot find has on type"), item),
);
const slice = variadic(["any", "any"], sliceList);
const chunk = fn(["int", "any"], (size: bigint, value: GoValue) =>
  chunkItems(Number(size), need(value, "Cannot chunk type")),
);

/** Those with `must` fail with the same text as those without, since Helm reports a panic as an error. */
export const listFunctions: FunctionTable = {
  list,
  tuple: list,
  append: push,
  push,
  mustAppend: push,
  mustPush: push,
  prepend,
  mustPrepend: prepend,
  first,
  mustFirst: first,
  rest,
  mustRest: rest,
  last,
  mustLast: last,
  initial,
  mustInitial: initial,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq,
  mustUniq: uniq,
  without,
  mustWithout: without,
  has,
  mustHas: has,
  slice,
  mustSlice: slice,
  chunk,
  mustChunk: chunk,
  concat: variadic(["any"], concat),
  sortAlpha: fn(["any"], sortAlpha),
};

function onList(complaint: string, call: (items: GoValue[]) => GoValue): GoFunction {
  return fn(["any"], (value: GoValue) => call(need(value, complaint)));
}

function need(value: GoValue, complaint: string): GoValue[] {
  const items = itemsOf(value);
  if (items) return items;
  if (value === null) throw nilDereference();
  throw new FunctionError(`${complaint} ${goKindOf(value)}`);
}

function includes(items: GoValue[], wanted: GoValue): boolean {
  return items.some((item) => deepEqual(wanted, item));
}

function unique(items: GoValue[]): GoValue[] {
  const seen = new Set<GoValue>();
  const result: GoValue[] = [];
  for (const item of items) {
    const scalar = typeof item !== "object" || item === null;
    if (scalar ? seen.has(item) && !Number.isNaN(item) : includes(result, item)) continue;
    if (scalar) seen.add(item);
    result.push(item);
  }
  return result;
}

function sliceList(value: GoValue, ...indices: GoValue[]): GoValue {
  const items = itemsOf(value);
  if (!items) {
    if (value === null) throw nilDereference();
    throw new FunctionError(`list should be type of slice or array but ${goKindOf(value)}`);
  }
  if (items.length === 0) return null;
  const start = toInt64(indices[0] ?? null);
  const end = indices.length < 2 ? BigInt(items.length) : toInt64(indices[1] ?? null);
  if (start < 0n || end < start || end > items.length) {
    throw new FunctionError("reflect.Value.Slice: slice index out of bounds");
  }
  if (value instanceof GoSlice) return value.part(Number(start), Number(end));
  return items.slice(Number(start), Number(end));
}

function chunkItems(size: number, items: GoValue[]): GoValue {
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!(count >= 0 && count < Infinity) || (size < 0 && count > 0)) throw runtimeError("makeslice: len out of range");
  const chunks = Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
  return new GoSlice("[][]interface {}", chunks);
}

function concat(...lists: GoValue[]): GoValue {
  const parts = lists.map((value) => {
    const items = itemsOf(value);
    if (items) return items;
    if (value === null) throw nilDereference();
    throw new FunctionError(`Cannot concat type ${goKindOf(value)} as list`);
  });
  checkItems(parts.reduce((sum, part) => sum + part.length, 0));
  const result = parts.flat(1) as GoValue[];
  return result.length === 0 ? nilList : result;
}

/** A `[]string` is sorted in place, so that its other holders see it sorted: Helm does that too. */
function sortAlpha(value: GoValue): GoValue {
  const items = itemsOf(value);
  if (!items) return new GoSlice("[]string", [goText(value)]);
  const strings = toStrings(value).sort(compareStrings);
  if (!(value instanceof GoSlice) || value.goType !== "[]string") return new GoSlice("[]string", strings);
  value.items.splice(0, value.items.length, ...strings);
  return value;
}
