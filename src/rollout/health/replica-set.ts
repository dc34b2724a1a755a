import { numberAt } from "../../base/json-path.ts";
import { conditionOf } from "./conditions.ts";
import { current, type HealthRule, inProgress, progress } from "./rule.ts";

/** Also of ReplicationControllers, whose status is alike. */
export const replicaSetHealth: HealthRule = (object) => {
  const failure = conditionOf(object, "ReplicaFailure");
  if (failure?.status === "True") return inProgress(failure.message, failure.reason);
  const count = (field: string) => numberAt(object, "status", field) ?? 0;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;

  if (count("fullyLabeledReplicas") < wanted) return progress(count("fullyLabeledReplicas"), wanted, "created");
  if (count("readyReplicas") < wanted) return progress(count("readyReplicas"), wanted, "ready");
  if (count("availableReplicas") < wanted) return progress(count("availableReplicas"), wanted, "available");
  if (count("replicas") > wanted) {
    return inProgress(`${count("replicas") - wanted} more than ${wanted} replicas are still to be removed`);
  }
  return current(`${wanted} of ${wanted} replicas are available`);
};
