import { GoSlice } from "../go-objects.ts";
import { quoteGo } from "../go-quote.ts";
import type { GoMap, GoValue } from "../go-value.ts";
import { TomlMistake } from "./source.ts";

/** The document as it grows, and what may still be defined in it. */
export type Tables = {
  root: GoMap;
  context: string[];
  key: string;
  /** Where the key or header that is being read stands. */
  line: number;
  /** Tables that exist only because a longer key names them: they may be defined once. */
  implicit: Set<string>;
  arrays: Set<string>;
};

export function newTables(): Tables {
  return { root: new Map(), context: [], key: "", line: 1, implicit: new Set(), arrays: new Set() };
}

const BARE = /^[A-Za-z0-9_-]+$/;

export function keyText(path: readonly string[]): string {
  return path.map((part) => (BARE.test(part) ? part : quoteGo(part))).join(".");
}

function fail(t: Tables, message: string): TomlMistake {
  return new TomlMistake(message, t.line);
}

export function setType(t: Tables, key: string, type: "array" | "table" | "other"): void {
  const path = keyText(key === "" ? t.context : [...t.context, key]);
  if (type === "array") t.arrays.add(path);
  else t.arrays.delete(path);
}

/** The table that stands for the value: of a list of tables, the last. */
function tableIn(value: GoValue | undefined): GoMap | undefined {
  const table = value instanceof GoSlice ? value.items.at(-1) : value;
  return table instanceof Map ? table : undefined;
}

/** Goes to a table, makes those on the way to it, and defines it. */
export function addContext(t: Tables, path: readonly string[], isList: boolean): void {
  const parents = path.slice(0, -1);
  const last = path.at(-1) ?? "";
  let table = t.root;
  for (const [index, part] of parents.entries()) {
    const way = parents.slice(0, index + 1);
    if (!table.has(part)) {
      t.implicit.add(keyText(way));
      table.set(part, new Map());
    }
    const inner = tableIn(table.get(part));
    if (inner === undefined) throw fail(t, `Key '${keyText(way)}' was already created as a hash.`);
    table = inner;
  }
  t.context = [...parents];
  if (isList) addToList(t, table, path);
  else setValue(t, last, new Map());
  t.context = [...path];
}

function addToList(t: Tables, table: GoMap, path: readonly string[]): void {
  const last = path.at(-1) ?? "";
  const list = table.get(last) ?? new GoSlice("[]map[string]interface {}", []);
  if (!(list instanceof GoSlice)) {
    throw fail(t, `Key '${keyText(path)}' was already created and cannot be used as an array.`);
  }
  table.set(last, list);
  list.items.push(new Map());
}

export function setValue(t: Tables, key: string, value: GoValue): void {
  let table = t.root;
  for (const [index, part] of t.context.entries()) {
    const inner = tableIn(table.get(part));
    if (inner === undefined) throw fail(t, `Key '${keyText(t.context.slice(0, index + 1))}' has already been defined.`);
    table = inner;
  }
  const path = keyText([...t.context, key]);
  if (table.has(key)) {
    const isImplicit = t.implicit.delete(path);
    if (!isImplicit) throw fail(t, `Key '${path}' has already been defined.`);
    // What was implied is now defined, and stays; a list takes its place.
    if (!t.arrays.has(path)) return;
  }
  table.set(key, value);
}
