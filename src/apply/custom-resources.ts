import { mapConcurrently } from "../base/concurrency.ts";
import { SlipwayError } from "../base/error.ts";
import { arrayAt, booleanAt, stringAt } from "../base/json-path.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { type DefinitionMode, describeStale, isStale, planDefinition } from "../plan/definitions.ts";
import { trackRollout } from "../rollout/tracker.ts";
import { type ApplyContext, fieldManager, maxConcurrentWrites } from "./context.ts";

/** Their own, so that a chart's later definition takes back what an earlier one had set. */
const definitionManager = "slipway-crds";

/**
 * Brings the definitions of a chart's `crds/` to the cluster, and waits until it serves their kinds. Those that are there
 * stay as they are, as Helm leaves them, which is told where they differ; with `upgrade` they are applied.
 */
export async function installDefinitions(
  context: ApplyContext,
  definitions: readonly KubeObject[],
  mode: DefinitionMode = "create",
): Promise<void> {
  const { kube, signal, emit } = context;
  const changes = await mapConcurrently(definitions, maxConcurrentWrites, async (object) => {
    const { apiVersion, kind } = object;
    const ref = { apiVersion, kind, name: object.metadata.name };
    const change = planDefinition(await kube.get(ref, { signal }), { object }, mode);
    if (change.action === "create") await kube.create(object, { fieldManager, signal });
    else if (change.patch) {
      const write = { fieldManager: definitionManager, force: true, signal };
      await kube.patch(ref, change.patch.type, change.patch.body, write);
    }
    if (change.action !== "nothing") emit({ type: "object", action: change.action, ref, outcome: "done" });
    return change;
  });
  const stale = changes.filter(isStale).map(({ ref }) => ref.name);
  if (stale.length > 0) emit({ type: "warning", message: describeStale(stale) });
  const written = changes.flatMap(({ action, desired }) => (action !== "nothing" && desired ? [desired] : []));
  if (written.length > 0) await waitUntilEstablished(context, written);
}

/** Waits until the cluster serves every kind and version of these definitions. */
export async function waitUntilEstablished(context: ApplyContext, definitions: readonly KubeObject[]): Promise<void> {
  const { kube, clock, signal, timeoutMs } = context;
  const until = clock.now() + timeoutMs;
  const refs = definitions.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name }));
  const result = await trackRollout(kube, refs, { timeoutMs, signal });
  if (!result.ok) {
    const [failure] = result.failures;
    throw new SlipwayError("APPLY_FAILED", failure?.summary ?? "A definition was not established", {
      ...(failure ? { where: describeRef(failure.ref) } : {}),
      hint: "Look at the definition's conditions: kubectl describe crd NAME.",
    });
  }
  kube.discovery.refresh();
  // A definition is established a moment before discovery tells of its kind.
  for (let waitMs = 20; (await unserved(context, definitions)) !== undefined; waitMs = Math.min(2 * waitMs, 1000)) {
    if (clock.now() >= until) throw notServed((await unserved(context, definitions)) ?? "", timeoutMs);
    await clock.delay(waitMs, signal);
    kube.discovery.refresh();
  }
}

/** The first kind that discovery lacks, as `Kind (group/version)`. */
async function unserved({ kube }: ApplyContext, definitions: readonly KubeObject[]): Promise<string | undefined> {
  for (const definition of definitions) {
    const [group, kind] = [stringAt(definition, "spec", "group"), stringAt(definition, "spec", "names", "kind")];
    for (const version of arrayAt(definition, "spec", "versions")) {
      const name = stringAt(version, "name");
      if (booleanAt(version, "served") !== true || !group || !kind || !name) continue;
      if ((await kube.discovery.find(`${group}/${name}`, kind)) === undefined) return `${kind} (${group}/${name})`;
    }
  }
  return undefined;
}

function notServed(kind: string, timeoutMs: number): SlipwayError {
  return new SlipwayError(
    "APPLY_FAILED",
    `The API server does not tell of the kind ${kind} ${Math.round(timeoutMs / 1000)} s after its definition was written`,
    { hint: "Look at the definition's conditions: kubectl describe crd NAME." },
  );
}
