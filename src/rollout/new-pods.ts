import { numberAt, stringAt, stringMapAt } from "../base/json-path.ts";
import { groupOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import type { OwnedStore } from "./store.ts";

const podOwners: ReadonlySet<string> = new Set([
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/Job",
]);
const revisionAnnotation = "deployment.kubernetes.io/revision";

/** Whether objects of this kind have pods of their own. */
export function hasPods(object: { apiVersion: string; kind: string }): boolean {
  return podOwners.has(`${groupOf(object.apiVersion)}/${object.kind}`);
}

/** What is known of the pods in the workload's namespace. */
export type Owned = { replicaSets: OwnedStore; pods: OwnedStore };

/** The pods that the workload's present template asks for: those of older revisions don't count. */
export function newPodsOf(workload: KubeObject, { replicaSets, pods }: Owned): KubeObject[] {
  const { kind, metadata } = workload;
  if (kind === "Deployment") return pods.of(newReplicaSetOf(workload, replicaSets)?.metadata.uid);
  return pods.of(metadata.uid).filter(isOfRevision(workload));
}

/** The ReplicaSet of a Deployment's present template; `undefined` while the controller has not made or chosen it. */
export function newReplicaSetOf(deployment: KubeObject, replicaSets: OwnedStore): KubeObject | undefined {
  const { generation } = deployment.metadata;
  // Until then its annotation names the revision before.
  if (generation !== undefined && numberAt(deployment, "status", "observedGeneration") !== generation) return undefined;
  const revision = stringAt(deployment, "metadata", "annotations", revisionAnnotation);
  return replicaSets
    .of(deployment.metadata.uid)
    .find((set) => stringAt(set, "metadata", "annotations", revisionAnnotation) === revision);
}

// A pod of a StatefulSet or a DaemonSet names its revision in a label.
function isOfRevision(workload: KubeObject): (pod: KubeObject) => boolean {
  const [label, revision] = revisionLabelOf(workload);
  if (revision === undefined) return () => true;
  return (pod) => (stringAt(pod, "metadata", "labels", label) ?? revision) === revision;
}

function revisionLabelOf(workload: KubeObject): [label: string, revision: string | undefined] {
  if (workload.kind === "StatefulSet") {
    return ["controller-revision-hash", stringAt(workload, "status", "updateRevision")];
  }
  const generation = stringAt(workload, "metadata", "annotations", "deprecated.daemonset.template.generation");
  return ["pod-template-generation", workload.kind === "DaemonSet" ? generation : undefined];
}

/** Labels that the pods of all these workloads carry: a selector that keeps the rest of a shared namespace off the wire. */
export function sharedPodLabels(workloads: KubeObject[]): Record<string, string> {
  const [first, ...rest] = workloads.map((workload) => stringMapAt(workload, "spec", "template", "metadata", "labels"));
  const shared = Object.entries(first ?? {}).filter(([key, value]) =>
    rest.every((labels) => Object.hasOwn(labels, key) && labels[key] === value),
  );
  return Object.fromEntries(shared);
}
