import { mapConcurrently } from "../base/concurrency.ts";
import { refOf } from "../kube/ref.ts";
import { type DefinitionMode, describeStale, isStale, planDefinition } from "../plan/definitions.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { Change } from "../plan/types.ts";
import type { Session } from "./options.ts";

const maxConcurrentReads = 16;

/** What becomes of the definitions under `crds/`. Those that stay behind the chart's are told. */
export async function planDefinitions(
  { kube, signal, emit }: Session,
  definitions: readonly ManifestObject[],
  mode: DefinitionMode,
): Promise<Change[]> {
  const changes = await mapConcurrently(definitions, maxConcurrentReads, async (entry): Promise<Change> => {
    const { namespace: _, ...ref } = refOf(entry.object);
    return planDefinition(await kube.get(ref, { signal }), entry, mode);
  });
  const stale = changes.filter(isStale);
  if (stale.length > 0) emit({ type: "warning", message: describeStale(stale.map(({ ref }) => ref.name)) });
  return changes;
}
