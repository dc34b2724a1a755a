import { booleanAt, numberAt } from "../../base/json-path.ts";
import { conditionOf } from "./conditions.ts";
import { current, failed, type HealthRule, inProgress, progress } from "./rule.ts";

// The controller's word for «no deadline»: it then sets no Progressing condition.
const noDeadline = 2 ** 31 - 1;

export const deploymentHealth: HealthRule = (object) => {
  // Nothing moves until somebody resumes it; Helm does not wait either.
  if (booleanAt(object, "spec", "paused")) return current("The Deployment is paused");
  const progressing = conditionOf(object, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(progressing.message || "The progress deadline is exceeded", progressing.reason);
  }
  const count = (field: string) => numberAt(object, "status", field) ?? 0;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const replicas = count("replicas");
  const updated = count("updatedReplicas");

  if (replicas < wanted) return progress(replicas, wanted, "created");
  if (updated < wanted) return progress(updated, wanted, "updated");
  if (replicas > wanted) {
    const old = replicas - wanted;
    return inProgress(`${old} old ${old === 1 ? "replica is" : "replicas are"} still to be removed`);
  }
  if (count("readyReplicas") < wanted) return progress(count("readyReplicas"), wanted, "ready");
  if (count("availableReplicas") < updated) return progress(count("availableReplicas"), wanted, "available");

  const deadline = numberAt(object, "spec", "progressDeadlineSeconds") ?? noDeadline;
  if (deadline !== noDeadline && progressing?.reason !== "NewReplicaSetAvailable") {
    return inProgress("The new ReplicaSet is not available yet");
  }
  if (conditionOf(object, "Available")?.status !== "True") return inProgress("The Deployment is not available yet");
  return current(`${wanted} of ${wanted} replicas are available`);
};
