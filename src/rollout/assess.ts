import type { KubeObject, ObjectRef } from "../kube/types.ts";
import { conditionOf } from "./health/conditions.ts";
import type { HealthContext } from "./health/rule.ts";
import { healthOf, isCurrentOnceThere } from "./health.ts";
import { newPodsOf, newReplicaSetOf, type Owned } from "./new-pods.ts";
import type { Patience } from "./patience.ts";
import { podTroubles, type Trouble } from "./pod-trouble.ts";
import type { Health } from "./types.ts";
import { creationTrouble } from "./workload-trouble.ts";

/** One object that is tracked, and what was seen of it so far. */
export type Tracked = {
  ref: ObjectRef;
  /** The object as our write left it: an older state in the cluster says nothing yet. */
  written?: KubeObject;
  /** False until the cluster was asked; only then does an absent `live` mean that it is not there. */
  listed: boolean;
  live?: KubeObject;
  /** The last state before it was deleted. */
  gone?: KubeObject;
  /** The first state that was seen; a deadline exceeded in it may be an older rollout's. */
  first?: KubeObject;
};

export type Assessment = {
  health: Health;
  /** True where waiting will not make it Current. */
  final: boolean;
  /** What stands in the way, and the pod where it is a pod's. */
  trouble?: Trouble;
  pod?: KubeObject;
  /** When to look again, though nothing may be seen to change until then. */
  recheckMs?: number;
};

export type AssessContext = HealthContext & {
  owned: Owned;
  patience: Patience;
  crashRestarts?: number;
  /** The uids of pods for which a new node is on its way. */
  awaitingNode: ReadonlySet<string>;
};

const goneGraceMs = 5_000;
const oldDeadlineGraceMs = 15_000;

/** Where one object stands, its pods counted in. Pure but for what `patience` remembers. */
export function assess(tracked: Tracked, context: AssessContext): Assessment {
  const { ref, live } = tracked;
  if (isCurrentOnceThere(ref)) return open({ status: "Current", message: `The ${ref.kind} is there` });
  if (!tracked.listed) return open({ status: "Unknown", message: "It is not seen yet" });
  if (live === undefined) return assessMissing(tracked, context);
  if (isStale(live, tracked.written)) return open({ status: "InProgress", message: "The change is not seen yet" });

  const health = healthOf(live, context);
  if (health.status === "Current") return open(health);
  if (health.status === "Terminating") return afterGrace(live, health, goneGraceMs, context);
  const found = worstTrouble(live, context);
  if (found?.waitMs === 0) return ended(found);
  if (health.reason === "Unschedulable" && isAwaitingNode(live, context))
    return open({ ...health, status: "InProgress" });
  // What kstatus calls a failed pod may still come up: its troubles have their graces.
  if (health.status === "Failed" && !(found && live.kind === "Pod")) {
    return afterGrace(live, health, isOldDeadline(tracked) ? oldDeadlineGraceMs : 0, context);
  }
  return found ? threatened(health, found) : open(health);
}

function open(health: Health): Assessment {
  return { health, final: false };
}

function afterGrace(object: KubeObject, health: Health, graceMs: number, context: AssessContext): Assessment {
  const key = `${object.metadata.uid}/${health.status}`;
  const waitMs = context.patience.remainingMs(key, graceMs, context.now);
  return waitMs === 0 ? { health, final: true } : { health, final: false, recheckMs: waitMs };
}

// A Job that ends may be deleted at once, by its time to live or by a hook's policy.
function assessMissing({ ref, gone }: Tracked, context: AssessContext): Assessment {
  if (gone !== undefined) {
    const { deletionTimestamp: _, ...metadata } = gone.metadata;
    const last = healthOf({ ...gone, metadata }, context);
    if (last.status === "Current") return open(last);
    if (last.status === "Failed") return { health: last, final: true };
  }
  const message = gone === undefined ? `There is no such ${ref.kind}` : `The ${ref.kind} was deleted`;
  const waitMs = context.patience.remainingMs(`${ref.kind}/${ref.namespace}/${ref.name}`, goneGraceMs, context.now);
  const health: Health = { status: "NotFound", message };
  return waitMs === 0 ? { health, final: true } : { health, final: false, recheckMs: waitMs };
}

