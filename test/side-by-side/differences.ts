import { isJsonObject } from "../../src/base/json-path.ts";
import type { Snapshot } from "./snapshot.ts";

/** One place where two snapshots are not equal; `undefined` where one has nothing there. */
export type Difference = { object: string; path: string; ours: unknown; theirs: unknown };

export function differencesOf(ours: Snapshot, theirs: Snapshot): Difference[] {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return keys.flatMap((key) =>
    placesOf(ours.get(key), theirs.get(key), "").map((place) => ({ object: key, ...place })),
  );
}

type Place = { path: string; ours: unknown; theirs: unknown };

function placesOf(ours: unknown, theirs: unknown, path: string): Place[] {
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, index) => placesOf(item, theirs[index], `${path}[${index}]`));
  }
  if (isJsonObject(ours) && isJsonObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => placesOf(ours[key], theirs[key], `${path}.${key}`));
  }
  return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ path, ours, theirs }];
}

export function describeDifference({ object, path, ours, theirs }: Difference): string {
  return `${object} ${path}: ${textOf(ours)} with Slipway, ${textOf(theirs)} with Helm`;
}

function textOf(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
