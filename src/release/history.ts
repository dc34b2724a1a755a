import type { Release } from "./types.ts";

/** What a release is, decided once from its history; what to do about it follows from the kind alone. */
export type ReleaseState =
  /** Nothing was ever recorded. */
  | { kind: "absent" }
  /** The newest revision is the one that runs. */
  | { kind: "deployed"; last: Release; good: Release }
  /** The newest revision failed, and none before it ever succeeded. */
  | { kind: "failed-first-install"; last: Release }
  /** The newest revision failed; `good` is where a rollback leads. */
  | { kind: "failed-upgrade"; last: Release; good: Release }
  /** A run was killed, or is under way: the newest revision was never finished. */
  | { kind: "pending"; operation: PendingOperation; last: Release; good: Release | undefined }
  /** An uninstall was killed, or is under way. */
  | { kind: "uninstalling"; last: Release }
  /** Uninstalled, with its history kept. */
  | { kind: "uninstalled"; last: Release };

export type PendingOperation = "install" | "upgrade" | "rollback";

const operations: { [status: string]: PendingOperation } = {
  "pending-install": "install",
  "pending-upgrade": "upgrade",
  "pending-rollback": "rollback",
};

/** `history` is oldest first, here and below. */
export function releaseState(history: Release[]): ReleaseState {
  const last = history.at(-1);
  if (last === undefined) return { kind: "absent" };
  const operation = operations[last.status];
  const good = lastGood(history);
  if (operation !== undefined) return { kind: "pending", operation, last, good };
  if (wasUninstalled(last)) return { kind: "uninstalled", last };
  if (last.status === "uninstalling") return { kind: "uninstalling", last };
  if (good === undefined) return { kind: "failed-first-install", last };
  // A newest revision that is `superseded` had succeeded: what was newer is gone from the history.
  return good === last ? { kind: "deployed", last, good } : { kind: "failed-upgrade", last, good };
}

/** Those whose records say what they are. */
export function readable(history: readonly Release[]): Release[] {
  return history.filter((release) => !release.isUnreadable);
}

/** The newest revision that is `deployed`; several are where two runs of Helm raced. */
export function lastDeployed(history: Release[]): Release | undefined {
  return history.findLast((release) => release.status === "deployed");
}

/** Where a rollback leads: the deployed revision, else the newest that once was; nothing before an uninstall counts. */
export function lastGood(history: Release[]): Release | undefined {
  const current = sinceUninstall(history);
  return lastDeployed(current) ?? current.findLast((release) => release.status === "superseded");
}

/** Revisions that a run began and never finished, oldest first. */
export function pendingRevisions(history: Release[]): Release[] {
  return history.filter((release) => operations[release.status] !== undefined);
}

export function nextRevision(history: Release[]): number {
  return (history.at(-1)?.revision ?? 0) + 1;
}

/**
 * The revisions whose objects may be in the cluster by our hand: the last good one and every one after it, so that what
 * a failed revision added is known to be ours. All of them where none succeeded.
 */
export function mergeBase(history: Release[]): Release[] {
  const current = sinceUninstall(history);
  const good = lastGood(current);
  return good === undefined ? current : current.slice(current.indexOf(good));
}

/**
 * The revisions to delete so that `max` remain once one more is recorded; oldest first, as in Helm. Never one of the
 * merge base: what it added is known by its record alone until another revision is in its place. No limit where `max` is 0.
 */
export function revisionsToPrune(history: readonly Release[], max: number): Release[] {
  return oldestBeyond(history, max, max - 1, mergeBase([...history]));
}

/**
 * The same once the newest revision was carried out: of the merge base, only the last good one and the newest are spared.
 */
export function revisionsToPruneAfter(history: readonly Release[], max: number): Release[] {
  const spared = [lastGood([...history]), history.at(-1)];
  return oldestBeyond(history, max, max, spared);
}

function oldestBeyond(
  history: readonly Release[],
  max: number,
  kept: number,
  spared: readonly (Release | undefined)[],
): Release[] {
  if (max <= 0) return [];
  const excess = Math.max(0, history.length - kept);
  return history.filter((release) => !spared.includes(release)).slice(0, excess);
}

/** What was recorded since the release was last uninstalled. */
export function sinceUninstall(history: Release[]): Release[] {
  return history.slice(history.findLastIndex(wasUninstalled) + 1);
}

/** True of a revision whose objects were taken away with the release. Installed again, it becomes superseded, as in Helm. */
export function wasUninstalled({ status, deleted }: Release): boolean {
  return status === "uninstalled" || (status === "superseded" && deleted !== undefined);
}
