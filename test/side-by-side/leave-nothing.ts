import { refOf } from "../../src/kube/ref.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { everyObject } from "./snapshot.ts";

/** Takes away all that was not there at the start, of a cluster that nobody else uses; `before` are the uids of what was. */
export async function leaveNothing(world: World, before: ReadonlySet<unknown>, namespace: string): Promise<void> {
  for (;;) {
    const left = (await everyObject(world.kube)).filter(({ metadata }) => !before.has(metadata.uid));
    const ours = left.filter((object) => isRoot(object, namespace));
    if (ours.length === 0) return;
    for (const object of ours.sort(webhooksFirst)) await remove(world, object);
  }
}

// What lies in a namespace goes with it, as custom objects with their definition.
function isRoot({ metadata, kind }: KubeObject, namespace: string): boolean {
  if (kind === "APIService" && metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] !== undefined)
    return false;
  return metadata.namespace === undefined || (metadata.namespace !== namespace && kind !== "Pod");
}

function webhooksFirst(a: KubeObject, b: KubeObject): number {
  return Number(b.kind.endsWith("WebhookConfiguration")) - Number(a.kind.endsWith("WebhookConfiguration"));
}

async function remove({ kube }: World, object: KubeObject): Promise<void> {
  if (object.metadata.finalizers?.length && object.kind !== "CustomResourceDefinition") {
    await kube.patch(refOf(object), "merge", { metadata: { finalizers: null } }).catch(() => {});
  }
  await kube.delete(refOf(object), { propagation: "Background" });
}
