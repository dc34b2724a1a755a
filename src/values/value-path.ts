import type { GoMap, GoValue } from "../base/go-value.ts";

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
