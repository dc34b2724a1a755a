import { type Held, readLock } from "../release/lock.ts";
import type { ReleaseStatus } from "../release/types.ts";
import { withRelease } from "./open-release.ts";
import type { Session } from "./options.ts";

export type UnlockOptions = {
  release: string;
  namespace: string;
  /** Also from a run that lives, and of a revision that another tool has just begun. */
  force: boolean;
  /** How old a revision has to be that another tool began, to count as abandoned. */
  timeoutMs: number;
};

export type Unlocked = {
  /** Who held the lock; absent where nobody did. */
  held?: Held;
  /** The revisions that were begun and never finished; they are recorded as failed. */
  abandoned: { revision: number; status: ReleaseStatus }[];
};

/**
 * Takes the lock from a run that is dead and records what it left as failed, as the next deploy would. Throws
 * RELEASE_LOCKED, naming the holder, where that run lives, and RELEASE_PENDING where another tool may be at work.
 */
export async function unlock(session: Session, options: UnlockOptions): Promise<Unlocked> {
  const { release, namespace } = options;
  const held = await readLock(session, { namespace, name: release });
  const before = await session.driver.history(release);
  return await withRelease(session, options, async (_, history) => {
    const now = new Map(history.map(({ revision, status }) => [revision, status]));
    const abandoned = before
      .filter(({ revision, status }) => now.get(revision) !== status)
      .map(({ revision, status }) => ({ revision, status }));
    return { ...(held ? { held } : {}), abandoned };
  });
}
