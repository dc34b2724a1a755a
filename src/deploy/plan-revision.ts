import { SlipwayError } from "../base/error.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { ApplyMethod, KubeObject } from "../kube/types.ts";
import { asTold, type Manner } from "../plan/as-told.ts";
import { ensureOrder, inOrder } from "../plan/order/stages.ts";
import type { ManifestObject } from "../plan/planner.ts";
import { planChanges } from "../plan/planner.ts";
import type { Change } from "../plan/types.ts";
import { mergeBase } from "../release/history.ts";
import type { RecordedHook, Release } from "../release/types.ts";
import { keptConfiguration } from "./kept-configuration.ts";
import { fetchLive } from "./live-objects.ts";
import { type ComingKinds, comingKinds, locate, readDocument, readManifest } from "./objects.ts";
import type { Session } from "./options.ts";
import { locateRecorded, tellMissing } from "./recorded-objects.ts";

const noComingKinds: ComingKinds = new Map();

export type RevisionInput = {
  release: string;
  namespace: string;
  desired: readonly ManifestObject[];
  /** Oldest first; what was recorded before the revision that is planned. */
  history: Release[];
  method: ApplyMethod;
  takeOwnership: boolean;
  manner?: Manner;
  definitions?: readonly KubeObject[];
  /**
   * The revision that is gone back to: also where its annotations ask for an order that can't be kept, and without what
   * is of a kind that the cluster no longer serves.
   */
  restores?: number;
  /** A namespace that is yet to be made: it has none of the objects. */
  absent?: string;
  /** Nothing is kept for going back: the release goes. */
  isRemoval?: boolean;
};

/** Reads what the cluster has of the chart's and the recorded objects and says what is to change. Changes nothing. */
export async function planRevision(session: Session, input: RevisionInput): Promise<Change[]> {
  const { kube, signal, emit } = session;
  const { discovery } = kube;
  const definitions = [...(input.definitions ?? []), ...input.desired.map((entry) => entry.object)];
  const scope = { discovery, namespace: input.namespace, coming: comingKinds(definitions) };
  const desired = input.restores
    ? await locateRecorded(input.desired, scope, tellMissing(emit, input.restores))
    : await locate(input.desired, scope);
  const recorded = await Promise.all(
    mergeBase(input.history).map(async (revision) => {
      const past = { ...scope, coming: noComingKinds };
      const told = revision.revision === input.restores ? () => {} : tellMissing(emit, revision.revision);
      const objects = await locateRecorded(readManifest(revision.manifest), past, told);
      return { objects, succeeded: succeeded(revision) };
    }),
  );
  const known = [...recorded.flatMap(({ objects }) => objects), ...desired];
  const [live, { needed, stale }] = await Promise.all([
    fetchLive(
      kube,
      known.filter(({ object }) => !input.absent || object.metadata.namespace !== input.absent),
      signal,
    ),
    keptConfiguration(
      kube,
      { release: input.release, history: input.isRemoval ? [] : input.history, objects: known },
      signal,
    ),
  ]);
  for (const { object } of stale) live.set(objectKey(refOf(object)), object);
  recorded.unshift({ objects: stale, succeeded: true });
  const owner = { release: input.release, namespace: input.namespace };
  const { method, takeOwnership } = input;
  if (method === "ssa" && input.manner?.forceReplace) throw noForceWithApply();
  const planned = planChanges({ owner, desired, recorded, live, method, takeOwnership, needed });
  const changes = asTold(planned, input.manner ?? {});
  if (!input.restores) ensureOrder(changes);
  return inOrder(changes);
}

function noForceWithApply(): SlipwayError {
  return new SlipwayError("INPUT_INVALID", "Server-side apply and --force-replace don't go together", {
    hint: "Add --server-side=false, or use --force-conflicts to take fields over from other managers.",
  });
}

// A revision that is being uninstalled had been deployed, or had failed: nobody knows any more.
function succeeded({ status }: Release): boolean {
  return status === "deployed" || status === "superseded";
}

/** The hooks with their objects, in their namespaces. */
export async function locateHooks(
  session: Session,
  hooks: readonly RecordedHook[],
  namespace: string,
  coming: ComingKinds,
) {
  const scope = { discovery: session.kube.discovery, namespace, coming };
  const located = await Promise.all(
    hooks.map(async (hook) => {
      const objects = await locate(readDocument(hook.manifest, hook.path), scope);
      return objects.map(({ object }) => ({ hook, object }));
    }),
  );
  return located.flat();
}

/** Those of a recorded revision, without what is of a kind that the cluster no longer serves. */
export async function locateRecordedHooks(session: Session, { hooks, namespace, revision }: Release) {
  const scope = { discovery: session.kube.discovery, namespace, coming: noComingKinds };
  const located = await Promise.all(
    hooks.map(async (hook) => {
      const written = readDocument(hook.manifest, hook.path);
      const objects = await locateRecorded(written, scope, tellMissing(session.emit, revision));
      return objects.map(({ object }) => ({ hook, object }));
    }),
  );
  return located.flat();
}
