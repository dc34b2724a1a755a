import { hasCode, SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { isOwnedBy, isOwnedByOther, type Owner } from "../plan/ownership.ts";
import { threeWayPatch } from "../plan/three-way.ts";
import type { Change } from "../plan/types.ts";
import { type ApplyContext, fieldManager } from "./context.ts";
import { removeObject, waitUntilGone } from "./remove-object.ts";
import { applyObject } from "./server-side.ts";

const maxAttempts = 5;
const earlyMs = 10_000;

/**
 * Makes the live object what the change says, whatever has happened to it since the plan: gone, it is created; there
 * already, or changed by somebody, the patch is made anew from what is live now.
 */
export async function writeObject(context: ApplyContext, change: Change, owner: Owner): Promise<KubeObject> {
  const desired = change.desired;
  if (desired === undefined) throw new Error(`${change.action} of ${change.ref.name} has nothing to write`);
  let next = change;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendObject(context, next, desired);
    } catch (error) {
      if (attempt === maxAttempts || !hasCode(error, "KUBE_CONFLICT", "KUBE_NOT_FOUND")) throw error;
      if (next.patch?.type === "apply" && hasCode(error, "KUBE_CONFLICT")) throw error;
      const replanned = await replan(context, change, desired, owner);
      if (replanned === undefined) throw error;
      if ("metadata" in replanned) return replanned;
      next = replanned;
      await context.clock.delay(50 * 2 ** attempt, context.signal);
    }
  }
}

async function sendObject(context: ApplyContext, change: Change, desired: KubeObject): Promise<KubeObject> {
  const { live, patch } = change;
  if (change.action === "replace" && live !== undefined)
    return await replaceObject(context, { ...change, live }, desired);
  if (live?.metadata.deletionTimestamp !== undefined) await waitUntilGone(context, change.ref, live.metadata.uid);
  if (patch?.type === "apply") return await applyObject(context, change.ref, patch.body);
  if (change.isWhole && live !== undefined && live.metadata.deletionTimestamp === undefined)
    return await context.kube.replace(wholeObject(desired, live), { fieldManager, signal: context.signal });
  if (patch === undefined || live === undefined) return await createObject(context, desired);
  return await context.kube.patch(change.ref, patch.type, patch.body, { fieldManager, signal: context.signal });
}

/** What takes the place of just the object that was seen. */
export function wholeObject(desired: KubeObject, { metadata: { resourceVersion } }: KubeObject): KubeObject {
  return { ...desired, metadata: { ...desired.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
}

/** Deletes just the object that was seen, and creates it when it is gone. Killed between the two, the next plan creates it. */
async function replaceObject(
  context: ApplyContext,
  { ref, live, patch, propagation }: Change & { live: KubeObject },
  desired: KubeObject,
): Promise<KubeObject> {
  const removed = await removeObject(context, ref, live, propagation);
  if (removed === "going") await waitUntilGone(context, ref, live.metadata.uid);
  return patch?.type === "apply" ? await applyObject(context, ref, patch.body) : await createObject(context, desired);
}

async function createObject(context: ApplyContext, desired: KubeObject): Promise<KubeObject> {
  const { kube, clock, signal } = context;
  const until = clock.now() + earlyMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await kube.create(desired, { fieldManager, signal });
    } catch (error) {
      if (!isEarly(error) || attempt > 8 || clock.now() >= until) throw error;
      await clock.delay(100 * attempt, signal);
    }
  }
}

/**
 * True of what passes in a moment, and what nothing was written for: a namespace that was just made has no service account
 * yet, and its pods are refused for it; a webhook's pod is ready a little before every way to it is laid.
 */
function isEarly(error: unknown): boolean {
  if (hasCode(error, "KUBE_FORBIDDEN")) return /serviceaccount ".*" not found/.test(error.message);
  return hasCode(error, "KUBE_REQUEST_FAILED") && /failed calling webhook/.test(error.message);
}

/** The change as it is now: the object itself where nothing is left to do, nothing where the failure has to stand. */
async function replan(
  context: ApplyContext,
  change: Change,
  desired: KubeObject,
  owner: Owner,
): Promise<Change | KubeObject | undefined> {
  const { live: _, patch: __, ...rest } = change;
  if (desired.metadata.name === undefined) return undefined;
  const live = await context.kube.get(change.ref, { signal: context.signal });
  if (live === undefined) return { ...rest, action: "create" };
  if (live.metadata.deletionTimestamp !== undefined) return { ...rest, action: "create", live };
  if (!isSeen(live, change) && isSomebodyElses(live, change, owner)) {
    throw new SlipwayError("PLAN_OWNED_BY_OTHER", `${describeRef(change.ref)} was created by somebody else meanwhile`, {
      where: describeRef(change.ref),
      hint: "Find out who made it, then deploy again, with --take-ownership to take it over.",
    });
  }
  if (change.patch?.type === "apply") return { ...rest, action: "change", live, patch: change.patch };
  if (change.isWhole) return { ...rest, action: "change", live };
  const patch = threeWayPatch({ base: change.base, desired, live });
  return patch === undefined ? live : { ...rest, action: "change", live, patch };
}

function isSeen(live: KubeObject, { live: planned }: Change): boolean {
  return planned !== undefined && planned.metadata.uid === live.metadata.uid;
}

// In the place of one that was the release's, what has no mark is too, as in any later deploy.
function isSomebodyElses(live: KubeObject, { live: planned }: Change, owner: Owner): boolean {
  return planned === undefined ? !isOwnedBy(live, owner) : isOwnedByOther(live, owner);
}
