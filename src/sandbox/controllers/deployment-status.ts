import { type JsonObject, numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictsAt, textAt } from "../json.ts";
import type { Tools } from "./engine.ts";
import { conditionOf, withoutZeros } from "./pods.ts";
import { availableOf, boundsOf, sum } from "./rollout-maths.ts";

type Sets = { own: KubeObject[]; fresh: KubeObject | undefined };
type Counts = { replicas: number; updated: number; ready: number; available: number };

/** The status of a Deployment, and when the time it has to make progress will be over. */
export function deploymentStatus(
  deployment: KubeObject,
  sets: Sets,
  { cluster }: Tools,
): { status: JsonObject; againMs?: number } {
  const { wanted, maxUnavailable } = boundsOf(deployment);
  const status = (field: string) => (set: KubeObject) => numberAt(set, "status", field) ?? 0;
  const counts: Counts = {
    replicas: sum(sets.own, status("replicas")),
    updated: sum(sets.fresh === undefined ? [] : [sets.fresh], status("replicas")),
    ready: sum(sets.own, status("readyReplicas")),
    available: sum(sets.own, availableOf),
  };
  const conditions = new ConditionList(deployment, cluster.timestamp());
  const enough = counts.available >= wanted - maxUnavailable;
  conditions.set("Available", enough, {
    reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${enough ? "has" : "does not have"} minimum availability.`,
  });
  const againMs = progress(deployment, { counts, sets, conditions, now: cluster.scheduler.now() });
  const failure = sets.own
    .map((set) => conditionOf(set, "ReplicaFailure"))
    .find((condition) => condition !== undefined);
  if (failure === undefined) conditions.remove("ReplicaFailure");
  else
    conditions.set("ReplicaFailure", true, { reason: textAt(failure, "reason"), message: textAt(failure, "message") });
  const result: JsonObject = {
    ...withoutZeros(
      {
        observedGeneration: deployment.metadata.generation ?? 0,
        replicas: counts.replicas,
        updatedReplicas: counts.updated,
        readyReplicas: counts.ready,
        availableReplicas: counts.available,
        unavailableReplicas: Math.max(0, Math.max(wanted, counts.replicas) - counts.available),
        terminatingReplicas: sum(sets.own, status("terminatingReplicas")),
      },
      ["terminatingReplicas"],
    ),
    conditions: conditions.list(),
  };
  return againMs === undefined ? { status: result } : { status: result, againMs };
}

type Progress = { counts: Counts; sets: Sets; conditions: ConditionList; now: number };

function progress(deployment: KubeObject, { counts, sets, conditions, now }: Progress): number | undefined {
  const { wanted } = boundsOf(deployment);
  const before = conditionOf(deployment, "Progressing");
  const name = sets.fresh?.metadata.name ?? deployment.metadata.name;
  const deadlineMs = (numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600) * 1000;
  const current = (numberAt(deployment, "status", "observedGeneration") ?? 0) >= (deployment.metadata.generation ?? 0);
  const complete =
    counts.updated === wanted && counts.replicas === wanted && counts.available === wanted && sets.fresh !== undefined;
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    conditions.set("Progressing", true, { reason: "NewReplicaSetAvailable", message });
    return undefined;
  }
  // What was once complete and has only lost pods is not rolling out again.
  const settled =
    textAt(before, "reason") === "NewReplicaSetAvailable" && current && counts.replicas === counts.updated;
  if (settled) return undefined;
  if (before === undefined) {
    conditions.set("Progressing", true, {
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${name}"`,
    });
  } else if (!current || hasMoved(deployment, counts)) {
    conditions.set(
      "Progressing",
      true,
      { reason: "ReplicaSetUpdated", message: `ReplicaSet "${name}" is progressing.` },
      true,
    );
  }
  const last = Date.parse(textAt(conditions.get("Progressing"), "lastUpdateTime"));
  const leftMs = last + deadlineMs - now;
  if (leftMs > 0) return leftMs;
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  conditions.set("Progressing", false, { reason: "ProgressDeadlineExceeded", message });
  return undefined;
}

/** More new pods, fewer old ones, or more that are ready than the status last said. */
function hasMoved(deployment: KubeObject, counts: Counts): boolean {
  const was = (field: string) => numberAt(deployment, "status", field) ?? 0;
  const oldWas = was("replicas") - was("updatedReplicas");
  return (
    counts.updated > was("updatedReplicas") ||
    counts.replicas - counts.updated < oldWas ||
    counts.ready > was("readyReplicas") ||
    counts.available > was("availableReplicas")
  );
}

/** Conditions by type. One that changes moves to the end, as in the real controller. */
export class ConditionList {
  readonly #conditions: JsonObject[];
  readonly #now: string;

  constructor(object: KubeObject, now: string) {
    this.#conditions = dictsAt(object, "status", "conditions");
    this.#now = now;
  }

  get(type: string): JsonObject | undefined {
    return this.#conditions.find((condition) => condition["type"] === type);
  }

  set(type: string, holds: boolean, text: { reason: string; message: string }, renew = false): void {
    const before = this.get(type);
    const status = holds ? "True" : "False";
    const same = before !== undefined && before["status"] === status && before["reason"] === text.reason;
    if (same && !(renew || before["message"] !== text.message)) return;
    const lastTransitionTime = before?.["status"] === status ? before["lastTransitionTime"] : this.#now;
    this.remove(type);
    this.#conditions.push({ type, status, lastUpdateTime: this.#now, lastTransitionTime, ...text });
  }

  remove(type: string): void {
    const index = this.#conditions.findIndex((condition) => condition["type"] === type);
    if (index >= 0) this.#conditions.splice(index, 1);
  }

  list(): JsonObject[] {
    return this.#conditions;
  }
}
