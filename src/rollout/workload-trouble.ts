import type { KubeObject } from "../kube/types.ts";
import { conditionOf } from "./health/conditions.ts";
import type { Trouble } from "./pod-trouble.ts";

// What admission says of a pod for good. A quota may have room again once old pods are gone, hence a grace at all.
const refused =
  /exceeded quota|violates PodSecurity|admission webhook .* denied|is invalid|must specify|maximum .* usage per/i;
const refusedGraceMs = 3_000;
// A service account or a webhook may not be there yet.
const otherGraceMs = 15_000;

/** Why a workload can't make the pods that it needs; `undefined` where it can. */
export function creationTrouble(workload: KubeObject): Trouble | undefined {
  const failure = conditionOf(workload, "ReplicaFailure");
  if (failure?.status !== "True") return undefined;
  const graceMs = refused.test(failure.message) ? refusedGraceMs : otherGraceMs;
  return { reason: failure.reason || "FailedCreate", message: failure.message, graceMs };
}
