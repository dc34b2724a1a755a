import type { GoMap } from "../base/go-value.ts";
import { fromJson } from "../values/json-prefix.ts";
import type { SyncLookup } from "./engine.ts";
import type { Lookup } from "./types.ts";

/** Rendering again and again ends even where a template asks for something else in every attempt. */
const maxAttempts = 10;

/**
 * Templates run without waiting, reads of the cluster don't. So what a first attempt looks up reads as nothing, is
 * fetched all at once behind it, and the next attempt finds it. An attempt counts when it missed nothing.
 */
export async function withLookups<T>(lookup: Lookup | undefined, render: (lookup?: SyncLookup) => T): Promise<T> {
  if (lookup === undefined) return render();
  const known = new Map<string, GoMap>();
  for (let attempt = 1; ; attempt++) {
    const missing = new Map<string, Parameters<Lookup>>();
    const outcome = attempted(() =>
      render((...query) => {
        const key = JSON.stringify(query);
        const found = known.get(key);
        if (found === undefined) missing.set(key, query);
        return found ?? new Map();
      }),
    );
    if (missing.size === 0 || attempt === maxAttempts) return outcome();
    await Promise.all([...missing].map(async ([key, query]) => known.set(key, toMap(await lookup(...query)))));
  }
}

// A failure counts only when nothing was missing: it may come from what was not known yet.
function attempted<T>(action: () => T): () => T {
  try {
    const result = action();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function toMap(value: unknown): GoMap {
  const map = fromJson(value);
  return map instanceof Map ? map : new Map();
}
