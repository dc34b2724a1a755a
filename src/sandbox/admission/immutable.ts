import { type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Cause } from "../api/status.ts";
import { dictAt, equal, textAt } from "../json.ts";
import { cause } from "./causes.ts";

type Rule = (next: KubeObject, live: KubeObject) => Cause[];

/** What an update would change that can't be changed. */
export function validateUpdate(next: KubeObject, live: KubeObject, key: string): Cause[] {
  const rule = Object.hasOwn(table, key) ? table[key] : undefined;
  return rule?.(next, live) ?? [];
}

const table: Record<string, Rule> = {
  "apps/deployments": (next, live) => fixed(next, live, "spec", "selector"),
  "apps/replicasets": (next, live) => fixed(next, live, "spec", "selector"),
  "apps/daemonsets": (next, live) => fixed(next, live, "spec", "selector"),
  "apps/statefulsets": onlyStatefulSetFields,
  "batch/jobs": (next, live) => [
    ...(finishedOrSuspended(live) ? [] : fixed(next, live, "spec", "completions")),
    ...fixed(next, live, "spec", "selector"),
    ...(valueAt(live, "spec", "suspend") === true ? [] : fixed(next, live, "spec", "template")),
    ...fixed(next, live, "spec", "completionMode"),
  ],
  "/services": fixedAddress,
  "/secrets": (next, live) => [...fixed(next, live, "type"), ...frozenData(next, live)],
  "/configmaps": frozenData,
  "/pods": onlyPodFields,
  "/persistentvolumeclaims": onlyClaimFields,
  "rbac.authorization.k8s.io/rolebindings": fixedRole,
  "rbac.authorization.k8s.io/clusterrolebindings": fixedRole,
  "storage.k8s.io/storageclasses": (next, live) => [
    ...fixed(next, live, "provisioner"),
    ...forbiddenChange(next, live, "parameters", "updates to parameters are forbidden."),
    ...fixed(next, live, "reclaimPolicy"),
    ...fixed(next, live, "volumeBindingMode"),
  ],
};

function fixed(next: KubeObject, live: KubeObject, ...path: string[]): Cause[] {
  const value = valueAt(next, ...path);
  return equal(value, valueAt(live, ...path)) ? [] : [cause.invalid(path.join("."), value, "field is immutable")];
}

function forbiddenChange(next: KubeObject, live: KubeObject, field: string, why: string): Cause[] {
  return equal(next[field], live[field]) ? [] : [cause.forbidden(field, why)];
}

function finishedOrSuspended(job: KubeObject): boolean {
  return valueAt(job, "spec", "suspend") === true || valueAt(job, "spec", "completionMode") === "Indexed";
}

function without(object: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)));
}

const statefulSetFields = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function onlyStatefulSetFields(next: KubeObject, live: KubeObject): Cause[] {
  const rest = (object: KubeObject) => without(dictAt(object, "spec"), statefulSetFields);
  if (equal(rest(next), rest(live))) return [];
  const listed = statefulSetFields.map((field) => `'${field}'`);
  const fields = `${listed.slice(0, -1).join(", ")} and ${listed.at(-1)}`;
  return [cause.forbidden("spec", `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

function fixedAddress(next: KubeObject, live: KubeObject): Cause[] {
  const before = textAt(live, "spec", "clusterIP");
  const keeps = before === "" || textAt(next, "spec", "clusterIP") === before;
  const becomesExternal =
    valueAt(next, "spec", "type") === "ExternalName" || valueAt(live, "spec", "type") === "ExternalName";
  if (keeps || becomesExternal) return [];
  return [cause.invalid("spec.clusterIPs[0]", valueAt(next, "spec", "clusterIPs"), "may not change once set")];
}

function frozenData(next: KubeObject, live: KubeObject): Cause[] {
  if (live["immutable"] !== true) return [];
  const why = "field is immutable when `immutable` is set";
  const fields = next.kind === "Secret" ? ["immutable", "data"] : ["immutable", "data", "binaryData"];
  return fields.flatMap((field) => forbiddenChange(next, live, field, why));
}

function fixedRole(next: KubeObject, live: KubeObject): Cause[] {
  if (equal(next["roleRef"], live["roleRef"])) return [];
  const { apiGroup, kind, name } = dictAt(next, "roleRef");
  return [cause.invalid("roleRef", { APIGroup: apiGroup, Kind: kind, Name: name }, "cannot change roleRef")];
}

const podRule =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

function onlyPodFields(next: KubeObject, live: KubeObject): Cause[] {
  const rest = (pod: KubeObject) => {
    const spec = without(dictAt(pod, "spec"), [
      "activeDeadlineSeconds",
      "tolerations",
      "terminationGracePeriodSeconds",
      "nodeName",
    ]);
    const plain = (list: unknown) =>
      Array.isArray(list) ? list.map((item: JsonObject) => without(item, ["image"])) : [];
    return { ...spec, containers: plain(spec["containers"]), initContainers: plain(spec["initContainers"]) };
  };
  return equal(rest(next), rest(live)) ? [] : [cause.forbidden("spec", podRule)];
}

function onlyClaimFields(next: KubeObject, live: KubeObject): Cause[] {
  const rest = (claim: KubeObject) => {
    const spec = without(dictAt(claim, "spec"), ["volumeName", "volumeAttributesClassName", "storageClassName"]);
    return { ...spec, resources: without(dictAt(spec, "resources"), ["requests"]) };
  };
  const why =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  return equal(rest(next), rest(live)) ? [] : [cause.forbidden("spec", why)];
}
