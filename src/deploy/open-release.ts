import { hostname } from "node:os";
import { SlipwayError } from "../base/error.ts";
import { pendingRevisions } from "../release/history.ts";
import { type Lock, lockRelease } from "../release/lock.ts";
import type { Release } from "../release/types.ts";
import type { Session } from "./options.ts";
import { record } from "./records.ts";

type OpenOptions = {
  release: string;
  namespace: string;
  timeoutMs: number;
  /** Revisions of a run that is known to have ended. */
  abandoned?: readonly number[];
};

/** The release's lock, and its history as it is under that lock: no revision in it is pending any more. */
export type OpenRelease = { lock: Lock; history: Release[] };

/**
 * Takes the lock and settles what a killed run left behind: its revision becomes `failed`, so that its objects are known
 * and the next plan goes on from them. A pending revision of Helm's, which keeps no lease, is left its timeout.
 */
export async function openRelease(session: Session, options: OpenOptions): Promise<OpenRelease> {
  const { release: name, namespace } = options;
  const { kube, clock, signal, emit, driver } = session;
  const lock = await lockRelease({
    kube,
    clock,
    signal,
    namespace,
    name,
    ...(session.run ? { holder: { host: hostname(), pid: process.pid, run: session.run } } : {}),
    onWait: (holder) =>
      emit({
        type: "warning",
        message: `Release ${name} is locked by ${holder}; looking whether that run still lives`,
      }),
  });
  try {
    const history = await driver.history(name);
    for (const revision of unfinishedRevisions(history)) await settle(session, revision, lock, options);
    return { lock, history };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function unfinishedRevisions(history: Release[]): Release[] {
  const last = history.at(-1);
  return last?.status === "uninstalling" ? [...pendingRevisions(history), last] : pendingRevisions(history);
}

async function settle(session: Session, revision: Release, lock: Lock, options: OpenOptions): Promise<void> {
  const { name, revision: number, status, lastDeployed } = revision;
  const ageMs = session.clock.now() - Date.parse(lastDeployed);
  const isKnownToBe = lock.takenOverFrom !== undefined || options.abandoned?.includes(number);
  const isAbandoned = isKnownToBe || !(ageMs < options.timeoutMs);
  if (!isAbandoned) throw underWay(revision, Math.ceil((options.timeoutMs - ageMs) / 1000));
  const who = lock.takenOverFrom ? ` by ${lock.takenOverFrom}` : "";
  session.emit({
    type: "warning",
    message: `Revision ${number} of ${name} was begun${who} at ${lastDeployed} and never finished (${status}): that run was killed. It is recorded as failed, and this run goes on from what it left`,
  });
  await record(session, revision, "failed", `Interrupted: the run was killed while ${status}`);
}

function underWay({ name, revision, status }: Release, seconds: number): SlipwayError {
  return new SlipwayError(
    "RELEASE_PENDING",
    `Revision ${revision} of ${name} is ${status}: another tool is changing this release, or was killed`,
    {
      hint: `Wait for it to finish. If it was killed, deploy again in ${seconds} s: then it counts as abandoned.`,
    },
  );
}

/** RELEASE_NOT_FOUND where nothing is recorded. */
export function ensureHistory(history: readonly Release[], name: string, namespace: string): void {
  if (history.length > 0) return;
  throw new SlipwayError("RELEASE_NOT_FOUND", `There is no release ${name} in namespace ${namespace}`, {
    hint: "List the releases of all namespaces with: slipway list -A.",
  });
}
