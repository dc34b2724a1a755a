import { numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";
import { countAvailable, isReady, msUntilAvailable, withoutZeros } from "./pods.ts";
import { revisionOf } from "./revisions.ts";
import { makeReplica, ordinalOf, revisionLabel } from "./stateful-pod.ts";

const key = "apps/statefulsets";

type Plan = { set: KubeObject; pods: Map<number, KubeObject>; current: string; update: string; tools: Tools };

/** Keeps a StatefulSet's pods in their order: makes and ends one after the other, each once those before it are ready. */
export const statefulSetController: Controller = {
  key,
  sync(set, tools) {
    const revision = revisionOf(set, tools);
    if (revision === undefined) return;
    const update = revision.metadata.name;
    const current = textAt(set, "status", "currentRevision") || update;
    const pods = new Map(tools.controlled(set, "/pods").map((pod) => [ordinalOf(pod), pod] as const));
    if (set.metadata.deletionTimestamp === undefined) move({ set, pods, current, update, tools });
    updateStatus(set, { current, update }, tools);
  },
};

function move(plan: Plan): void {
  const { set, pods, tools } = plan;
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const first = numberAt(set, "spec", "ordinals", "start") ?? 0;
  const isOrdered = textAt(set, "spec", "podManagementPolicy") !== "Parallel";
  for (let ordinal = first; ordinal < first + wanted; ordinal++) {
    const isSettled = keepReplica(plan, ordinal);
    if (!isSettled && isOrdered) return;
  }
  const excess = [...pods.keys()]
    .filter((ordinal) => ordinal < first || ordinal >= first + wanted)
    .sort((a, b) => b - a);
  for (const ordinal of excess) {
    const pod = pods.get(ordinal);
    if (pod === undefined) continue;
    if (pod.metadata.deletionTimestamp === undefined) remove(plan, pod);
    if (isOrdered) return;
  }
  if (textAt(set, "spec", "updateStrategy", "type") !== "OnDelete") updateOne(plan, { first, wanted, tools });
}

/** False where the replica is not there, or not ready. */
function keepReplica({ set, pods, current, update, tools }: Plan, ordinal: number): boolean {
  const pod = pods.get(ordinal);
  if (pod === undefined) {
    const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
    const isHeld = textAt(set, "spec", "updateStrategy", "type") === "OnDelete" ? false : ordinal < partition;
    makeReplica(set, { ordinal, revision: isHeld ? current : update }, tools);
    return false;
  }
  const phase = textAt(pod, "status", "phase");
  if ((phase === "Failed" || phase === "Succeeded") && pod.metadata.deletionTimestamp === undefined) {
    tools.remove(pod, "/pods");
    return false;
  }
  const minReadySeconds = numberAt(set, "spec", "minReadySeconds") ?? 0;
  const waitMs = msUntilAvailable(pod, minReadySeconds, tools.cluster.scheduler.now());
  return waitMs === 0 && pod.metadata.deletionTimestamp === undefined;
}

// From the last to the first, and one at a time; those below the partition keep their revision.
function updateOne(plan: Plan, { first, wanted, tools }: { first: number; wanted: number; tools: Tools }): void {
  const { set, pods, update } = plan;
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const now = tools.cluster.scheduler.now();
  for (let ordinal = first + wanted - 1; ordinal >= Math.max(first, partition); ordinal--) {
    const pod = pods.get(ordinal);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    if (pod.metadata.labels?.[revisionLabel] !== update) {
      remove(plan, pod);
      return;
    }
    if (msUntilAvailable(pod, numberAt(set, "spec", "minReadySeconds") ?? 0, now) !== 0) return;
  }
}

function remove({ set, tools }: Plan, pod: KubeObject): void {
  tools.remove(pod, "/pods");
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  tools.events.record(set, {
    type: "Normal",
    reason: "SuccessfulDelete",
    message,
    component: "statefulset-controller",
  });
}

function updateStatus(set: KubeObject, revisions: { current: string; update: string }, tools: Tools): void {
  const pods = tools.controlled(set, "/pods");
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const countAt = (revision: string) => alive.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision).length;
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const ready = pods.filter(isReady).length;
  const { update } = revisions;
  const rolling = textAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
  const isComplete = rolling && countAt(update) === wanted && pods.length === wanted && ready === wanted;
  const current = isComplete ? update : revisions.current;
  const live = tools.cluster.store.get(key, set.metadata.namespace, set.metadata.name);
  if (live === undefined) return;
  tools.setStatus(live, key, {
    ...withoutZeros(
      {
        observedGeneration: set.metadata.generation ?? 0,
        replicas: pods.length,
        readyReplicas: ready,
        availableReplicas: countAvailable(alive, set, key, tools),
        currentReplicas: countAt(current),
        updatedReplicas: countAt(update),
        collisionCount: 0,
      },
      ["replicas", "availableReplicas", "collisionCount"],
    ),
    currentRevision: current,
    updateRevision: update,
    ...(dictsAt(live, "status", "conditions").length === 0 ? {} : { conditions: dictAt(live, "status")["conditions"] }),
  });
}
