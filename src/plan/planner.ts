import { SlipwayError } from "../base/error.ts";
import { describeRef, objectKey, refOf } from "../kube/ref.ts";
import type { ApplyMethod, KubeObject, ObjectRef } from "../kube/types.ts";
import { byUninstallOrder } from "./kind-order.ts";
import { mergeBase } from "./merge-base.ts";
import { operationsBetween } from "./operations.ts";
import { describeOwner, isKept, isOwnedBy, isOwnedByOther, type Owner, withOwner } from "./ownership.ts";
import { applyPatch, threeWayPatch } from "./three-way.ts";
import type { Change } from "./types.ts";

/** An object of a manifest, its namespace filled in. */
export type ManifestObject = { object: KubeObject; source?: string };

export type PlanInput = {
  owner: Owner;
  /** What the chart asks for, in the order of installing. Empty to uninstall. */
  desired: readonly ManifestObject[];
  /** Manifests of every revision since the last that succeeded, that one first. */
  recorded: readonly (readonly ManifestObject[])[];
  /** By `objectKey`: what the cluster has of all of these. */
  live: ReadonlyMap<string, KubeObject>;
  method: ApplyMethod;
  /** Adopts what other tools or releases own, in place of refusing. */
  takeOwnership: boolean;
};

/**
 * What to do with every object: those of the chart in their order, then what the release has and the chart doesn't, in
 * Helm's uninstall order. Throws PLAN_OWNED_BY_OTHER, naming all objects that are not the release's to change.
 */
export function planChanges(input: PlanInput): Change[] {
  const recorded = recordedByKey(input.recorded);
  const wanted = new Set(input.desired.map((entry) => objectKey(refOf(entry.object))));
  const refused = input.takeOwnership ? [] : input.desired.flatMap((entry) => refusal(entry, recorded, input));
  if (refused.length > 0) throw ownedByOther(refused, input.owner);
  const changes = input.desired.map((entry) => planDesired(entry, recorded, input));
  const orphans = [...recorded]
    .filter(([key]) => !wanted.has(key))
    .flatMap(([key, forms]) => planOrphan(forms, input.live.get(key), input.owner))
    .sort((a, b) => byUninstallOrder(a.ref, b.ref));
  return [...changes, ...orphans];
}

function recordedByKey(revisions: PlanInput["recorded"]): Map<string, KubeObject[]> {
  const byKey = new Map<string, KubeObject[]>();
  for (const { object } of revisions.flat()) {
    const key = objectKey(refOf(object));
    byKey.set(key, [...(byKey.get(key) ?? []), object]);
  }
  return byKey;
}

type Refusal = { ref: ObjectRef; live: KubeObject };

function refusal(entry: ManifestObject, recorded: ReadonlyMap<string, unknown>, input: PlanInput): Refusal[] {
  const ref = refOf(entry.object);
  const key = objectKey(ref);
  const live = input.live.get(key);
  if (live === undefined) return [];
  const ours = recorded.has(key) ? !isOwnedByOther(live, input.owner) : isOwnedBy(live, input.owner);
  return ours ? [] : [{ ref, live }];
}

function ownedByOther(refused: Refusal[], owner: Owner): SlipwayError {
  const lines = refused.map(({ ref, live }) => `${describeRef(ref)} belongs to ${describeOwner(live)}`);
  const [first] = refused;
  return new SlipwayError(
    "PLAN_OWNED_BY_OTHER",
    `Release ${owner.release} can't change what it does not own: ${lines[0]}`,
    {
      ...(first ? { where: describeRef(first.ref) } : {}),
      ...(lines.length > 1 ? { detail: lines.join("\n") } : {}),
      hint: "Rename the object in the chart, remove it from the cluster, or take it over with --take-ownership.",
    },
  );
}

function planDesired(entry: ManifestObject, recorded: ReadonlyMap<string, KubeObject[]>, input: PlanInput): Change {
  const desired = withOwner(entry.object, input.owner);
  const ref = refOf(desired);
  const key = objectKey(ref);
  const live = input.live.get(key);
  const common = { ref, desired, ...(entry.source ? { source: entry.source } : {}) };
  if (live === undefined) return { ...common, action: "create", after: desired, operations: [] };
  if (live.metadata.deletionTimestamp !== undefined) {
    return {
      ...common,
      action: "create",
      live,
      after: desired,
      operations: [],
      reason: "the present one is being deleted",
    };
  }
  const adopts = !recorded.has(key) && !isOwnedBy(live, input.owner);
  if (input.method === "ssa") {
    const patch = { type: "apply" as const, body: desired };
    return { ...common, action: adopts ? "adopt" : "change", live, patch, operations: [] };
  }
  const base = mergeBase(recorded.get(key) ?? []);
  const patch = threeWayPatch({ base, desired, live });
  if (patch === undefined) return { ...common, action: "nothing", live, after: live, operations: [] };
  const after = applyPatch(live, patch);
  const operations = operationsBetween(live, after);
  return { ...common, action: adopts ? "adopt" : "change", live, patch, after, operations, ...(base ? { base } : {}) };
}

function planOrphan(forms: readonly KubeObject[], live: KubeObject | undefined, owner: Owner): Change[] {
  const last = forms.at(-1);
  if (last === undefined || live === undefined) return [];
  const common = { ref: refOf(last), live, operations: [] };
  if (isKept(last) || isKept(live)) return [{ ...common, action: "keep", reason: "its resource policy is keep" }];
  if (isOwnedByOther(live, owner))
    return [{ ...common, action: "keep", reason: `it belongs to ${describeOwner(live)}` }];
  return [{ ...common, action: "delete" }];
}
