import { randomBytes } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Chart, ChartFile } from "../../chart/types.ts";
import type { KubeObject } from "../../kube/types.ts";
import { anyValue, canonicalJson, type FieldTree, fieldTree } from "../../plan/fields.ts";
import { withoutServerFields } from "../../plan/operations.ts";
import type { Basis, BasisObject } from "./basis.ts";
import { fullHash, shortHash, slowHash } from "./hashes.ts";
import type { SavedObject, SavedPlan } from "./types.ts";

/** True for a text that holds a secret which is known as one: of that no hash is kept at all. */
export type IsSecret = (text: string) => boolean;

/** The plan as its file keeps it. */
export async function savePlan(basis: Basis, clock: Clock, isSecret: IsSecret): Promise<SavedPlan> {
  const salt = randomBytes(32).toString("hex");
  const { plan, last, cluster, options, chart } = basis;
  const [values, rendered, seen] = await Promise.all([
    slowHash(salt, canonicalJson(basis.values)),
    slowHash(salt, renderedText(basis)),
    slowHash(salt, seenText(basis)),
  ]);
  return {
    format: "slipway-plan",
    version: 1,
    created: new Date(clock.now()).toISOString(),
    release: plan.release,
    namespace: plan.namespace,
    createNamespace: plan.createNamespace,
    revision: plan.revision,
    ...(last && { last }),
    cluster: savedCluster(cluster, salt),
    options,
    chart: savedChart(chart, salt),
    objects: basis.objects.map((object) => savedObject(object, salt, isSecret)),
    values,
    rendered,
    seen,
    salt,
  };
}

export function savedCluster({ server, uid }: Basis["cluster"], salt: string): SavedPlan["cluster"] {
  // A path may hold a token, as the sandbox's does.
  const { origin } = new URL(server);
  return { server: origin, address: shortHash(salt, "address", server), ...(uid !== undefined && { uid }) };
}

export function savedChart({ metadata, raw }: Chart, salt: string): SavedPlan["chart"] {
  const hashes = raw.filter(isNoPlan).map(({ name, data }): [string, string] => [name, fullHash(salt, data)]);
  hashes.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: metadata.name,
    version: metadata.version,
    digest: fullHash(salt, JSON.stringify(hashes)),
    files: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.slice(0, 8)])),
  };
}

// The file of a plan may lie in the chart's folder, and was not there when the plan was made. It counts where it is rendered.
function isNoPlan({ data }: ChartFile): boolean {
  return !/^\{\s*"format": "slipway-plan"/.test(Buffer.from(data.subarray(0, 100)).toString("latin1"));
}

/** What is asked for: the documents as they were rendered, and the objects as they would be sent. */
export function renderedText({ objects, rendered }: Basis): string {
  return canonicalJson([rendered, objects.map(({ role, desired }) => [role, desired])]);
}

/** What the cluster had, its records included. */
export function seenText({ objects, recorded }: Basis): string {
  const live = objects.flatMap(({ role, ref, action, desired, live: found }) => {
    if (found === undefined) return [];
    const fate = desired === undefined ? [action] : [];
    return [[role, ref, ...fate, found.metadata.uid, withoutBookkeeping(found)]];
  });
  return canonicalJson([live, recorded]);
}

/** Annotations in which controllers count rollouts: they follow from what else is there. */
const counters = ["deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation"];

/** The object without what its controllers write down for themselves. */
function withoutBookkeeping(live: KubeObject): KubeObject {
  const object = withoutServerFields(live);
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !counters.includes(name));
  return { ...object, metadata: { ...metadata, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) } };
}

export function savedObject(object: BasisObject, salt: string, isSecret: IsSecret): SavedObject {
  const { role, action, ref, source, desired, live } = object;
  const uid = live?.metadata.uid;
  return {
    role,
    action,
    ref,
    ...(source && { source }),
    ...(desired && { desired: treeOf(desired, salt, isSecret) }),
    ...(live && { live: treeOf(withoutBookkeeping(live), salt, isSecret) }),
    ...(uid !== undefined && { uid }),
  };
}

function treeOf(object: KubeObject, salt: string, isSecret: IsSecret): FieldTree {
  if (object.kind === "Secret") return shortHash(salt, canonicalJson(object));
  return fieldTree(object, (path, value) => {
    const text = canonicalJson(value);
    return isSecret(typeof value === "string" ? value : text) ? anyValue : shortHash(salt, path.join("\0"), text);
  });
}
