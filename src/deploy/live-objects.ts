import { mapConcurrently } from "../base/concurrency.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";
import type { ManifestObject } from "../plan/planner.ts";
import { servedOf } from "./recorded-objects.ts";

const maxConcurrentReads = 32;

/** What the cluster has of the objects, by `objectKey`. Each is asked for once, in its newest manifest's version where that is served. */
export async function fetchLive(
  kube: KubeClient,
  objects: readonly ManifestObject[],
  signal: AbortSignal,
): Promise<Map<string, KubeObject>> {
  const refs = new Map(objects.filter(isNamed).map(({ object }) => [objectKey(refOf(object)), refOf(object)]));
  const found = await mapConcurrently([...refs], maxConcurrentReads, async ([key, ref]) => {
    // A kind that only the chart's own definitions bring has no objects yet.
    const served = await servedOf(ref, kube.discovery, { again: false });
    if (served === undefined) return [];
    const { group, version } = served;
    const live = await kube.get({ ...ref, apiVersion: group === "" ? version : `${group}/${version}` }, { signal });
    return live === undefined ? [] : [[key, live] as const];
  });
  return new Map(found.flat());
}

// One that is to get a generated name can't be there yet.
function isNamed({ object }: ManifestObject): boolean {
  return Boolean(object.metadata.name);
}
