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

/** What one revision wrote, or where it did not succeed, may have written. */
export type RecordedRevision = { objects: readonly ManifestObject[]; succeeded: boolean };

export type PlanInput = {
  owner: Owner;
  /** What the chart asks for, in the order of installing. Empty to uninstall. */
  desired: readonly ManifestObject[];
  /** Every revision since the last that succeeded, that one first. */
  recorded: readonly RecordedRevision[];
  /** By `objectKey`: what the cluster has of all of these. */
  live: ReadonlyMap<string, KubeObject>;
  method: ApplyMethod;
  /** Adopts what other tools or releases own, in place of refusing. */
  takeOwnership: boolean;
  /** Keys of what stays for a revision that is gone back to, although the chart no longer has it. */
  needed?: ReadonlySet<string>;
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
    .flatMap(([key, past]) => planOrphan(past, input.live.get(key), input))
    .sort((a, b) => byUninstallOrder(a.ref, b.ref));
  return [...changes, ...orphans];
}

/** One object's recorded forms, oldest first. `isProven`: a revision that succeeded had it, so that the release wrote it. */
type Past = { forms: KubeObject[]; isProven: boolean };

function recordedByKey(revisions: PlanInput["recorded"]): Map<string, Past> {
  const byKey = new Map<string, Past>();
  for (const { objects, succeeded } of revisions) {
    for (const { object } of objects) {
      const key = objectKey(refOf(object));
      const past = byKey.get(key) ?? { forms: [], isProven: false };
      byKey.set(key, { forms: [...past.forms, object], isProven: past.isProven || succeeded });
    }
  }
  return byKey;
}

/**
 * Whether the live object is the release's to change. What only failed revisions have may be somebody else's, who created
 * it before they came to it: there the object's own word is needed.
 */
function isOurs(live: KubeObject, past: Past | undefined, owner: Owner): boolean {
  return past?.isProven ? !isOwnedByOther(live, owner) : isOwnedBy(live, owner);
}

type Refusal = { ref: ObjectRef; live: KubeObject };

function refusal(entry: ManifestObject, recorded: ReadonlyMap<string, Past>, input: PlanInput): Refusal[] {
  const ref = refOf(entry.object);
  const key = objectKey(ref);
  const live = input.live.get(key);
  if (live === undefined) return [];
  return isOurs(live, recorded.get(key), input.owner) ? [] : [{ ref, live }];
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

function planDesired(entry: ManifestObject, recorded: ReadonlyMap<string, Past>, input: PlanInput): Change {
  const desired = withOwner(entry.object, input.owner);
  const ref = refOf(desired);
  const key = objectKey(ref);
  const live = input.live.get(key);
  const applied =
    input.method === "ssa" && desired.metadata.name ? { patch: { type: "apply" as const, body: desired } } : {};
  const common = { ref, desired, ...applied, ...(entry.source ? { source: entry.source } : {}) };
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
  const past = recorded.get(key);
  const adopts = !isOurs(live, past, input.owner);
  if (common.patch) return { ...common, action: adopts ? "adopt" : "change", live, operations: [] };
  const base = mergeBase(past?.forms ?? []);
  const patch = threeWayPatch({ base, desired, live });
  if (patch === undefined) return { ...common, action: "nothing", live, after: live, operations: [] };
  const after = applyPatch(live, patch);
  const operations = operationsBetween(live, after);
  return { ...common, action: adopts ? "adopt" : "change", live, patch, after, operations, ...(base ? { base } : {}) };
}

function planOrphan(past: Past, live: KubeObject | undefined, { owner, needed }: PlanInput): Change[] {
  const last = past.forms.at(-1);
  if (last === undefined || live === undefined) return [];
  const common = { ref: refOf(last), live, operations: [] };
  if (isKept(last) || isKept(live)) return [{ ...common, action: "keep", reason: "its resource policy is keep" }];
  if (needed?.has(objectKey(refOf(last))))
    return [{ ...common, action: "keep", reason: "a revision that can be gone back to uses it" }];
  if (!isOurs(live, past, owner))
    return [{ ...common, action: "keep", reason: `it belongs to ${describeOwner(live)}` }];
  return [{ ...common, action: "delete" }];
}
