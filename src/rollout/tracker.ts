import { type Clock, systemClock, throwIfAborted } from "../base/clock.ts";
import { stringAt } from "../base/json-path.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { KubeClient, KubeObject, ObjectRef } from "../kube/types.ts";
import { type AssessContext, type Assessment, assess, type Tracked } from "./assess.ts";
import { gatherEvidence, type Subject } from "./evidence.ts";
import { isCurrentOnceThere } from "./health.ts";
import { hasPods, newPodsOf, newReplicaSetOf } from "./new-pods.ts";
import { isNodeComing } from "./node-coming.ts";
import { createPatience } from "./patience.ts";
import type { Failure, HealthStatus, RolloutResult, TrackOptions } from "./types.ts";
import { startWatchers, type Watchers } from "./watchers.ts";

type Options = TrackOptions & { waitForPods?: boolean };
type Judged = { tracked: Tracked; assessment: Assessment };

const defaultLogLines = 20;
const podsSeenLimitMs = 2_000;
// Beyond, a timer fires at once.
const longestDelayMs = 2 ** 31 - 1;

/**
 * Watches until every object is Current, one of them is failed for good, or the time is up. An object that is given
 * whole, as the write that changed it returned it, is not taken for Current by an older state.
 */
export async function trackRollout(
  kube: KubeClient,
  objects: readonly (ObjectRef | KubeObject)[],
  options: Options,
): Promise<RolloutResult> {
  const clock = options.clock ?? systemClock;
  const stop = new AbortController();
  const bell = createBell(clock);
  // One listener for the whole rollout; `watch` then sees that the signal is aborted.
  const onAbort = () => {
    stop.abort(options.signal.reason);
    bell.ring();
  };
  options.signal.addEventListener("abort", onAbort, { once: true });
  const all = distinct(objects);
  const watched = all.filter((one) => !needsNoWatch(one));
  const watchers = startWatchers({ kube, tracked: watched, signal: stop.signal, wake: bell.ring });
  try {
    return await watch({ kube, options, clock, all, watched, watchers, bell, signal: stop.signal });
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    stop.abort();
  }
}

type Rollout = {
  kube: KubeClient;
  options: Options;
  clock: Clock;
  all: Tracked[];
  watched: Tracked[];
  watchers: Watchers;
  bell: Bell;
  signal: AbortSignal;
};

async function watch(rollout: Rollout): Promise<RolloutResult> {
  const { kube, options, clock, all, watched, watchers, bell } = rollout;
  const { timeoutMs, waitForJobs = false, waitForPods = false, crashRestarts } = options;
  const started = clock.now();
  const patience = createPatience();
  const awaitingNode = new Set<string>();
  const tell = teller(options);

  for (;;) {
    throwIfAborted(options.signal);
    watchers.check();
    const now = clock.now();
    const judge = { now, waitForJobs, waitForPods, owned: watchers.owned, patience, awaitingNode };
    const context: AssessContext = crashRestarts === undefined ? judge : { ...judge, crashRestarts };
    const judged = all.map((tracked) => ({ tracked, assessment: assess(tracked, context) }));
    patience.endRound();
    for (const one of judged) tell(one);

    const durationMs = now - started;
    const results = judged.map(({ tracked, assessment }) => ({ ref: tracked.ref, health: assessment.health }));
    const open = judged.filter(({ assessment }) => assessment.health.status !== "Current");
    if (open.length === 0) return { ok: true, objects: results, durationMs };

    const final = open.filter(({ assessment }) => assessment.final);
    if (final.length > 0 && (await spared(kube, final, awaitingNode))) continue;
    const lost = final.length > 0 ? final : durationMs >= timeoutMs ? open : [];
    if (lost.length > 0) {
      const failures = await failuresOf(rollout, lost, final.length > 0 ? undefined : timeoutMs);
      return { ok: false, objects: results, failures, durationMs: clock.now() - started };
    }
    if (watched.every(({ listed }) => listed) && open.some(({ tracked }) => hasPods(tracked.ref))) watchers.watchPods();
    const waits = open.map(({ assessment }) => assessment.recheckMs ?? Number.POSITIVE_INFINITY);
    await bell.wait(Math.min(timeoutMs - durationMs, ...waits));
  }
}

