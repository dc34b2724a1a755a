import { stringAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";

// What the Cluster Autoscaler and Karpenter say of a pod for which they make a node.
const nodeReasons: ReadonlySet<string> = new Set(["TriggeredScaleUp", "Nominated"]);

/** Whether an autoscaler has said that it makes a node for a pod that fits on none: it may take minutes, and mends itself. */
export async function isNodeComing(kube: KubeClient, pod: KubeObject): Promise<boolean> {
  const { namespace = "default", uid = "" } = pod.metadata;
  try {
    const { items } = await kube.list("v1", "Event", { namespace, fieldSelector: `involvedObject.uid=${uid}` });
    return items.some((event) => nodeReasons.has(stringAt(event, "reason") ?? ""));
  } catch {
    // Without permission to read events nobody knows; then the rule for all others holds.
    return false;
  }
}
