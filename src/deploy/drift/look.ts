import { fieldManager } from "../../apply/context.ts";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { numberAt } from "../../base/json-path.ts";
import { describeRef, refOf } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import {
  type Compared,
  type CompareInput,
  comparable,
  compare,
  hasAdditions,
  patchToAsk,
} from "../../plan/drift/compare.ts";
import type { IgnoreRules } from "../../plan/drift/ignore-rules.ts";
import type { FieldDrift, LeftOut, ObjectDrift } from "../../plan/drift/types.ts";
import { describeOwner, isOwnedByOther, withOwner } from "../../plan/ownership.ts";
import type { ManifestObject } from "../../plan/planner.ts";
import type { Patch } from "../../plan/types.ts";
import type { Release } from "../../release/types.ts";
import type { Autoscalers } from "./autoscalers.ts";
import { type Live, readOne } from "./live-objects.ts";
import type { DriftSession } from "./types.ts";

export type LookContext = { session: DriftSession; release: Release; rules: IgnoreRules; autoscalers: Autoscalers };

/** What came of looking at one object. */
export type Looked = {
  leftOut: LeftOut[];
  drift?: ObjectDrift;
  /** What setting it back works with; absent where it may not be set back. */
  remedy?: Remedy;
  /** The server may not be asked what it would make of the manifest. */
  isGuessed?: boolean;
  error?: SlipwayError;
};

export type Remedy = {
  entry: ManifestObject;
  /** As the manifest has it, with its owner's marks. */
  desired: KubeObject;
  live?: KubeObject;
  compared?: Compared;
  pointers: readonly string[];
};

const optOuts: readonly (readonly [string, string])[] = [
  ["slipway.dev/drift", "ignore"],
  ["helm.toolkit.fluxcd.io/driftDetection", "disabled"],
];

// An object that is written all the time is compared as it was read last.
const maxReads = 4;

/** Compares one object of the manifest with what the cluster has of it. Nothing is changed: the server is asked by a dry run. */
export async function look(context: LookContext, entry: ManifestObject, live: Live, reads = 1): Promise<Looked> {
  const { release, rules } = context;
  const desired = withOwner(entry.object, { release: release.name, namespace: release.namespace });
  const ref = refOf(desired);
  if ("error" in live) return { leftOut: [], error: live.error };
  const optOut = optOutOf(desired) ?? optOutOf(live.object);
  if (optOut) return { leftOut: [{ ref, reason: "annotation", by: optOut }] };
  const pointers = [...new Set([desired, ...(live.object ? [live.object] : [])].flatMap(rules.pointersFor))];
  if (pointers.some((pointer) => pointer === "" || pointer === "/")) return { leftOut: [{ ref, reason: "rule" }] };
  const remedy = { entry, desired, pointers };
  const source = entry.source ? { source: entry.source } : {};
  if (live.object === undefined) {
    // A Job that says so is removed by the cluster once it is done.
    const isFinished = desired.kind === "Job" && numberAt(desired, "spec", "ttlSecondsAfterFinished") !== undefined;
    if (isFinished) return { leftOut: [{ ref, reason: "finished" }] };
    return { leftOut: [], drift: { ref, ...source, kind: "missing", fields: [] }, remedy };
  }
  if (live.object.metadata.deletionTimestamp !== undefined) {
    const note = "it is being deleted";
    return { leftOut: [], drift: { ref, ...source, kind: "missing", fields: [], note } };
  }
  return await lookInside(context, { ...remedy, live: live.object }, reads);
}

function optOutOf(object: KubeObject | undefined): string | undefined {
  return optOuts.find(([name, value]) => object?.metadata.annotations?.[name] === value)?.[0];
}

type Present = Remedy & { live: KubeObject };

async function lookInside(context: LookContext, remedy: Present, reads: number): Promise<Looked> {
  const { session, release, autoscalers } = context;
  const { live, entry, pointers } = remedy;
  const desired = comparable(remedy.desired, live);
  const patch = patchToAsk({ desired, live });
  const input: CompareInput = { desired, live, since: release.lastDeployed, pointers };
  if (patch === undefined && !hasAdditions(input)) return { leftOut: [] };
  const scaler = await autoscalers.of(desired, live);
  const answer = patch === undefined ? { object: live } : await ask(context, remedy, patch);
  if ("error" in answer) {
    const isGone = hasCode(answer.error, "KUBE_NOT_FOUND");
    return isGone ? await look(context, entry, { object: undefined }) : { leftOut: [], error: answer.error };
  }
  // What somebody wrote since the reading is in the answer, and no difference.
  if (reads < maxReads && isOutdated(live, answer)) {
    return await look(context, entry, await readOne(session, refOf(live)), reads + 1);
  }
  const compared = compare({ ...input, ...(scaler && "by" in scaler ? { autoscaler: scaler.by } : {}) }, answer.object);
  const { fields, leftOut } = compared;
  const guessed = answer.isGuessed ? { isGuessed: true } : {};
  if (fields.length === 0) return { leftOut, ...guessed };
  const unread = scaler && "error" in scaler && fields.some(isReplicas) ? scaler.error : undefined;
  if (unread && !hasCode(unread, "KUBE_FORBIDDEN")) return { leftOut, error: unread };
  const ref = refOf(desired);
  const owner = { release: release.name, namespace: release.namespace };
  const stolen = isOwnedByOther(live, owner) ? `it says that it belongs to ${describeOwner(live)}` : undefined;
  const kept = unread ? `whether an autoscaler sets its replicas is not known: ${unread.message}` : undefined;
  const note = stolen ?? answer.refusal ?? kept;
  const drift: ObjectDrift = {
    ref,
    ...(entry.source ? { source: entry.source } : {}),
    kind: "changed",
    fields,
    ...(note ? { note } : {}),
  };
  return { leftOut, drift, ...(note ? {} : { remedy: { ...remedy, compared } }), ...guessed };
}

function isReplicas({ pointer }: FieldDrift): boolean {
  return pointer === "/spec/replicas";
}

// A dry run leaves the version as it is. Nothing that is asked for is bound to one: a conflict says that others write, too.
function isOutdated(live: KubeObject, { object, isContended }: Made): boolean {
  return (
    isContended === true || (object !== undefined && object.metadata.resourceVersion !== live.metadata.resourceVersion)
  );
}

type Made = { object: KubeObject | undefined; refusal?: string; isGuessed?: boolean; isContended?: boolean };
type Answer = Made | { error: SlipwayError };

/** What the server would make of the object by the manifest; without an object where it refuses, or may not be asked. */
async function ask(
  { session: { kube, signal }, release }: LookContext,
  { desired }: Remedy,
  patch: Patch,
): Promise<Answer> {
  const ref: ObjectRef = refOf(desired);
  const options = { dryRun: true, fieldManager, signal };
  try {
    const object =
      release.applyMethod === "ssa"
        ? await kube.patch(ref, "apply", desired, { ...options, force: true })
        : await kube.patch(ref, patch.type, patch.body, options);
    return { object };
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    const isDryRun = /dry.?run/i.test(error.message);
    if (hasCode(error, "KUBE_FORBIDDEN") || isDryRun) return { object: undefined, isGuessed: true };
    if (hasCode(error, "KUBE_INVALID", "KUBE_CONFLICT"))
      return {
        object: undefined,
        refusal: `the server would refuse to set ${describeRef(ref)} back: ${error.message}`,
        isContended: hasCode(error, "KUBE_CONFLICT"),
      };
    return { error };
  }
}