function distinct(objects: readonly (ObjectRef | KubeObject)[]): Tracked[] {
  const byKey = new Map<string, Tracked>();
  for (const object of objects) {
    const tracked: Tracked = isWhole(object)
      ? {
          ref: refOf(object),
          written: object,
          ...(isPlainService(object) ? { live: object, listed: true } : { listed: false }),
        }
      : { ref: object, listed: false };
    byKey.set(objectKey(tracked.ref), tracked);
  }
  return [...byKey.values()];
}

function isWhole(object: ObjectRef | KubeObject): object is KubeObject {
  return "metadata" in object;
}

function needsNoWatch({ ref, written }: Tracked): boolean {
  return isCurrentOnceThere(ref) || (written !== undefined && isPlainService(written));
}

function isPlainService(object: KubeObject): boolean {
  return object.apiVersion === "v1" && object.kind === "Service" && stringAt(object, "spec", "type") !== "LoadBalancer";
}

/** Calls `onChange` where an object's health is not what was last told. */
function teller({ onChange }: TrackOptions): (judged: Judged) => void {
  const told = new Map<Tracked, string>();
  return ({ tracked, assessment }) => {
    const { status, message } = assessment.health;
    const text = `${status} ${message}`;
    if (onChange === undefined || needsNoWatch(tracked)) return;
    if (told.get(tracked) === text || !isTold(tracked, status)) return;
    told.set(tracked, text);
    onChange({ ref: tracked.ref, health: assessment.health, live: tracked.live });
  };
}

// Before the cluster was asked there is nothing to tell.
function isTold(tracked: Tracked, status: HealthStatus): boolean {
  return tracked.listed || status === "Current";
}

/** Whether all that stands in the way are pods for which a new node is being made. */
async function spared(kube: KubeClient, final: Judged[], awaitingNode: Set<string>): Promise<boolean> {
  for (const { assessment } of final) {
    const { trouble, pod } = assessment;
    if (trouble?.reason !== "Unschedulable" || pod?.metadata.uid === undefined) return false;
    if (!(await isNodeComing(kube, pod))) return false;
    awaitingNode.add(pod.metadata.uid);
  }
  return true;
}

async function failuresOf(rollout: Rollout, lost: Judged[], timedOutAfterMs: number | undefined): Promise<Failure[]> {
  const { kube, options, clock, watchers, signal } = rollout;
  if (lost.some(({ tracked }) => hasPods(tracked.ref))) {
    watchers.watchPods();
    const limit = new AbortController();
    await Promise.race([watchers.podsSeen(), clock.delay(podsSeenLimitMs, limit.signal).catch(() => {})]);
    limit.abort();
  }
  const evidence = { clock, signal, logLines: options.logLines ?? defaultLogLines };
  const subjects = lost.map((judged) => subjectOf(judged, watchers, timedOutAfterMs));
  const failures = await Promise.all(subjects.map((subject) => gatherEvidence(kube, subject, evidence)));
  for (const failure of failures) failure.unread.push(...watchers.unread);
  return failures;
}

function subjectOf({ tracked, assessment }: Judged, { owned }: Watchers, timedOutAfterMs: number | undefined): Subject {
  const live = tracked.live ?? tracked.gone;
  const isPod = live?.kind === "Pod";
  return {
    ref: tracked.ref,
    assessment,
    live,
    replicaSet: live?.kind === "Deployment" ? newReplicaSetOf(live, owned.replicaSets) : undefined,
    pods: live === undefined ? [] : isPod ? [live] : newPodsOf(live, owned),
    ...(timedOutAfterMs === undefined ? {} : { timedOutAfterMs }),
  };
}

type Bell = { ring(): void; wait(ms: number): Promise<void> };

/** Lets one wait until something has changed; what changes meanwhile is not missed, and many changes wake it once. */
function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      const end = new AbortController();
      const timer = clock.delay(Math.min(ms, longestDelayMs), end.signal).catch(() => {});
      const ringing = new Promise<void>((resolve) => {
        wake = resolve;
        if (rung) resolve();
      });
      try {
        await Promise.race([ringing, timer]);
      } finally {
        rung = false;
        wake = undefined;
        end.abort();
      }
    },
  };
}
