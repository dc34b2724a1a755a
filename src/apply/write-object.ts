import { hasCode, SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { isOwnedBy, type Owner } from "../plan/ownership.ts";
import { threeWayPatch } from "../plan/three-way.ts";
import type { Change } from "../plan/types.ts";
import { type ApplyContext, fieldManager } from "./context.ts";
import { waitUntilGone } from "./remove-object.ts";

const maxAttempts = 5;

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
      return next.patch && next.live ? await patchObject(context, next) : await createObject(context, next, desired);
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

async function patchObject({ kube, signal }: ApplyContext, change: Change): Promise<KubeObject> {
  const { type, body } = change.patch ?? { type: "merge", body: {} };
  return await kube.patch(change.ref, type, body, { fieldManager, signal });
}

async function createObject(context: ApplyContext, change: Change, desired: KubeObject): Promise<KubeObject> {
  const { kube, signal } = context;
  if (change.live?.metadata.deletionTimestamp !== undefined)
    await waitUntilGone(context, change.ref, change.live.metadata.uid);
  for (let attempt = 1; ; attempt++) {
    try {
      return await kube.create(desired, { fieldManager, signal });
    } catch (error) {
      // A namespace that was just made has no service account for a moment, and its pods are refused for it.
      const early = hasCode(error, "KUBE_FORBIDDEN") && /serviceaccount ".*" not found/.test(error.message);
      if (!early || attempt > 8) throw error;
      await context.clock.delay(100 * attempt, signal);
    }
  }
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
  if (change.live === undefined && !isOwnedBy(live, owner)) {
    throw new SlipwayError("PLAN_OWNED_BY_OTHER", `${describeRef(change.ref)} was created by somebody else meanwhile`, {
      where: describeRef(change.ref),
      hint: "Find out who made it, then deploy again, with --take-ownership to take it over.",
    });
  }
  if (change.patch?.type === "apply") return { ...rest, live, patch: change.patch };
  const patch = threeWayPatch({ base: change.base, desired, live });
  return patch === undefined ? live : { ...rest, action: "change", live, patch };
}
