import type { Container, Place } from "./compose.ts";
import { readWith } from "./read.ts";

/** Counted from 1. */
export type Position = { line: number; column: number };

/** Finds where a key or a list's item stands. */
export type Positions = {
  /** `undefined` where the document has nothing at the path; of an alias, the place of what it stands for. */
  find: (path: readonly (string | number)[]) => Position | undefined;
  /** The same, or of the nearest part of the path that there is. */
  nearest: (path: readonly (string | number)[]) => Position | undefined;
};

/** Where everything stands in the first document of the text: reads it once more, so ask only when you need to. */
export function positionsOf(text: string, source?: string): Positions {
  const places = new Map<Container, Map<string | number, Place>>();
  const options = source === undefined ? {} : { source };
  const root = readWith(text, options, { plain: false, integers: false, strict: false, places });
  const follow = (path: readonly (string | number)[]) => {
    let current: unknown = root;
    let place: Place | undefined;
    for (const step of path) {
      const next = places.get(current as Container)?.get(step);
      if (next === undefined) return { place, complete: false };
      place = next;
      current = current instanceof Map ? current.get(step) : (current as unknown[])[step as number];
    }
    return { place, complete: true };
  };
  return {
    find: (path) => {
      const { place, complete } = follow(path);
      return complete ? fromOne(place) : undefined;
    },
    nearest: (path) => fromOne(follow(path).place),
  };
}

function fromOne(place: Place | undefined): Position | undefined {
  return place === undefined ? undefined : { line: place.line + 1, column: place.column + 1 };
}
