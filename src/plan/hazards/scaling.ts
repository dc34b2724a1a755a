import { stringAt, valueAt } from "../../base/json-path.ts";
import { describeRef, groupOf } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import type { Finding, HazardInput } from "./types.ts";

const scalable = new Set(["Deployment", "ReplicaSet", "StatefulSet"]);

/** True where an autoscaler would be of interest: the chart says itself how many pods there are to be. */
export function setsReplicas({ ref, desired }: { ref: ObjectRef; desired?: KubeObject }): boolean {
  return (
    scalable.has(ref.kind) && groupOf(ref.apiVersion) === "apps" && valueAt(desired, "spec", "replicas") !== undefined
  );
}

/** Workloads whose number of pods the chart sets back at each deploy, though an autoscaler keeps it. */
export function findScaled({ changes, autoscalers }: HazardInput): Finding[] {
  const isAutoscaler = (object: KubeObject) => object.kind === "HorizontalPodAutoscaler";
  const planned = changes.flatMap(({ desired }) => (desired && isAutoscaler(desired) ? [desired] : []));
  const going = changes.filter(({ action, ref }) => action === "delete" && ref.kind === "HorizontalPodAutoscaler");
  const staying = autoscalers.filter(
    ({ metadata: { name, namespace } }) =>
      ![...going.map(({ ref }) => ref), ...planned.map(({ metadata }) => metadata)].some(
        (other) => other.name === name && other.namespace === namespace,
      ),
  );
  return changes.filter(setsReplicas).flatMap(({ ref, desired }) => {
    const autoscaler = [...planned, ...staying].find((one) => targets(one, ref));
    if (autoscaler === undefined) return [];
    const { name, namespace } = autoscaler.metadata;
    const scaler = describeRef({
      apiVersion: "autoscaling/v2",
      kind: autoscaler.kind,
      name,
      ...(namespace ? { namespace } : {}),
    });
    const replicas = valueAt(desired, "spec", "replicas");
    const message = `${describeRef(ref)} is set to ${String(replicas)} replicas at each deploy, and ${scaler} scales it`;
    return [{ ref, field: "spec.replicas", message }];
  });
}

/** Whether the autoscaler says how many pods the workload has. */
export function targets(autoscaler: KubeObject, ref: ObjectRef): boolean {
  const target = (field: string) => stringAt(autoscaler, "spec", "scaleTargetRef", field);
  return (
    autoscaler.metadata.namespace === ref.namespace &&
    target("kind") === ref.kind &&
    target("name") === ref.name &&
    groupOf(target("apiVersion") ?? ref.apiVersion) === groupOf(ref.apiVersion)
  );
}
