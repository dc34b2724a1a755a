import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { type Stage, stagesOf } from "../plan/order/stages.ts";
import type { Owner } from "../plan/ownership.ts";
import type { Change } from "../plan/types.ts";
import { type ApplyContext, maxConcurrentWrites } from "./context.ts";
import { waitUntilEstablished } from "./custom-resources.ts";
import { removeObject, waitUntilGone } from "./remove-object.ts";
import { waitUntilReady, waitUntilServed } from "./wait-for.ts";
import { writeObject } from "./write-object.ts";

/** `isGone`: it was deleted, and nothing of it is left to wait for. */
export type Applied = { change: Change; live?: KubeObject; isGone?: boolean };

/**
 * Carries out the changes stage by stage, within one in their order. Neighbours of one kind go together; a kind starts
 * when the one before is done. The first failure ends it after the requests under way; what was done until then is told
 * by events. `waitedMs`: the part of the time that went by until objects were as others need them.
 */
export async function applyChanges(
  context: ApplyContext,
  changes: readonly Change[],
  owner: Owner,
): Promise<{ applied: Applied[]; waitedMs: number }> {
  const applied = new Map<Change, Applied>();
  let waitedMs = 0;
  for (const stage of stagesOf(changes)) {
    waitedMs += await clocked(context, waitedMs, (left) => waitForStage(left, stage, applied));
    for (const wave of wavesOf(stage.changes)) {
      const services = wave.flatMap((change) => stage.gates.get(change) ?? []);
      waitedMs += await clocked(context, waitedMs, (left) => waitForServices(left, services));
      await applyWave(context, wave, owner, applied);
    }
  }
  return { applied: [...applied.values()], waitedMs };
}

/** How long the wait took, out of what is left of the time. */
async function clocked(
  context: ApplyContext,
  waitedMs: number,
  wait: (left: ApplyContext) => Promise<void>,
): Promise<number> {
  const started = context.clock.now();
  await wait({ ...context, timeoutMs: Math.max(0, context.timeoutMs - waitedMs) });
  return context.clock.now() - started;
}

async function waitForStage(
  context: ApplyContext,
  { ready, gone }: Stage,
  applied: ReadonlyMap<Change, Applied>,
): Promise<void> {
  const going = gone.filter((change) => !applied.get(change)?.isGone);
  await mapConcurrently(going, maxConcurrentWrites, ({ ref, live }) => waitUntilGone(context, ref, live?.metadata.uid));
  const objects = ready.flatMap((change) => applied.get(change)?.live ?? []);
  if (objects.length > 0) await waitUntilReady(context, objects);
}

async function waitForServices(context: ApplyContext, services: readonly Change[]): Promise<void> {
  const refs = [...new Set(services)].map(({ ref }) => ref);
  await mapConcurrently(refs, maxConcurrentWrites, (ref) => waitUntilServed(context, ref));
}

async function applyWave(
  context: ApplyContext,
  wave: readonly Change[],
  owner: Owner,
  applied: Map<Change, Applied>,
): Promise<void> {
  const done = await mapConcurrently(wave, maxConcurrentWrites, (change) => applyChange(context, change, owner));
  for (const one of done) applied.set(one.change, one);
  const definitions = wave.flatMap(({ ref, desired }) =>
    ref.kind === "CustomResourceDefinition" && desired ? [desired] : [],
  );
  if (definitions.length > 0) await waitUntilEstablished(context, definitions);
}

/** Neighbours of one kind and one direction: what may go on at the same time. */
export function wavesOf(changes: readonly Change[]): Change[][] {
  const waves: Change[][] = [];
  for (const change of changes) {
    const wave = waves.at(-1);
    const [first] = wave ?? [];
    const isSame =
      first?.ref.kind === change.ref.kind && (first.desired === undefined) === (change.desired === undefined);
    if (wave && isSame) wave.push(change);
    else waves.push([change]);
  }
  return waves;
}

async function applyChange(context: ApplyContext, change: Change, owner: Owner): Promise<Applied> {
  const { action, ref } = change;
  try {
    if (action === "nothing" || action === "keep") return { change, ...(change.live ? { live: change.live } : {}) };
    if (action === "delete") {
      const removed = await removeObject(context, ref, change.live);
      context.emit({ type: "object", action, ref, outcome: removed === "absent" ? "unchanged" : "done" });
      return { change, isGone: removed !== "going" };
    }
    const live = await writeObject(context, change, owner);
    const isSame = live.metadata.resourceVersion === change.live?.metadata.resourceVersion;
    context.emit({
      type: "object",
      action,
      ref: { ...ref, name: live.metadata.name },
      outcome: isSame ? "unchanged" : "done",
    });
    return { change, live };
  } catch (cause) {
    if (!(cause instanceof SlipwayError) || hasCode(cause, "CANCELLED", "PLAN_OWNED_BY_OTHER")) throw cause;
    throw new SlipwayError("APPLY_FAILED", `Could not ${verbs[action]} ${describeRef(ref)}: ${cause.message}`, {
      where: change.source ? `${describeRef(ref)} (${change.source})` : describeRef(ref),
      ...(cause.hint ? { hint: cause.hint } : {}),
      ...(cause.detail ? { detail: cause.detail } : {}),
      cause,
    });
  }
}

const verbs: Record<Change["action"], string> = {
  create: "create",
  change: "change",
  replace: "replace",
  delete: "delete",
  keep: "keep",
  adopt: "take over",
  nothing: "look at",
};
