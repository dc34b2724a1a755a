import { mapConcurrently } from "../base/concurrency.ts";
import { SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";
import { trackRollout } from "../rollout/tracker.ts";
import { type ApplyContext, fieldManager, maxConcurrentWrites } from "./context.ts";

/**
 * Creates the definitions of a chart's `crds/` that the cluster lacks, and waits until it serves their kinds. Those that
 * are there stay as they are, as Helm leaves them.
 */
export async function installDefinitions(context: ApplyContext, definitions: readonly KubeObject[]): Promise<void> {
  const { kube, signal } = context;
  const created = await mapConcurrently(definitions, maxConcurrentWrites, async (definition) => {
    const { apiVersion, kind } = definition;
    const ref = { apiVersion, kind, name: definition.metadata.name };
    if (await kube.get(ref, { signal })) return undefined;
    await kube.create(definition, { fieldManager, signal });
    context.emit({ type: "object", action: "create", ref, outcome: "done" });
    return ref;
  });
  const refs = created.filter((ref) => ref !== undefined);
  if (refs.length > 0) await waitUntilEstablished(context, refs);
}

/** Waits until the cluster serves the kinds of these definitions, and forgets which kinds it served before. */
export async function waitUntilEstablished(context: ApplyContext, refs: readonly ObjectRef[]): Promise<void> {
  const { kube, signal, timeoutMs } = context;
  const result = await trackRollout(kube, refs, { timeoutMs, signal });
  if (!result.ok) {
    const [failure] = result.failures;
    throw new SlipwayError("APPLY_FAILED", failure?.summary ?? "A definition was not established", {
      ...(failure ? { where: describeRef(failure.ref) } : {}),
      hint: "Look at the definition's conditions: kubectl describe crd NAME.",
    });
  }
  kube.discovery.refresh();
}
