import { applyChanges } from "../../apply/apply-plan.ts";
import type { ApplyContext } from "../../apply/context.ts";
import { setBack } from "../../apply/set-back.ts";
import { mapConcurrently } from "../../base/concurrency.ts";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { objectKey, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { asLive } from "../../plan/drift/as-live.ts";
import type { ObjectDrift } from "../../plan/drift/types.ts";
import { inOrder } from "../../plan/order/stages.ts";
import type { Change } from "../../plan/types.ts";
import { lockRelease, thisProcess } from "../../release/lock.ts";
import type { Release } from "../../release/types.ts";
import { applyContext } from "../carry-out.ts";
import { lookAgain, objectsOf } from "./compare-releases.ts";
import { factsOf, findReleases } from "./find-releases.ts";
import type { Looked, Remedy } from "./look.ts";
import type { DriftOptions, DriftSession, ReleaseDrift } from "./types.ts";

const writesAtOnce = 8;
const maxAttempts = 5;
const timeoutMs = 120_000;

/**
 * Sets back what differs of one release, with its lock held. What has changed since it was seen is looked at again; a
 * release that is being deployed, or that has another revision meanwhile, is left alone.
 */
export async function correctRelease(
  session: DriftSession,
  options: Pick<DriftOptions, "rules">,
  seen: ReleaseDrift,
): Promise<ReleaseDrift> {
  const { kube, clock, signal } = session;
  const { release: name, namespace } = seen;
  try {
    const holder = session.run ? { holder: thisProcess(session.run) } : {};
    const onWait = (by: string) => {
      const message = `Release ${name} in ${namespace} is locked by ${by}; looking whether that run still lives`;
      session.emit({ type: "warning", message });
    };
    const lock = await lockRelease({ kube, clock, signal, namespace, name, onWait, ...holder });
    let isSettled = lock.takenOverFrom === undefined;
    try {
      const locked = { ...session, signal: AbortSignal.any([signal, lock.lost]) };
      const release = await sameRelease(locked, seen);
      isSettled = true;
      return await correct(locked, options, { seen, release });
    } finally {
      // What is known of a dead run is left to who goes on from there.
      if (isSettled) await lock.release();
      else await lock.abandon();
    }
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    return { ...seen, state: "failed", error: factsOf(error) };
  }
}

/** The release as it is with the lock held: RELEASE_PENDING where it is not the one that was compared. */
async function sameRelease(
  session: DriftSession,
  { release: name, namespace, revision }: ReleaseDrift,
): Promise<Release> {
  const [found] = await findReleases(session, { releases: [name], namespace });
  const hint = "Run it again when that is done.";
  if (found === undefined || "told" in found) {
    const { error, reason } = found?.told ?? {};
    throw new SlipwayError("RELEASE_PENDING", `Release ${name} is not set back: ${error?.message ?? reason}`, { hint });
  }
  if (found.release.revision === revision && found.failed === undefined) return found.release;
  const message = `Release ${name} was deployed meanwhile: revision ${found.failed ?? found.release.revision} is not what was compared`;
  throw new SlipwayError("RELEASE_PENDING", message, { hint });
}

async function correct(
  session: DriftSession,
  options: Pick<DriftOptions, "rules">,
  { seen, release }: { seen: ReleaseDrift; release: Release },
): Promise<ReleaseDrift> {
  const keys = new Set(seen.objects.map(({ ref }) => objectKey(ref)));
  const looked = await lookAgain(session, options, { release, objects: await objectsOf(session, { release, keys }) });
  const context = applyContext({ ...session, driver: session.driverOf(release.namespace) }, { ...manner, timeoutMs });
  const outcomes = new Map<string, Outcome>();
  await bringBack(context, release, looked, outcomes);
  await mapConcurrently(looked, writesAtOnce, async (one) => {
    if (one.remedy?.live) await setOneBack(session, options, { context, release, one, outcomes });
  });
  // What is as it should be by now was seen to differ, and somebody else has set it back.
  const objects = looked.flatMap(({ drift }) => (drift ? [{ ...drift, ...outcomes.get(objectKey(drift.ref)) }] : []));
  const error = looked.find((one) => one.error)?.error;
  const isDone = error === undefined && objects.every(({ outcome }) => outcome === "corrected");
  const hasFailed = error !== undefined || objects.some(({ outcome }) => outcome === "failed");
  return {
    ...seen,
    objects,
    state: isDone ? "corrected" : hasFailed ? "failed" : "drifted",
    ...(error ? { error: factsOf(error) } : {}),
  };
}

const manner = { wait: false, waitForJobs: false, hooks: false };

type Outcome = Pick<ObjectDrift, "outcome" | "note">;

/** Creates what is gone, in the order of a deploy. */
async function bringBack(
  context: ApplyContext,
  { name, namespace, applyMethod }: Release,
  looked: readonly Looked[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const gone = looked.flatMap(({ remedy }) =>
    remedy && remedy.live === undefined ? [changeOf(remedy, applyMethod)] : [],
  );
  for (const change of inOrder(gone)) {
    const key = objectKey(change.ref);
    outcomes.set(key, await tried(() => applyChanges(context, [change], { release: name, namespace })));
  }
}

function changeOf({ desired, entry }: Remedy, method: Release["applyMethod"]): Change {
  const source = entry.source ? { source: entry.source } : {};
  const applied = method === "ssa" ? { patch: { type: "apply" as const, body: desired } } : {};
  return { action: "create", ref: refOf(desired), desired, operations: [], ...source, ...applied };
}

async function tried(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return { outcome: "corrected" };
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED", "RELEASE_LOCKED")) throw error;
    return { outcome: "failed", note: error.message };
  }
}

type One = { context: ApplyContext; release: Release; one: Looked; outcomes: Map<string, Outcome> };

/** Looks again as often as somebody else writes to the object at the same time. */
async function setOneBack(
  session: DriftSession,
  options: Pick<DriftOptions, "rules">,
  { context, release, one, outcomes }: One,
): Promise<void> {
  let { remedy } = one;
  const key = objectKey(refOf((remedy as Remedy).desired));
  for (let attempt = 1; ; attempt++) {
    const { live, compared } = remedy ?? {};
    if (remedy === undefined || live === undefined || compared === undefined) return;
    const { expected } = compared;
    try {
      const applied = release.applyMethod === "ssa" ? { applied: appliedOf(remedy, live) } : {};
      await setBack(context, { live, expected, ...applied });
      outcomes.set(key, { outcome: "corrected" });
      return;
    } catch (error) {
      if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED", "RELEASE_LOCKED")) throw error;
      outcomes.set(key, { outcome: "failed", note: error.message });
      if (attempt === maxAttempts || !hasCode(error, "KUBE_CONFLICT", "KUBE_NOT_FOUND")) return;
    }
    const [again] = await lookAgain(session, options, { release, objects: [remedy.entry] });
    remedy = again?.remedy;
    if (again?.drift === undefined) outcomes.set(key, { outcome: "corrected" });
  }
}

// What is left alone goes in as it is, so that apply neither changes it nor takes it away.
function appliedOf({ desired, compared }: Remedy, live: KubeObject): KubeObject {
  return (compared?.leftAlone ?? []).reduce((object, pointer) => asLive(object, live, pointer), desired);
}
