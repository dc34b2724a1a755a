import { stringAt } from "../base/json-path.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";
import type { ManifestObject } from "../plan/planner.ts";
import { sinceUninstall } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { configRolloutLabel } from "../render/config-rollout/config-rollout.ts";
import { readManifest } from "./objects.ts";

export type KeptConfiguration = {
  /** Keys of what a revision that can be gone back to needs. */
  needed: ReadonlySet<string>;
  /** What no kept revision has any more, as the cluster has it. */
  stale: ManifestObject[];
};

const none: KeptConfiguration = { needed: new Set(), stale: [] };

/**
 * What `--config-rollout rename` has named lives as long as a revision that succeeded needs it. Asks the cluster only where
 * the release has such objects.
 */
export async function keptConfiguration(
  kube: KubeClient,
  { release, history, objects }: { release: string; history: Release[]; objects: readonly ManifestObject[] },
  signal: AbortSignal,
): Promise<KeptConfiguration> {
  const renamed = objects.filter(({ object }) => isRenamed(object));
  if (renamed.length === 0) return none;
  const namespaces = new Set(renamed.flatMap(({ object }) => object.metadata.namespace ?? []));
  const needed = new Set(
    sinceUninstall(history)
      .filter(({ status }) => status === "deployed" || status === "superseded")
      .flatMap(({ manifest, namespace }) => namesIn(manifest, namespace)),
  );
  const known = new Set(objects.map(({ object }) => objectKey(refOf(object))));
  const lists = await Promise.all(
    [...namespaces].flatMap((namespace) =>
      ["ConfigMap", "Secret"].map((kind) =>
        kube.list("v1", kind, { namespace, labelSelector: `${configRolloutLabel}=${release}` }, { signal }),
      ),
    ),
  );
  const stale = lists
    .flatMap(({ items }) => items)
    .filter((object) => !known.has(objectKey(refOf(object))) && !needed.has(objectKey(refOf(object))))
    .map((object) => ({ object }));
  return { needed, stale };
}

function namesIn(manifest: string, namespace: string): string[] {
  // Reading all of a large manifest takes long, and most have none.
  if (!manifest.includes(configRolloutLabel)) return [];
  return readManifest(manifest)
    .filter(({ object }) => isRenamed(object))
    .map(({ object: { metadata, ...rest } }) => ({ ...rest, metadata: { namespace, ...metadata } }))
    .map((object) => objectKey(refOf(object)));
}

function isRenamed(object: KubeObject): boolean {
  return stringAt(object, "metadata", "labels", configRolloutLabel) !== undefined;
}
