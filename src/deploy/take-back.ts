import { hasCode, SlipwayError } from "../base/error.ts";
import type { Change } from "../plan/types.ts";
import type { Release } from "../release/types.ts";
import type { Outcome } from "./carry-out.ts";
import { cleanUp } from "./clean-up.ts";
import { isInstallAfter } from "./complete-plan.ts";
import type { CarryOutOptions, OnFailure, Session } from "./options.ts";
import type { Origin } from "./origin.ts";
import { pruneAfter } from "./prune-history.ts";
import { record } from "./records.ts";
import { removeRelease } from "./remove-release.ts";
import { restore } from "./restore.ts";
import type { DeployResult } from "./result.ts";

/** A revision that was begun: what was recorded before it, and what ran. */
export type Attempt = { release: Release; history: Release[]; good?: Release; changes: Change[] };

type Failed = Extract<Outcome, { ok: false }>;
type GiveUpOptions = CarryOutOptions & {
  onFailure: OnFailure;
  historyMax: number;
  description?: string;
  origin?: Origin;
};

/**
 * Records the failure, then takes the release back: an upgrade to the last revision that was good, a first install to
 * nothing. Cancelled, it only records: the user wants it to end; taken over by another run, it leaves all to that one.
 */
export async function giveUp(
  session: Session,
  options: GiveUpOptions,
  attempt: Attempt,
  outcome: Failed,
): Promise<DeployResult> {
  const { release, good, changes } = attempt;
  const operation = release.status === "pending-install" ? "Release" : "Upgrade";
  const isLost = hasCode(outcome.error, "RELEASE_LOCKED");
  const isCancelled = hasCode(outcome.error, "CANCELLED") || (session.signal.aborted && !isLost);
  const cause = isCancelled ? "the run was cancelled" : outcome.cause;
  session.emit({ type: "failed", cause, failures: outcome.failures });
  // The run that took the release over has recorded what became of this one.
  if (!isLost) await record(session, release, "failed", `${operation} "${release.name}" failed: ${cause}`);
  const result: DeployResult = {
    release: release.name,
    namespace: release.namespace,
    status: "failed",
    revision: release.revision,
    ...(good ? { previousRevision: good.revision } : {}),
    rolledBack: false,
    changes,
    notes: "",
    cause,
    failures: outcome.failures,
  };
  if (isCancelled || isLost) return result;
  if (options.onFailure === "keep") {
    if (options.cleanupOnFail) await cleanUp(session, options, attempt);
    await pruneAfter(session, options, { ...attempt, isWhole: outcome.isApplied === true });
    return result;
  }
  try {
    return await takeBack(session, options, attempt, result);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { ...result, rollbackCause: error.message };
  }
}

/** Undoes a revision that is recorded as failed: back to the last that was good, a first install to nothing. */
export async function takeBack(
  session: Session,
  options: GiveUpOptions,
  { release, history, good }: Attempt,
  result: DeployResult,
): Promise<DeployResult> {
  // Both are of what was asked for.
  const { description: _, origin: __, ...rest } = options;
  const now = [...history, release];
  if (good !== undefined) {
    session.emit({ type: "phase", phase: "rollback", message: `Rolling back to revision ${good.revision}` });
    // What the failed revision added goes also where the deploy was to remove nothing.
    const restored = await restore(session, { ...rest, noPrune: false }, { history: now, target: good });
    const { revision, status } = restored.release;
    if (restored.outcome.ok) return { ...result, revision, status, rolledBack: true };
    return { ...result, revision, status, rollbackCause: restored.outcome.cause };
  }
  if (!isInstallAfter(history)) {
    session.emit({
      type: "warning",
      message: `No revision of ${release.name} ever succeeded: there is nothing to roll back to`,
    });
    return result;
  }
  session.emit({ type: "phase", phase: "rollback", message: "Taking the first install back" });
  await removeRelease(session, { ...rest, history: now, keepHistory: history.length > 0 });
  return { ...result, status: "uninstalled", revision: history.length > 0 ? release.revision : 0, rolledBack: true };
}
