import { numberAt, stringAt } from "../../base/json-path.ts";
import { current, type HealthRule, inProgress, progress } from "./rule.ts";

export const statefulSetHealth: HealthRule = (object) => {
  // Somebody else decides when its pods are replaced.
  if (stringAt(object, "spec", "updateStrategy", "type") === "OnDelete")
    return current("Pods are updated when deleted");
  const count = (field: string) => numberAt(object, "status", field) ?? 0;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const replicas = count("replicas");

  if (replicas < wanted) return progress(replicas, wanted, "created");
  if (count("readyReplicas") < wanted) return progress(count("readyReplicas"), wanted, "ready");
  if (replicas > wanted) return inProgress(`${replicas - wanted} more than ${wanted} replicas are still to be removed`);

  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (partition > 0) {
    const toUpdate = Math.max(0, wanted - partition);
    if (count("updatedReplicas") < toUpdate) return progress(count("updatedReplicas"), toUpdate, "updated");
    return current(`${toUpdate} replicas above the partition are updated`);
  }
  if (stringAt(object, "status", "currentRevision") !== stringAt(object, "status", "updateRevision")) {
    return progress(count("updatedReplicas"), wanted, "updated");
  }
  return current(`${wanted} of ${wanted} replicas are ready`);
};
