import { applyChanges } from "../apply/apply-plan.ts";
import { HookFailure, runHooks } from "../apply/hooks.ts";
import { waitUntilGone } from "../apply/remove-object.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { SlipwayError } from "../base/error.ts";
import type { Change } from "../plan/types.ts";
import { readable, wasUninstalled } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import type { HookEvent } from "../render/types.ts";
import { applyContext } from "./carry-out.ts";
import { withKnown } from "./known-hooks.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import { locateRecordedHooks, planRevision } from "./plan-revision.ts";
import { record, recordRuns } from "./records.ts";

type RemoveOptions = CarryOutOptions & { history: Release[]; keepHistory: boolean; description?: string };

/** What an uninstall would do: a plan with nothing desired. */
export async function planRemoval(session: Session, history: Release[]): Promise<Change[]> {
  const { name, namespace } = newest(history);
  return await planRevision(session, {
    release: name,
    namespace,
    desired: [],
    history,
    method: "csa",
    takeOwnership: false,
    isRemoval: true,
  });
}

/** Hooks, objects in Helm's uninstall order, hooks; then the history, unless it is to be kept. */
export async function removeRelease(session: Session, options: RemoveOptions): Promise<Change[]> {
  const { history, keepHistory } = options;
  const release = newest(history);
  // Only its history is left.
  if (wasUninstalled(release)) {
    if (!keepHistory) await purge(session, history);
    return [];
  }
  const owner = { release: release.name, namespace: release.namespace };
  const context = applyContext(session, options);
  const changes = await planRemoval(session, history);
  const hooks = withKnown(await locateRecordedHooks(session, release), history);
  release.deleted = new Date(session.clock.now()).toISOString();
  await record(session, release, "uninstalling", "Deletion in progress (or silently failed)");
  if (options.hooks) await runRecorded("pre-delete");
  const { applied } = await applyChanges(context, changes, owner);
  const going = applied.filter(({ change, isGone }) => change.action === "delete" && !isGone);
  if (options.wait)
    await mapConcurrently(going, going.length, ({ change }) =>
      waitUntilGone(context, change.ref, change.live?.metadata.uid),
    );
  if (options.hooks) await runRecorded("post-delete");
  if (keepHistory) await record(session, release, "uninstalled", options.description ?? "Uninstallation complete");
  else await purge(session, history);
  return changes;

  async function runRecorded(event: HookEvent): Promise<void> {
    try {
      await runHooks(context, hooks, event);
    } catch (error) {
      if (error instanceof HookFailure) await recordRuns(session, release);
      throw error;
    }
  }
}

// The newest goes last, so that a run that is killed here leaves a history that says what was going on.
async function purge(session: Session, history: readonly Release[]): Promise<void> {
  for (const revision of history) await session.driver.delete(revision.name, revision.revision);
  const { name, revision } = newest(history);
  await session.driver.sweep(name);
  session.emit({
    type: "revision",
    release: name,
    revision,
    status: "uninstalled",
    description: "Uninstallation complete",
  });
}

function newest(history: readonly Release[]): Release {
  const release = readable(history).at(-1);
  if (release) return release;
  throw new SlipwayError("RELEASE_NOT_FOUND", "There is no such release");
}
