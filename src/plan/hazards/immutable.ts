import { isJsonObject, numberAt, objectAt, stringAt, valueAt } from "../../base/json-path.ts";
import { describeRef, groupOf, objectKey } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import { isKept } from "../ownership.ts";
import type { Change, Propagation } from "../types.ts";
import { afterOf, differAt, differing } from "./compare.ts";
import { quantity } from "./quantity.ts";
import type { Answer, Finding, HazardInput, ReplaceImmutable } from "./types.ts";

type States = { live: KubeObject; after: KubeObject };

/** How an object is deleted to be created anew, and what that costs. */
type Replacement = { propagation: Propagation; costs: string };

type Fixed = {
  id: string;
  /** Dotted paths of what can't change, of those that do. */
  fields: (states: States) => string[];
  /** `undefined` where deleting the object would do more harm than good; `keepsData` says what else to do then. */
  replacement: (states: States) => Replacement | undefined;
};

const these =
  (...paths: string[]) =>
  ({ live, after }: States) =>
    differing(paths, live, after);

const always = (propagation: Propagation, costs: string) => () => ({ propagation, costs });

const withPods: Omit<Fixed, "id"> = {
  fields: these("spec.selector"),
  replacement: always("Foreground", "its pods stop before the new ones start"),
};

const fixedData: Omit<Fixed, "id"> = {
  fields: frozenData,
  replacement: always("Background", "for a moment there is none, and pods that start then wait for it"),
};

const roleReference: Fixed = {
  id: "role-ref-immutable",
  fields: these("roleRef"),
  replacement: always("Background", "for a moment its subjects lack what it grants"),
};

