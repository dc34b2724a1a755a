import type { GoMap, GoValue } from "../base/go-value.ts";

/** Names of maps' members and indexes of lists. */
export type ValuePath = readonly (string | number)[];

/** Reads `image.tag`, `ports[0].name` and `annotations.example\\.com/x`. */
export function parseValuePath(text: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (const [, index, name = ""] of text.matchAll(/\[(\d+)\]|((?:\\.|[^.[\\])+)/gs)) {
    path.push(index === undefined ? name.replace(/\\(.)/gs, "$1") : Number(index));
  }
  return path;
}

/** What lies at the path, or `undefined` where there is nothing. */
export function lookUp(values: GoValue | undefined, path: ValuePath): GoValue | undefined {
  let current = values;
  for (const step of path) {
    if (current instanceof Map) current = current.get(String(step));
    else if (Array.isArray(current) && /^\d+$/.test(String(step))) current = current[Number(step)];
    else return undefined;
  }
  return current;
}

/** The map at a path of names joined by dots, or `undefined` where there is none. */
export function tableAt(values: GoMap, path: string): GoMap | undefined {
  let table = values;
  for (const name of path.split(".")) {
    const next = table.get(name);
    if (!(next instanceof Map)) return undefined;
    table = next;
  }
  return table;
}

/** What lies at a path of names joined by dots, or `undefined` where there is nothing or a map. */
export function valueAt(values: GoMap, path: string): GoValue | undefined {
  const dot = path.lastIndexOf(".");
  const table = dot < 0 ? values : tableAt(values, path.slice(0, dot));
  const value = table?.get(path.slice(dot + 1));
  return value instanceof Map ? undefined : value;
}
