import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictsAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";
import { byExpendability, countAvailable, isActive, isReady, podFrom, withoutZeros } from "./pods.ts";

const key = "apps/replicasets";

/** Keeps as many pods as a ReplicaSet asks for. */
export const replicaSetController: Controller = {
  key,
  sync(set, tools) {
    const all = tools.controlled(set, "/pods");
    const active = all.filter(isActive);
    const failed = set.metadata.deletionTimestamp === undefined && !scale(set, active, tools);
    updateStatus(set, failed, tools);
  },
};

/** False where a pod could not be made; it is tried again. */
function scale(set: KubeObject, active: KubeObject[], tools: Tools): boolean {
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  for (let missing = wanted - active.length; missing > 0; missing--) {
    const pod = podFrom(set, valueAt(set, "spec", "template"), { generateName: `${set.metadata.name}-` });
    const created = tools.create("/pods", pod, set);
    if (created === undefined) {
      tools.again(set, key, 1000);
      return false;
    }
    const message = `Created pod: ${created.metadata.name}`;
    tools.events.record(set, {
      type: "Normal",
      reason: "SuccessfulCreate",
      message,
      component: "replicaset-controller",
    });
  }
  const doomed = active.length > wanted ? [...active].sort(byExpendability).slice(0, active.length - wanted) : [];
  for (const pod of doomed) {
    tools.remove(pod, "/pods");
    const message = `Deleted pod: ${pod.metadata.name}`;
    tools.events.record(set, {
      type: "Normal",
      reason: "SuccessfulDelete",
      message,
      component: "replicaset-controller",
    });
  }
  return true;
}

function updateStatus(set: KubeObject, failed: boolean, tools: Tools): void {
  const { cluster } = tools;
  const live = cluster.store.get(key, set.metadata.namespace, set.metadata.name);
  if (live === undefined) return;
  const all = tools.controlled(live, "/pods");
  const active = all.filter(isActive);
  const before = dictsAt(live, "status", "conditions").find((condition) => condition["type"] === "ReplicaFailure");
  const failure = (): unknown =>
    before ?? {
      type: "ReplicaFailure",
      status: "True",
      lastTransitionTime: cluster.timestamp(),
      reason: "FailedCreate",
      message: failureMessage(live, tools),
    };
  tools.setStatus(live, key, {
    ...withoutZeros(
      {
        replicas: active.length,
        fullyLabeledReplicas: active.length,
        readyReplicas: active.filter(isReady).length,
        availableReplicas: countAvailable(active, live, key, tools),
        observedGeneration: live.metadata.generation ?? 0,
        terminatingReplicas: all.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      },
      ["replicas", "terminatingReplicas"],
    ),
    ...(failed ? { conditions: [failure()] } : {}),
  });
}

function failureMessage(set: KubeObject, { cluster }: Tools): string {
  const events = cluster.store.list("/events", set.metadata.namespace);
  const last = events.findLast(
    (event) => valueAt(event, "involvedObject", "uid") === set.metadata.uid && event["reason"] === "FailedCreate",
  );
  return String(last?.["message"] ?? "").replace(/^Error creating: /, "");
}
