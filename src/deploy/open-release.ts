import { hasCode, SlipwayError } from "../base/error.ts";
import { pendingRevisions, readable } from "../release/history.ts";
import { type DeadRun, type Lock, lockRelease, thisProcess } from "../release/lock.ts";
import type { Release, ReleaseDriver } from "../release/types.ts";
import type { Session } from "./options.ts";
import { record } from "./records.ts";

type OpenOptions = {
  release: string;
  namespace: string;
  timeoutMs: number;
  waitForLockMs?: number;
  /** Takes the release from a run that lives, too. */
  force?: boolean;
  /** Revisions of a run that is known to have ended. */
  abandoned?: readonly number[];
};

/**
 * Under a release's lock: no revision in the history is pending, and the signal aborts when the lock is lost. `waitedFor`
 * is who held it until now.
 */
type Work<Result> = (session: Session, history: Release[], waitedFor?: string) => Promise<Result>;

/**
 * Does the work with the release locked. Where it ends and leaves a revision unfinished, the lease stays, so that the
 * next run knows at once that nobody is finishing it.
 */
export async function withRelease<Result>(session: Session, options: OpenOptions, work: Work<Result>): Promise<Result> {
  const { lock, history, waitedFor } = await openRelease(session, options);
  const { driver, unfinished } = watchUnfinished(session.driver);
  try {
    return await work({ ...session, driver, signal: AbortSignal.any([session.signal, lock.lost]) }, history, waitedFor);
  } finally {
    if (unfinished.size > 0) await lock.abandon();
    else await lock.release();
  }
}

/** A driver that remembers which revisions were begun and, as far as its writes succeeded, not finished. */
function watchUnfinished(driver: ReleaseDriver): { driver: ReleaseDriver; unfinished: ReadonlySet<number> } {
  const unfinished = new Set<number>();
  const watched: ReleaseDriver = {
    ...driver,
    async create(release) {
      // Also where the answer is lost.
      unfinished.add(release.revision);
      try {
        await driver.create(release);
      } catch (error) {
        if (hasCode(error, "RELEASE_EXISTS", "KUBE_FORBIDDEN", "LIMIT_EXCEEDED")) unfinished.delete(release.revision);
        throw error;
      }
    },
    async update(release) {
      await driver.update(release);
      if (isUnfinished(release)) unfinished.add(release.revision);
      else unfinished.delete(release.revision);
    },
    async delete(name, revision) {
      await driver.delete(name, revision);
      unfinished.delete(revision);
    },
  };
  return { driver: watched, unfinished };
}

function isUnfinished(release: Release): boolean {
  return release.status === "uninstalling" || pendingRevisions([release]).length > 0;
}

type OpenRelease = { lock: Lock; history: Release[]; waitedFor?: string };

/**
 * Takes the lock and settles what a killed run left behind: its revision becomes `failed`, so that its objects are known
 * and the next plan goes on from them. A pending revision of Helm's, which keeps no lease, is left its timeout.
 */
async function openRelease(session: Session, options: OpenOptions): Promise<OpenRelease> {
  const { release: name, namespace } = options;
  const { kube, clock, signal, emit, driver } = session;
  let waitedFor: string | undefined;
  const lock = await lockRelease({
    kube,
    clock,
    signal,
    namespace,
    name,
    ...(session.run ? { holder: thisProcess(session.run) } : {}),
    waitMs: options.waitForLockMs ?? 0,
    force: options.force ?? false,
    onWait: (holder, doing) => {
      waitedFor = holder;
      const what = doing === "waiting" ? "waiting for that run to end" : "looking whether that run still lives";
      emit({ type: "warning", message: `Release ${name} is locked by ${holder}; ${what}` });
    },
  });
  try {
    if (lock.takenOverFrom) await driver.sweep(name);
    const history = await settledHistory(session, lock, options);
    return { lock, history, ...(waitedFor ? { waitedFor } : {}) };
  } catch (error) {
    // What is known of a dead run must not be lost with this one.
    if (lock.takenOverFrom) await lock.abandon();
    else await lock.release();
    throw error;
  }
}

/** Waits as long as that is asked for another tool that has begun a revision. */
async function settledHistory(session: Session, lock: Lock, options: OpenOptions): Promise<Release[]> {
  const { clock, driver } = session;
  const signal = AbortSignal.any([session.signal, lock.lost]);
  const until = clock.now() + (options.waitForLockMs ?? 0);
  for (;;) {
    const history = await driver.history(options.release);
    try {
      for (const revision of unfinishedRevisions(history)) await settle(session, revision, lock, options);
      return history;
    } catch (error) {
      if (!hasCode(error, "RELEASE_PENDING") || clock.now() >= until) throw error;
    }
    await clock.delay(2000, signal);
  }
}

function unfinishedRevisions(history: Release[]): Release[] {
  const last = history.at(-1);
  return last?.status === "uninstalling" ? [...pendingRevisions(history), last] : pendingRevisions(history);
}

async function settle(session: Session, revision: Release, lock: Lock, options: OpenOptions): Promise<void> {
  const { name, revision: number, status, lastDeployed } = revision;
  const ageMs = session.clock.now() - Date.parse(lastDeployed);
  const dead = lock.takenOverFrom && isOf(lock.takenOverFrom, revision) ? lock.takenOverFrom : undefined;
  const isKnownToBe = dead !== undefined || options.force || options.abandoned?.includes(number);
  const isAbandoned = isKnownToBe || !(ageMs < options.timeoutMs);
  if (!isAbandoned) throw underWay(revision, Math.ceil((options.timeoutMs - ageMs) / 1000));
  const who = dead ? ` by ${dead.holder}` : "";
  session.emit({
    type: "warning",
    message: `Revision ${number} of ${name} was begun${who} at ${lastDeployed} and never finished (${status}): that run was killed. It is recorded as failed, and this run goes on from what it left`,
  });
  await record(session, revision, "failed", `Interrupted: the run was killed while ${status}`);
}

// Another tool may have begun a revision after the dead run ended: that one is not known to be dead.
function isOf(run: DeadRun, { status, lastDeployed, deleted }: Release): boolean {
  const begun = Date.parse(status === "uninstalling" ? (deleted ?? lastDeployed) : lastDeployed);
  return begun >= run.from && begun <= run.until;
}

function underWay({ name, revision, status, recordedBy }: Release, seconds: number): SlipwayError {
  return new SlipwayError(
    "RELEASE_PENDING",
    `Revision ${revision} of ${name} is ${status}: ${recordedBy ?? "another tool"} is changing this release, or was killed`,
    {
      hint: `Wait for it to finish. If it was killed, deploy again in ${seconds} s: then it counts as abandoned.`,
    },
  );
}

/** RELEASE_NOT_FOUND where nothing is recorded, RELEASE_INVALID where nothing of it can be read. */
export function ensureHistory(history: readonly Release[], name: string, namespace: string): void {
  if (readable(history).length > 0) return;
  if (history.length > 0) {
    throw new SlipwayError("RELEASE_INVALID", `No record of release ${name} in namespace ${namespace} can be read`, {
      hint: "Deploy it again: its objects are taken over by what they say of themselves. Then it can be uninstalled.",
    });
  }
  throw new SlipwayError("RELEASE_NOT_FOUND", `There is no release ${name} in namespace ${namespace}`, {
    hint: "List the releases of all namespaces with: slipway list -A.",
  });
}
