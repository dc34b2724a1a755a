import { askServer } from "./ask-server.ts";
import { replaceRefused } from "./assess.ts";
import { applyContext } from "./carry-out.ts";
import { ensureHistory, withRelease } from "./open-release.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import type { Origin } from "./origin.ts";
import { planRestore, restore, rollbackTarget } from "./restore.ts";
import type { DeployResult } from "./result.ts";

export type RollbackOptions = CarryOutOptions & {
  release: string;
  namespace: string;
  /** The last good one before the present one where absent. */
  revision?: number;
  historyMax: number;
  description?: string;
  /** Who goes back, in which run; the commit is that of the revision. */
  origin?: Omit<Origin, "commit">;
  dryRun: boolean;
};

/** Goes back to an earlier revision, as a new one. */
export async function rollback(session: Session, options: RollbackOptions): Promise<DeployResult> {
  const { release: name, namespace } = options;
  if (options.dryRun) return await preview(session, options);
  ensureHistory(await session.driver.history(name), name, namespace);
  return await withRelease(session, options, async (locked, history) => {
    const present = history.at(-1);
    const target = rollbackTarget(history, name, options.revision);
    session.emit({ type: "phase", phase: "rollback", message: `Rolling back to revision ${target.revision}` });
    const { release, changes, outcome } = await restore(locked, options, { history, target });
    if (!outcome.ok) session.emit({ type: "failed", cause: outcome.cause, failures: outcome.failures });
    return {
      ...emptyResult(name, namespace),
      status: release.status,
      revision: release.revision,
      ...(present ? { previousRevision: present.revision } : {}),
      changes,
      notes: release.notes,
      ...(outcome.ok ? {} : { cause: outcome.cause, failures: outcome.failures }),
    };
  });
}

async function preview(session: Session, options: RollbackOptions): Promise<DeployResult> {
  const { release: name, namespace, revision } = options;
  const history = await session.driver.history(name);
  const target = rollbackTarget(history, name, revision);
  const worked = await replaceRefused(session, options, await planRestore(session, { history, target }, options));
  const changes = await askServer(applyContext(session, options), worked);
  const plan = {
    release: name,
    namespace,
    revision: (history.at(-1)?.revision ?? 0) + 1,
    changes,
    createNamespace: false,
    warnings: [],
  };
  session.emit({ type: "plan", plan });
  return {
    ...emptyResult(name, namespace),
    status: history.at(-1)?.status ?? "unknown",
    revision: history.at(-1)?.revision ?? 0,
    changes,
  };
}

function emptyResult(release: string, namespace: string) {
  return { release, namespace, rolledBack: false, notes: "", failures: [] };
}
