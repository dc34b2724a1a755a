import { hasCode, SlipwayError } from "../base/error.ts";
import { describeHolder, shown, thisProcess } from "../release/lock.ts";
import type { Release, ReleaseStatus } from "../release/types.ts";
import type { Session } from "./options.ts";

/** Records a revision that is about to be carried out and tells it, so that whoever finds it unfinished knows whose it is. */
export async function begin(session: Session, release: Release): Promise<void> {
  const { name, revision, status, description } = release;
  release.recordedBy = shown(describeHolder(thisProcess(session.run)));
  await session.driver.create(release);
  session.emit({ type: "revision", release: name, revision, status, description });
}

/** Writes the revision's new state down and tells it. */
export async function record(
  session: Session,
  release: Release,
  status: ReleaseStatus,
  description: string,
): Promise<void> {
  release.status = status;
  release.description = description;
  await store(session, release);
  session.emit({ type: "revision", release: release.name, revision: release.revision, status, description });
}

const waitsMs = [100, 400, 1200, 3000];

// A record is written whole by the one who holds the lock, so writing it twice does no harm, and not writing it does.
async function store({ driver, clock }: Session, release: Release): Promise<void> {
  for (const waitMs of waitsMs) {
    try {
      return await driver.update(release);
    } catch (error) {
      if (!hasCode(error, "KUBE_CONFLICT", "KUBE_REQUEST_FAILED", "KUBE_UNREACHABLE")) throw error;
      await clock.delay(waitMs);
    }
  }
  return await driver.update(release);
}

/** Writes down how the revision's hooks ran; all else about it stays. */
export async function recordRuns(session: Session, release: Release): Promise<void> {
  await store(session, release);
}

/**
 * Makes the revision the deployed one, and only then the earlier ones superseded: a run that is killed between the two
 * leaves two deployed ones, of which Helm and we take the newer, and never none. So failing to is no failure either.
 */
export async function recordSuccess(
  session: Session,
  release: Release,
  history: readonly Release[],
  description: string,
) {
  await record(session, release, "deployed", description);
  for (const earlier of history.filter((revision) => revision.status === "deployed")) {
    earlier.status = "superseded";
    await store(session, earlier).catch((error: unknown) => tellNotSuperseded(session, earlier, error));
  }
}

/** What was uninstalled and kept is superseded once the release is installed again, as in Helm. */
export async function supersedeUninstalled(session: Session, history: readonly Release[]): Promise<void> {
  const last = history.at(-1);
  if (last?.status !== "uninstalled") return;
  const superseded: Release = { ...last, status: "superseded", description: "superseded by new release" };
  await store(session, superseded).catch((error: unknown) => tellNotSuperseded(session, last, error));
}

function tellNotSuperseded({ emit }: Session, { name, revision }: Release, error: unknown): void {
  if (!(error instanceof SlipwayError)) throw error;
  if (error.code === "RELEASE_NOT_FOUND") return;
  const message = `Revision ${revision} of ${name} can't be recorded as superseded: ${error.message}`;
  emit({ type: "warning", message });
}
