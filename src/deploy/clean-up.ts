import { applyChanges } from "../apply/apply-plan.ts";
import { SlipwayError } from "../base/error.ts";
import { objectKey } from "../kube/ref.ts";
import { byUninstallOrder } from "../plan/kind-order.ts";
import { isKept, isOwnedBy } from "../plan/ownership.ts";
import type { Change } from "../plan/types.ts";
import type { Release } from "../release/types.ts";
import { applyContext } from "./carry-out.ts";
import { fetchLive } from "./live-objects.ts";
import type { CarryOutOptions, Session } from "./options.ts";

/**
 * Removes the objects that a failed revision created, as far as they are the release's and don't ask to be kept. What it
 * changed stays changed. Failing to is told.
 */
export async function cleanUp(
  session: Session,
  options: CarryOutOptions,
  { release, changes }: { release: Release; changes: readonly Change[] },
): Promise<void> {
  const owner = { release: release.name, namespace: release.namespace };
  const created = changes.filter(({ action, live }) => action === "create" && live === undefined);
  try {
    const objects = created.flatMap(({ desired }) => (desired ? [{ object: desired }] : []));
    const found = await fetchLive(session.kube, objects, session.signal);
    const deletions = created.flatMap(({ ref }): Change[] => {
      const live = found.get(objectKey(ref));
      if (live === undefined || !isOwnedBy(live, owner) || isKept(live)) return [];
      return [{ action: "delete", ref, live, operations: [] }];
    });
    const inOrder = deletions.sort((a, b) => byUninstallOrder(a.ref, b.ref));
    await applyChanges(applyContext(session, options), inOrder, owner);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const message = `What revision ${release.revision} of ${release.name} created can't be removed: ${error.message}`;
    session.emit({ type: "warning", message });
  }
}
