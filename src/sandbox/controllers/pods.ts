import { type JsonObject, numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Tools } from "./engine.ts";
import { controllerOf } from "./owners.ts";

export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, "Ready")?.["status"] === "True";
}

export function conditionOf(object: KubeObject, type: string): JsonObject | undefined {
  return dictsAt(object, "status", "conditions").find((condition) => condition["type"] === type);
}

/** Neither ended nor about to be. */
export function isActive(pod: KubeObject): boolean {
  const phase = textAt(pod, "status", "phase");
  return pod.metadata.deletionTimestamp === undefined && phase !== "Succeeded" && phase !== "Failed";
}

/** How long until the pod has been ready for long enough: 0 when it is available, undefined when it isn't ready. */
export function msUntilAvailable(pod: KubeObject, minReadySeconds: number, now: number): number | undefined {
  const ready = conditionOf(pod, "Ready");
  if (ready?.["status"] !== "True") return undefined;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(textAt(ready, "lastTransitionTime")) + minReadySeconds * 1000 - now);
}

/** How many pods have been ready for long enough; looks again when the next one will have been. */
export function countAvailable(pods: KubeObject[], owner: KubeObject, key: string, tools: Tools): number {
  const minReadySeconds = numberAt(owner, "spec", "minReadySeconds") ?? 0;
  const waits = pods.map((pod) => msUntilAvailable(pod, minReadySeconds, tools.cluster.scheduler.now()));
  const next = waits.filter((wait) => wait !== undefined && wait > 0) as number[];
  if (next.length > 0) tools.again(owner, key, Math.min(...next));
  return waits.filter((wait) => wait === 0).length;
}

/** A pod made of an owner's template. */
export function podFrom(
  owner: KubeObject,
  template: unknown,
  name: { name: string } | { generateName: string },
): KubeObject {
  const { labels, annotations, finalizers } = dictAt(template, "metadata") as Record<string, Record<string, string>>;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      ...name,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(Array.isArray(finalizers) ? { finalizers } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    spec: dictAt(template, "spec"),
  };
}

export function controllerReference(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Those to lose first: not ready before ready, young before old. */
export function byExpendability(a: KubeObject, b: KubeObject): number {
  if (isReady(a) !== isReady(b)) return isReady(a) ? 1 : -1;
  const [ageA, ageB] = [a, b].map((pod) => Number(pod.metadata.resourceVersion));
  return (
    (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "") || (ageB ?? 0) - (ageA ?? 0)
  );
}

export function ownerIs(pod: KubeObject, kind: string): boolean {
  return controllerOf(pod)?.kind === kind;
}

/** Without the counts that are zero, which the API leaves out. */
export function withoutZeros(counts: Record<string, number>, always: string[] = []): JsonObject {
  return Object.fromEntries(Object.entries(counts).filter(([name, count]) => count !== 0 || always.includes(name)));
}
