import type { GoMap } from "../base/go-value.ts";
import { FunctionError } from "../template/function.ts";
import { fromJson } from "../values/json-prefix.ts";
import type { Lookup } from "./types.ts";

/** What templates may ask of the world outside: objects of the cluster, and addresses of hosts. */
export type Sources = { lookup?: Lookup; resolveHost?: (name: string) => Promise<string | undefined> };

/** The same for templates, which can't wait; an empty map where there is no such object. */
export type SyncSources = {
  lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => GoMap;
  resolveHost?: (name: string) => string;
};

/** Rendering again and again ends even where a template asks for something else in every attempt. */
const maxAttempts = 10;

/**
 * Templates run without waiting, reads of the cluster don't. So what a first attempt looks up reads as nothing, is
 * fetched all at once behind it, and the next attempt finds it. An attempt counts when it missed nothing.
 */
export async function withLookups<T>(sources: Sources, render: (sources: SyncSources) => T): Promise<T> {
  const { lookup, resolveHost } = sources;
  if (lookup === undefined && resolveHost === undefined) return render({});
  const objects = lookup && createAnswers((...query: Parameters<Lookup>) => lookup(...query));
  const hosts = resolveHost && createAnswers(resolveHost);
  const sync: SyncSources = {
    ...(objects && { lookup: (...query) => toMap(objects.find(query).answer) }),
    ...(hosts && { resolveHost: (name) => addressIn(name, hosts.find([name])) }),
  };
  for (let attempt = 1; ; attempt++) {
    const outcome = attempted(() => render(sync));
    const missing = [...(objects?.missing() ?? []), ...(hosts?.missing() ?? [])];
    if (missing.length === 0 || attempt === maxAttempts) return outcome();
    await Promise.all(missing.map((fetch) => fetch()));
  }
}

type Found<Answer> = { isKnown: boolean; answer: Answer | undefined };

/** Answers by what was asked; what has none yet is remembered as missing until it is fetched. */
function createAnswers<Query extends unknown[], Answer>(ask: (...query: Query) => Answer | Promise<Answer>) {
  const known = new Map<string, Answer>();
  let asked = new Map<string, Query>();
  return {
    find(query: Query): Found<Answer> {
      const key = JSON.stringify(query);
      const isKnown = known.has(key);
      if (!isKnown) asked.set(key, query);
      return { isKnown, answer: known.get(key) };
    },
    missing(): (() => Promise<void>)[] {
      const fetches = [...asked].map(([key, query]) => async () => {
        known.set(key, await ask(...query));
      });
      asked = new Map();
      return fetches;
    },
  };
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

function addressIn(name: string, { isKnown, answer }: Found<string | undefined>): string {
  if (isKnown && answer === undefined) throw new FunctionError(`no address is known of the host ${name}`);
  return answer ?? "";
}

function toMap(value: unknown): GoMap {
  const map = fromJson(value);
  return map instanceof Map ? map : new Map();
}
