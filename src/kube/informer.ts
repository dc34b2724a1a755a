import { hasCode } from "../base/error.ts";
import type { KubeClient, KubeObject, ListResult, Selection, WatchEvent } from "./types.ts";

/** What came since the last call; the first call has all that was there. */
export type Observation = {
  /** All that live now, by uid. */
  objects: ReadonlyMap<string, KubeObject>;
  /** New, or with a new resourceVersion. */
  changed: KubeObject[];
  /** As they were last seen. */
  removed: KubeObject[];
};

export type Observed = {
  client: Pick<KubeClient, "list" | "watch">;
  apiVersion: string;
  kind: string;
  selection?: Selection;
  /** All that is selected, as it was written just now: no list is needed before the watch. */
  written?: KubeObject;
  signal: AbortSignal;
};

/**
 * Keeps a local copy of the selected objects and tells each change, until the signal aborts; then it resolves. Rejects
 * with what can't pass by itself, such as KUBE_FORBIDDEN, or with what `onChange` throws.
 */
export async function observe(observed: Observed, onChange: (observation: Observation) => void): Promise<void> {
  const { client, apiVersion, kind, selection = {}, signal } = observed;
  const objects = new Map<string, KubeObject>();
  let isFirst = true;
  let known = listOf(observed.written);

  while (!signal.aborted) {
    try {
      const list = known ?? (await client.list(apiVersion, kind, selection, { signal }));
      known = undefined;
      const difference = replaceAll(objects, list.items);
      if (isFirst || difference.changed.length > 0 || difference.removed.length > 0)
        onChange({ objects, ...difference });
      isFirst = false;
      const events = client.watch(apiVersion, kind, { ...selection, resourceVersion: list.resourceVersion }, signal);
      for await (const event of events) {
        const change = take(objects, event);
        if (change) onChange({ objects, ...change });
      }
    } catch (error) {
      if (signal.aborted) return;
      // The server no longer has the version that the watch was at: what changed meanwhile is in a new list.
      if (!hasCode(error, "KUBE_GONE")) throw error;
    }
  }
}

function listOf(written: KubeObject | undefined): ListResult | undefined {
  const { resourceVersion } = written?.metadata ?? {};
  return written && resourceVersion ? { items: [written], resourceVersion } : undefined;
}

type Difference = Pick<Observation, "changed" | "removed">;

function take(objects: Map<string, KubeObject>, { type, object }: WatchEvent): Difference | undefined {
  if (type === "BOOKMARK") return undefined;
  const key = keyOf(object);
  if (type === "DELETED") {
    objects.delete(key);
    return { changed: [], removed: [object] };
  }
  objects.set(key, object);
  return { changed: [object], removed: [] };
}

function replaceAll(objects: Map<string, KubeObject>, items: KubeObject[]): Difference {
  const next = new Map(items.map((item) => [keyOf(item), item]));
  const removed = [...objects].filter(([key]) => !next.has(key)).map(([, object]) => object);
  const changed = items.filter((item) => {
    const known = objects.get(keyOf(item));
    return known === undefined || known.metadata.resourceVersion !== item.metadata.resourceVersion;
  });
  objects.clear();
  for (const [key, item] of next) objects.set(key, item);
  return { changed, removed };
}

function keyOf({ metadata }: KubeObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ""}/${metadata.name}`;
}
