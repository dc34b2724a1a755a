import { mapConcurrently } from "../base/concurrency.ts";
import { refOf } from "../kube/ref.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { Change } from "../plan/types.ts";
import type { Session } from "./options.ts";

const maxConcurrentReads = 16;

/** What becomes of the definitions under `crds/`: those that are missing are created, the others left as they are. */
export async function planDefinitions(
  { kube, signal }: Session,
  definitions: readonly ManifestObject[],
): Promise<Change[]> {
  return await mapConcurrently(definitions, maxConcurrentReads, async ({ object, source }): Promise<Change> => {
    const { namespace: _, ...ref } = refOf(object);
    const common = { ref, desired: object, operations: [], ...(source ? { source } : {}) };
    const live = await kube.get(ref, { signal });
    if (live === undefined) return { ...common, action: "create", after: object };
    return { ...common, action: "nothing", live, after: live, reason: "a definition that is there is left as it is" };
  });
}