/** By group and kind. */
const table: Readonly<Record<string, readonly Fixed[]>> = {
  "apps/Deployment": [{ id: "selector-immutable", ...withPods }],
  "apps/ReplicaSet": [{ id: "selector-immutable", ...withPods }],
  "apps/DaemonSet": [{ id: "selector-immutable", ...withPods }],
  "apps/StatefulSet": [{ id: "stateful-set-immutable", fields: statefulSetFields, replacement: replaceStatefulSet }],
  "batch/Job": [{ id: "job-immutable", fields: jobFields, replacement: replaceJob }],
  "/Service": [
    {
      id: "service-address-immutable",
      fields: serviceAddress,
      replacement: always("Background", "it gets another address, and node ports and load balancers of its own choice"),
    },
  ],
  "/PersistentVolumeClaim": [{ id: "claim-immutable", fields: claimFields, replacement: () => undefined }],
  "/Pod": [{ id: "pod-immutable", fields: podFields, replacement: always("Foreground", "it stops, and starts anew") }],
  "/ConfigMap": [{ id: "config-immutable", ...fixedData }],
  "/Secret": [
    { id: "config-immutable", ...fixedData },
    { id: "secret-type-immutable", ...fixedData, fields: these("type") },
  ],
  "storage.k8s.io/StorageClass": [
    {
      id: "storage-class-immutable",
      fields: these("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
      replacement: always("Background", "for a moment no claim can be bound to it"),
    },
  ],
  "rbac.authorization.k8s.io/RoleBinding": [roleReference],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [roleReference],
  "scheduling.k8s.io/PriorityClass": [
    {
      id: "class-immutable",
      fields: these("value", "preemptionPolicy"),
      replacement: always("Background", "for a moment pods that name it are refused"),
    },
  ],
  "networking.k8s.io/IngressClass": [
    {
      id: "class-immutable",
      fields: these("spec.controller"),
      replacement: always("Background", "for a moment no controller serves its ingresses"),
    },
  ],
  "node.k8s.io/RuntimeClass": [
    {
      id: "class-immutable",
      fields: these("handler"),
      replacement: always("Background", "for a moment pods that name it are refused"),
    },
  ],
};

function jobFields({ live, after }: States): string[] {
  // The pods of a suspended Job may be told where to run, and an indexed one may be resized: that is the server's to judge.
  const isSuspended = valueAt(live, "spec", "suspend") === true;
  const isIndexed = stringAt(live, "spec", "completionMode") === "Indexed";
  const paths = [
    "selector",
    "completionMode",
    "podFailurePolicy",
    "successPolicy",
    "backoffLimitPerIndex",
    "managedBy",
  ];
  const open = [...paths, ...(isSuspended ? [] : ["template"]), ...(isIndexed ? [] : ["completions"])];
  return differing(
    open.map((path) => `spec.${path}`),
    live,
    after,
  );
}

function isRunning(job: KubeObject | undefined): boolean {
  return (numberAt(job, "status", "active") ?? 0) > 0;
}

function replaceJob({ live }: States): Replacement {
  const stops = isRunning(live) ? "its pods, which run now, are stopped, and " : "";
  return { propagation: "Foreground", costs: `${stops}it runs again, from the beginning` };
}

const statefulSetMutable = new Set([
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
]);

function statefulSetFields({ live, after }: States): string[] {
  const keys = Object.keys({ ...objectAt(live, "spec"), ...objectAt(after, "spec") });
  const fixed = keys.filter((key) => !statefulSetMutable.has(key)).map((key) => `spec.${key}`);
  return differing(fixed, live, after);
}

/** Its pods run on where the new one selects them; else they stop. Claims stay, unless they are to go with the set. */
function replaceStatefulSet({ live, after }: States): Replacement | undefined {
  const adopts = differing(["spec.selector"], live, after).length === 0;
  if (adopts)
    return { propagation: "Orphan", costs: "its pods run on and are taken over; present claims stay as they are" };
  const losesClaims = stringAt(live, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") === "Delete";
  if (losesClaims) return undefined;
  return { propagation: "Foreground", costs: "its pods stop before the new ones start; their claims stay" };
}

function serviceAddress({ live, after }: States): string[] {
  const address = stringAt(live, "spec", "clusterIP") ?? "";
  const next = stringAt(after, "spec", "clusterIP") ?? "";
  const isExternal = [live, after].some((object) => stringAt(object, "spec", "type") === "ExternalName");
  return address === "" || next === "" || isExternal || next === address ? [] : ["spec.clusterIP"];
}

const claimMutable = new Set(["resources", "volumeAttributesClassName", "volumeName"]);

function claimFields({ live, after }: States): string[] {
  const keys = Object.keys({ ...objectAt(live, "spec"), ...objectAt(after, "spec") });
  const fixed = keys.filter((key) => !claimMutable.has(key)).map((key) => `spec.${key}`);
  return [...differing(fixed, live, after), ...shrinking({ live, after })];
}

function shrinking({ live, after }: States): string[] {
  const path = ["spec", "resources", "requests", "storage"];
  const [before, next] = [quantity(valueAt(live, ...path)), quantity(valueAt(after, ...path))];
  return before !== undefined && next !== undefined && next < before ? [path.join(".")] : [];
}

const podMutable = new Set([
  "activeDeadlineSeconds",
  "tolerations",
  "terminationGracePeriodSeconds",
  "schedulingGates",
]);

function podFields({ live, after }: States): string[] {
  const keys = Object.keys({ ...objectAt(live, "spec"), ...objectAt(after, "spec") });
  return keys
    .filter((key) => !podMutable.has(key))
    .filter((key) => differAt(["spec", key], withoutImages(live), withoutImages(after)))
    .map((key) => `spec.${key}`);
}

function withoutImages(pod: KubeObject): KubeObject {
  const spec = { ...objectAt(pod, "spec") };
  for (const list of ["containers", "initContainers"]) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    spec[list] = containers.map((one: unknown) => (isJsonObject(one) ? { ...one, image: "" } : one));
  }
  return { ...pod, spec };
}

function frozenData({ live, after }: States): string[] {
  if (live["immutable"] !== true) return [];
  const text = objectAt(after, "stringData") ?? {};
  const data = objectAt(live, "data");
  const isNew = Object.entries(text).some(
    ([key, value]) => Buffer.from(String(value)).toString("base64") !== valueAt(data, key),
  );
  return [...differing(["immutable", "data", "binaryData"], live, after), ...(isNew ? ["stringData"] : [])];
}

type Immutable = { id: string; fields: string[]; replacement?: Replacement };

/** What of a change its object does not let anybody change: the server's word where it was asked, else the table's. */
export function immutableIn(change: Change, answer?: Answer): Immutable | undefined {
  const { live, action, ref } = change;
  const after = afterOf(change);
  if (live === undefined || after === undefined || answer?.taken) return undefined;
  if (action !== "change" && action !== "adopt" && action !== "replace") return undefined;
  const rows = table[`${groupOf(ref.apiVersion)}/${ref.kind}`] ?? [];
  for (const { id, fields, replacement } of rows) {
    const found = fields({ live, after });
    if (found.length === 0) continue;
    const how = isKept(live) || isKept(after) ? undefined : replacement({ live, after });
    return { id, fields: found, ...(how ? { replacement: how } : {}) };
  }
  return undefined;
}

/** The change as a replacement, where its object can't be changed and may be created anew. */
export function replaceImmutable(change: Change, mode: ReplaceImmutable, answer?: Answer): Change {
  const may = mode === "all" || (mode === "jobs" && change.ref.kind === "Job");
  const found = may ? immutableIn(change, answer) : undefined;
  if (found?.replacement === undefined) return change;
  const { patch, base: _, ...rest } = change;
  const applied = patch?.type === "apply" ? { patch } : {};
  const { propagation, costs } = found.replacement;
  const reason = `${listed(found.fields)} can't be changed: it is deleted and created anew, and ${costs}`;
  return { ...rest, ...applied, action: "replace", propagation, reason };
}

/** True where the table says that the server would refuse it, so that it is worth asking. */
export function isSuspect(change: Change): boolean {
  return change.action !== "replace" && immutableIn(change) !== undefined;
}

/** What stands in the way, of one id, as changes that the server refuses. */
export function findImmutable(id: string) {
  return ({ changes, answers }: HazardInput): Finding[] =>
    changes.flatMap((change) => {
      if (change.action === "replace") return [];
      const found = immutableIn(change, answers.get(objectKey(change.ref)));
      return found?.id === id ? [immutableFinding(change.ref, found)] : [];
    });
}

function immutableFinding(ref: ObjectRef, { fields, replacement }: Immutable): Finding {
  const said = `The API server refuses the change of ${describeRef(ref)}: ${listed(fields)} can't be changed`;
  const common = { ref, field: fields.join(", "), message: said };
  if (replacement === undefined) return common;
  return {
    ...common,
    remedy: `Keep ${listed(fields)} as it is, or give the object another name, or have it deleted and created anew with --replace-immutable=all: ${replacement.costs}.`,
  };
}

/** What is replaced at a price. Jobs that are done are meant to run anew. */
export function findReplaced({ changes }: HazardInput): Finding[] {
  return changes
    .filter(({ action, ref, live }) => action === "replace" && (ref.kind !== "Job" || isRunning(live)))
    .map(({ ref, reason }) => ({ ref, message: `${describeRef(ref)} is replaced: ${reason}` }));
}

/** What the server refuses for other reasons than the table knows. */
export function findRefused({ changes, answers }: HazardInput): Finding[] {
  return changes.flatMap((change) => {
    const answer = answers.get(objectKey(change.ref));
    if (answer === undefined || answer.taken || change.action === "replace" || immutableIn(change, answer)) return [];
    const field = answer.fields.join(", ");
    const message = `The API server refuses ${describeRef(change.ref)}: ${answer.message}`;
    const { remedy } = answer;
    return [{ ref: change.ref, ...(field ? { field } : {}), message, ...(remedy ? { remedy } : {}) }];
  });
}

function listed(fields: readonly string[]): string {
  return fields.join(", ");
}
