import { numberAt } from "../base/json-path.ts";
import { groupOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { conditionOf } from "./health/conditions.ts";
import { daemonSetHealth } from "./health/daemon-set.ts";
import { deploymentHealth } from "./health/deployment.ts";
import { jobHealth } from "./health/job.ts";
import { apiServiceHealth, claimHealth, definitionHealth, namespaceHealth, serviceHealth } from "./health/others.ts";
import { podHealth } from "./health/pod.ts";
import { replicaSetHealth } from "./health/replica-set.ts";
import { current, failed, type HealthContext, type HealthRule, inProgress } from "./health/rule.ts";
import { statefulSetHealth } from "./health/stateful-set.ts";
import type { Health } from "./types.ts";

/** By `group/Kind`; a kind that is not here goes by its Ready condition. */
const rules: ReadonlyMap<string, HealthRule> = new Map([
  ["/Namespace", namespaceHealth],
  ["/PersistentVolumeClaim", claimHealth],
  ["/Pod", podHealth],
  ["/ReplicationController", replicaSetHealth],
  ["/Service", serviceHealth],
  ["apiextensions.k8s.io/CustomResourceDefinition", definitionHealth],
  ["apiregistration.k8s.io/APIService", apiServiceHealth],
  ["apps/DaemonSet", daemonSetHealth],
  ["apps/Deployment", deploymentHealth],
  ["apps/ReplicaSet", replicaSetHealth],
  ["apps/StatefulSet", statefulSetHealth],
  ["batch/Job", jobHealth],
]);

/** Kinds of Kubernetes itself that are what they should be as soon as they exist: nobody need ask the cluster. */
const currentOnceThere: ReadonlySet<string> = new Set([
  "/ConfigMap",
  "/Endpoints",
  "/Event",
  "/LimitRange",
  "/PersistentVolume",
  "/ResourceQuota",
  "/Secret",
  "/ServiceAccount",
  "autoscaling/HorizontalPodAutoscaler",
  "batch/CronJob",
  "policy/PodDisruptionBudget",
]);
const currentGroups: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

/** Whether an object's kind alone makes it Current, so that there is nothing to watch. */
export function isCurrentOnceThere(object: { apiVersion: string; kind: string }): boolean {
  const group = groupOf(object.apiVersion);
  return currentGroups.has(group) || currentOnceThere.has(`${group}/${object.kind}`);
}

/** Where an object stands on its way to what its spec asks for: kstatus's rules, in kstatus's order. */
export function healthOf(object: KubeObject, context: HealthContext = { now: Date.now() }): Health {
  if (object.metadata.deletionTimestamp !== undefined) {
    return { status: "Terminating", message: `The ${object.kind} is being deleted` };
  }
  if (isCurrentOnceThere(object)) return current(`The ${object.kind} is there`);
  const observed = numberAt(object, "status", "observedGeneration");
  const { generation } = object.metadata;
  if (observed !== undefined && generation !== undefined && observed !== generation) {
    return inProgress("The controller has not seen the change yet");
  }
  return (
    standardHealth(object) ??
    rules.get(`${groupOf(object.apiVersion)}/${object.kind}`)?.(object, context) ??
    readyHealth(object)
  );
}

function standardHealth(object: KubeObject): Health | undefined {
  const reconciling = conditionOf(object, "Reconciling");
  if (reconciling?.status === "True")
    return inProgress(reconciling.message || "It is being reconciled", reconciling.reason);
  const stalled = conditionOf(object, "Stalled");
  if (stalled?.status === "True") return failed(stalled.message || "It has stalled", stalled.reason);
  return undefined;
}

function readyHealth(object: KubeObject): Health {
  const ready = conditionOf(object, "Ready");
  if (ready === undefined) return current(`The ${object.kind} is there`);
  if (ready.status === "True") return current(ready.message || `The ${object.kind} is ready`);
  return inProgress(ready.message || `The ${object.kind} is not ready`, ready.reason);
}
