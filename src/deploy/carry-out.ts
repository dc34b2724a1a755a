import { type Applied, applyChanges } from "../apply/apply-plan.ts";
import type { ApplyContext } from "../apply/context.ts";
import { HookFailure, type HookObject, runHooks } from "../apply/hooks.ts";
import { removeStuckPods } from "../apply/stuck-pods.ts";
import { NotReady } from "../apply/wait-for.ts";
import { SlipwayError } from "../base/error.ts";
import type { KubeObject } from "../kube/types.ts";
import type { Change } from "../plan/types.ts";
import type { HookEvent } from "../render/types.ts";
import { trackRollout } from "../rollout/tracker.ts";
import type { Failure } from "../rollout/types.ts";
import type { CarryOutOptions, Session } from "./options.ts";

/** The part of a revision that reaches the cluster. */
export type Work = {
  owner: { release: string; namespace: string };
  changes: readonly Change[];
  hooks: readonly HookObject[];
  before: HookEvent;
  after: HookEvent;
  /** The chart's tests run at the end. */
  tests?: boolean;
};

export type Outcome =
  | { ok: true }
  | {
      ok: false;
      cause: string;
      failures: Failure[];
      error?: SlipwayError;
      /** All changes were made; it failed after that. */
      isApplied?: true;
    };

/**
 * Hooks, changes, rollout, hooks. What goes wrong on the way is the outcome, with the evidence; only bugs are thrown.
 * Nothing is undone here.
 */
export async function carryOut(session: Session, work: Work, options: CarryOutOptions): Promise<Outcome> {
  const isRollback = work.before === "pre-rollback";
  const context = { ...applyContext(session, options), isRollback };
  let isApplied: { isApplied?: true } = {};
  try {
    if (options.hooks) await runHooks(context, work.hooks, work.before);
    session.emit({ type: "phase", phase: "apply", message: `Applying ${work.owner.release}` });
    const { applied, waitedMs } = await applyChanges(context, work.changes, work.owner);
    isApplied = { isApplied: true };
    if (options.wait) {
      const live = applied.flatMap((entry) => (entry.live && entry.change.desired ? [entry.live] : []));
      // What an install makes has no pods of an earlier revision.
      const isNew = ({ change }: Applied) => work.before === "pre-install" && change.live === undefined;
      const old = applied.flatMap((entry) => (entry.live && entry.change.desired && !isNew(entry) ? [entry.live] : []));
      await removeStuckPods(context, old, { isRollback });
      const timeoutMs = Math.max(0, options.timeoutMs - waitedMs);
      const failures = await watch(session, live, { ...options, timeoutMs });
      if (failures.length > 0) return { ok: false, cause: causeOf(failures), failures, ...isApplied };
    }
    if (options.hooks) await runHooks(context, work.hooks, work.after);
    if (work.tests) await runHooks(context, work.hooks, "test");
    return { ok: true };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const failures = error instanceof HookFailure ? [error.failure] : error instanceof NotReady ? error.failures : [];
    return { ok: false, cause: error.message, failures, error, ...isApplied };
  }
}

export function applyContext({ kube, clock, signal, emit }: Session, options: CarryOutOptions): ApplyContext {
  return { kube, clock, signal, emit, timeoutMs: options.timeoutMs, forceConflicts: options.forceConflicts ?? false };
}

async function watch(session: Session, objects: KubeObject[], options: CarryOutOptions): Promise<Failure[]> {
  session.emit({ type: "phase", phase: "rollout", message: "Watching the rollout" });
  const result = await trackRollout(session.kube, objects, {
    timeoutMs: options.timeoutMs,
    signal: session.signal,
    waitForJobs: options.waitForJobs,
    onChange: ({ ref, health }) => session.emit({ type: "health", ref, health }),
  });
  return result.ok ? [] : result.failures;
}

function causeOf(failures: readonly Failure[]): string {
  const [first] = failures;
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  return `${first?.summary ?? "The rollout failed"}${more}`;
}
