import { SlipwayError } from "../base/error.ts";
import { lastGood } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { withRelease } from "./open-release.ts";
import type { CarryOutOptions, OnFailure, Session } from "./options.ts";
import type { DeployResult } from "./result.ts";
import { takeBack } from "./take-back.ts";

export type FinishOptions = CarryOutOptions & {
  release: string;
  namespace: string;
  /** The revisions that the run recorded before it was cut off, oldest first. */
  own: readonly number[];
  /** `rollback` takes back what it had begun; `keep` only records that it failed. */
  onFailure: OnFailure;
  historyMax: number;
};

const unfinished: readonly string[] = [
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
  "uninstalling",
  "failed",
];

/**
 * Does what a run that was killed or cancelled no longer could: its revision becomes `failed`, and is taken back.
 * `undefined` where nothing is left to do, also because another run has gone on from there.
 */
export async function finishInterrupted(session: Session, options: FinishOptions): Promise<DeployResult | undefined> {
  const { release: name, namespace, own } = options;
  if (!isOurs((await session.driver.history(name)).at(-1), own)) return undefined;
  return await withRelease(session, { ...options, abandoned: own }, async (locked, history) => {
    const release = history.at(-1);
    if (release === undefined || !isOurs(release, own)) return undefined;
    const earlier = history.slice(0, -1);
    const good = lastGood(earlier);
    const first = history.find(({ revision }) => own.includes(revision)) ?? release;
    const result: DeployResult = {
      release: name,
      namespace,
      status: "failed",
      revision: release.revision,
      ...(good ? { previousRevision: good.revision } : {}),
      rolledBack: false,
      changes: [],
      notes: "",
      cause: first.description,
      failures: [],
    };
    if (options.onFailure === "keep") return result;
    const attempt = { release, history: earlier, ...(good ? { good } : {}), changes: [] };
    return await takeBack(locked, options, attempt, result).catch((error: unknown) => {
      if (!(error instanceof SlipwayError)) throw error;
      return { ...result, rollbackCause: error.message };
    });
  });
}

function isOurs(newest: Release | undefined, own: readonly number[]): boolean {
  return newest !== undefined && own.includes(newest.revision) && unfinished.includes(newest.status);
}
