import { arrayAt, stringAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { conditionOf } from "./conditions.ts";
import { current, failed, type HealthRule, inProgress } from "./rule.ts";

/** How long a pod may wait for a node before it counts as one that none takes. */
export const scheduleWindowMs = 15_000;

export const podHealth: HealthRule = (object, { now, waitForPods = false }) => {
  switch (stringAt(object, "status", "phase")) {
    case "Succeeded":
      return current("The pod has completed");
    case "Failed":
      return failed(stringAt(object, "status", "message") ?? "The pod has failed", reasonOf(object));
    case "Running":
      return waitForPods ? inProgress("The pod runs") : runningHealth(object);
    case "Pending":
      return pendingHealth(object, now);
    default:
      return inProgress("No node has reported on the pod yet");
  }
};

function reasonOf(object: KubeObject): string {
  return stringAt(object, "status", "reason") ?? "PodFailed";
}

function runningHealth(object: KubeObject) {
  if (conditionOf(object, "Ready")?.status === "True") return current("The pod is ready");
  const looping = arrayAt(object, "status", "containerStatuses")
    .filter((status) => stringAt(status, "state", "waiting", "reason") === "CrashLoopBackOff")
    .map((status) => stringAt(status, "name") ?? "");
  if (looping.length > 0)
    return failed(`These containers crash again and again: ${looping.join(", ")}`, "CrashLoopBackOff");
  return inProgress("The pod runs and is not ready");
}

function pendingHealth(object: KubeObject, now: number) {
  const scheduled = conditionOf(object, "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return inProgress("The pod is pending");
  // Others are being evicted to make room for it.
  if (stringAt(object, "status", "nominatedNodeName")) return inProgress("The pod waits for a node");
  const created = Date.parse(object.metadata.creationTimestamp ?? "");
  if (now - created < scheduleWindowMs) return inProgress("The pod waits for a node");
  return failed(scheduled.message || "No node takes the pod", "Unschedulable");
}
