import { hasCode } from "../base/error.ts";
import type { KubeClient, KubeObject, Selection } from "../kube/types.ts";

/** What is seen: all there is at first and after each gap, then one object at a time. */
export type Sight =
  | { type: "all"; objects: KubeObject[] }
  | { type: "changed"; object: KubeObject }
  | { type: "deleted"; object: KubeObject };

export type Followed = { apiVersion: string; kind: string; selection: Selection };

/** One list and one watch, for as long as the signal lets it; lists again where the watch has lost its place. */
export async function* follow(kube: KubeClient, followed: Followed, signal: AbortSignal): AsyncGenerator<Sight> {
  const { apiVersion, kind, selection } = followed;
  while (!signal.aborted) {
    const { items, resourceVersion } = await kube.list(apiVersion, kind, selection, { signal });
    yield { type: "all", objects: items };
    try {
      for await (const { type, object } of kube.watch(apiVersion, kind, { ...selection, resourceVersion }, signal)) {
        if (type !== "BOOKMARK") yield { type: type === "DELETED" ? "deleted" : "changed", object };
      }
    } catch (error) {
      if (!hasCode(error, "KUBE_GONE")) throw error;
    }
  }
}
