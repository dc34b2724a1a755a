import { ensureHistory, withRelease } from "./open-release.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import { planRemoval, removeRelease } from "./remove-release.ts";
import type { DeployResult } from "./result.ts";

export type UninstallOptions = CarryOutOptions & {
  release: string;
  namespace: string;
  keepHistory: boolean;
  dryRun: boolean;
  description?: string;
};

/** Takes a release's objects away, and its history unless it is to be kept. */
export async function uninstall(session: Session, options: UninstallOptions): Promise<DeployResult> {
  const { release: name, namespace } = options;
  const seen = await session.driver.history(name);
  ensureHistory(seen, name, namespace);
  const common = { release: name, namespace, rolledBack: false, notes: "", failures: [] };
  if (options.dryRun) {
    const changes = await planRemoval(session, seen);
    session.emit({
      type: "plan",
      plan: { release: name, namespace, revision: 0, changes, createNamespace: false, warnings: [] },
    });
    return { ...common, status: seen.at(-1)?.status ?? "unknown", revision: seen.at(-1)?.revision ?? 0, changes };
  }
  session.emit({ type: "phase", phase: "uninstall", message: `Uninstalling ${name}` });
  return await withRelease(session, options, async (locked, history) => {
    const changes = await removeRelease(locked, { ...options, history });
    return { ...common, status: "uninstalled", revision: history.at(-1)?.revision ?? 0, changes };
  });
}