type Found = { trouble: Trouble; waitMs: number; pod?: KubeObject };

function worstTrouble(live: KubeObject, context: AssessContext): Found | undefined {
  let worst: Found | undefined;
  for (const { key, ...found } of troublesOf(live, context)) {
    const waitMs = context.patience.remainingMs(key, found.trouble.graceMs, context.now);
    if (worst === undefined || waitMs < worst.waitMs) worst = { ...found, waitMs };
  }
  return worst;
}

type Candidate = { key: string; trouble: Trouble; pod?: KubeObject };

function troublesOf(live: KubeObject, context: AssessContext): Candidate[] {
  const options = { crashesAllowed: live.kind === "Job", ...restartsOf(context) };
  const pods = live.kind === "Pod" ? [live] : newPodsOf(live, context.owned);
  const candidates: Candidate[] = pods.flatMap((pod) =>
    podTroubles(pod, options)
      .filter(({ reason }) => reason !== "Unschedulable" || !isAwaitingNode(pod, context))
      .map((trouble) => ({ key: `${pod.metadata.uid}/${trouble.container ?? ""}/${trouble.reason}`, trouble, pod })),
  );
  const maker = live.kind === "Deployment" ? newReplicaSetOf(live, context.owned.replicaSets) : live;
  const creation = creationTrouble(maker ?? live);
  if (creation) candidates.push({ key: `${live.metadata.uid}/${creation.reason}`, trouble: creation });
  return candidates;
}

function isAwaitingNode(pod: KubeObject, { awaitingNode }: AssessContext): boolean {
  return awaitingNode.has(pod.metadata.uid ?? "");
}

function restartsOf({ crashRestarts }: AssessContext): { crashRestarts?: number } {
  return crashRestarts === undefined ? {} : { crashRestarts };
}

function ended({ trouble, pod }: Found): Assessment {
  const health: Health = { status: "Failed", reason: trouble.reason, message: placed(trouble, pod) };
  return { health, final: true, trouble, ...(pod ? { pod } : {}) };
}

function threatened(health: Health, { trouble, pod, waitMs }: Found): Assessment {
  const message = `${health.message}; ${placed(trouble, pod)}`;
  const told: Health = { status: "InProgress", reason: trouble.reason, message };
  return { health: told, final: false, trouble, recheckMs: waitMs, ...(pod ? { pod } : {}) };
}

function placed(trouble: Trouble, pod: KubeObject | undefined): string {
  const place = [pod && `pod ${pod.metadata.name}`, trouble.container && `container ${trouble.container}`];
  const text = trouble.message === "" ? trouble.reason : `${trouble.reason}: ${trouble.message}`;
  return [place.filter(Boolean).join(", "), text].filter(Boolean).join(": ");
}

/** Whether the cluster shows a state from before our write. */
function isStale(live: KubeObject, written: KubeObject | undefined): boolean {
  if (written === undefined || live.metadata.uid !== written.metadata.uid) return false;
  const { generation, resourceVersion } = written.metadata;
  if (generation !== undefined && live.metadata.generation !== undefined) return live.metadata.generation < generation;
  // Decimal resourceVersions of one resource are ordered; others say nothing.
  return Number(live.metadata.resourceVersion) < Number(resourceVersion);
}

// The controller leaves the condition of an older rollout in place until the new one has made progress.
function isOldDeadline({ live, first }: Tracked): boolean {
  const now = conditionOf(live, "Progressing");
  const then = conditionOf(first, "Progressing");
  return (
    now?.reason === "ProgressDeadlineExceeded" &&
    then?.reason === now.reason &&
    then.lastUpdateTime === now.lastUpdateTime
  );
}
