import { arrayAt, numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import type { Cause } from "../api/status.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import { selectorMatches } from "../store/selectors.ts";
import { cause } from "./causes.ts";
import { customCauses } from "./custom-validate.ts";
import { labelCauses, validateMetadata } from "./metadata.ts";
import { podSpecCauses } from "./pod-validate.ts";
import { serviceCauses } from "./service-validate.ts";

/** Everything that the API server would refuse in the object, in its words. */
export function validate(object: KubeObject, type: ResourceType): Cause[] {
  const own = Object.hasOwn(table, type.key) ? table[type.key] : undefined;
  const metadata = validateMetadata(object, type);
  if (type.custom !== undefined) return [...metadata, ...customCauses(object, type.custom.schema)];
  return [...metadata, ...(own?.(object) ?? [])];
}

const table: Record<string, (object: KubeObject) => Cause[]> = {
  "/configmaps": (object) => [
    ...dataKeyCauses(object, "data"),
    ...dataKeyCauses(object, "binaryData"),
    ...sizeCauses(object),
  ],
  "/secrets": (object) => [...dataKeyCauses(object, "data"), ...sizeCauses(object)],
  "/pods": (pod) => podSpecCauses(pod["spec"], "spec"),
  "/services": serviceCauses,
  "/persistentvolumeclaims": claimCauses,
  "apps/deployments": (object) => [
    ...workloadCauses(object),
    ...restartCauses(object, "spec.template.spec", ["Always"]),
  ],
  "apps/replicasets": (object) => [
    ...workloadCauses(object),
    ...restartCauses(object, "spec.template.spec", ["Always"]),
  ],
  "apps/statefulsets": (object) => [
    ...workloadCauses(object),
    ...restartCauses(object, "spec.template.spec", ["Always"]),
  ],
  "apps/daemonsets": (object) => [
    ...workloadCauses(object),
    ...restartCauses(object, "spec.template.spec", ["Always"]),
  ],
  "batch/jobs": (object) => jobCauses(object, "spec"),
  "batch/cronjobs": (object) => [...scheduleCauses(object), ...jobCauses(object, "spec.jobTemplate.spec")],
  "networking.k8s.io/ingresses": ingressCauses,
  "autoscaling/horizontalpodautoscalers": scalerCauses,
  "rbac.authorization.k8s.io/roles": ruleCauses,
  "rbac.authorization.k8s.io/clusterroles": ruleCauses,
  "rbac.authorization.k8s.io/rolebindings": bindingCauses,
  "rbac.authorization.k8s.io/clusterrolebindings": bindingCauses,
  "apiextensions.k8s.io/customresourcedefinitions": definitionCauses,
};

function dataKeyCauses(object: KubeObject, field: string): Cause[] {
  const rule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return Object.keys(dictAt(object, field))
    .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
    .map((key) => cause.invalid(`${field}[${key}]`, key, rule));
}

const mebibyte = 1024 * 1024;

function sizeCauses(object: KubeObject): Cause[] {
  const isSecret = object.kind === "Secret";
  const decoded = (value: unknown) => (typeof value === "string" ? Buffer.byteLength(value, "base64") : 0);
  const plain = (value: unknown) => (typeof value === "string" ? Buffer.byteLength(value) : 0);
  let total = 0;
  for (const value of Object.values(dictAt(object, "data"))) total += isSecret ? decoded(value) : plain(value);
  for (const value of Object.values(dictAt(object, "binaryData"))) total += decoded(value);
  return total > mebibyte ? [cause.tooLong(isSecret ? "data" : "", mebibyte)] : [];
}

function workloadCauses(object: KubeObject): Cause[] {
  const spec = dictAt(object, "spec");
  const causes: Cause[] = [];
  const replicas = numberAt(spec, "replicas");
  if (replicas !== undefined && replicas < 0) {
    causes.push(cause.invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  const selector = spec["selector"];
  const labels = valueAt(spec, "template", "metadata", "labels");
  const empty =
    Object.keys(dictAt(spec, "selector", "matchLabels")).length + arrayAt(selector, "matchExpressions").length === 0;
  if (selector === undefined) causes.push(cause.required("spec.selector"));
  else if (empty)
    causes.push(cause.invalid("spec.selector", selector, `empty selector is invalid for ${object.kind.toLowerCase()}`));
  const field = "spec.template.metadata.labels";
  if (selector === undefined || (!empty && !selectorMatches(selector, labels))) {
    causes.push(cause.invalid(field, labels, "`selector` does not match template `labels`"));
  }
  return [
    ...causes,
    ...labelCauses(field, labels),
    ...podSpecCauses(valueAt(spec, "template", "spec"), "spec.template.spec"),
  ];
}

function restartCauses(object: KubeObject, path: string, supported: string[]): Cause[] {
  const policy = textAt(object, ...path.split("."), "restartPolicy");
  return supported.includes(policy) ? [] : [cause.unsupported(`${path}.restartPolicy`, policy, supported)];
}

function jobCauses(object: KubeObject, path: string): Cause[] {
  const spec = dictAt(object, ...path.split("."));
  const template = `${path}.template.spec`;
  const counts = ["parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished"].flatMap((field) => {
    const value = numberAt(spec, field);
    const why = "must be greater than or equal to 0";
    return value !== undefined && value < 0 ? [cause.invalid(`${path}.${field}`, value, why)] : [];
  });
  const causes = [...counts, ...podSpecCauses(valueAt(spec, "template", "spec"), template)];
  if (textAt(spec, "template", "spec", "restartPolicy") === "Always") {
    causes.push(cause.required(`${template}.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return causes;
}

function scheduleCauses(object: KubeObject): Cause[] {
  const schedule = textAt(object, "spec", "schedule");
  if (schedule === "") return [cause.required("spec.schedule")];
  const fields = schedule.split(/\s+/);
  if (schedule.startsWith("@") || fields.length === 5) return [];
  const why = `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  return [cause.invalid("spec.schedule", schedule, why)];
}

function claimCauses(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const modes = arrayAt(object, "spec", "accessModes");
  if (modes.length === 0) causes.push(cause.required("spec.accessModes", "at least 1 access mode is required"));
  const storage = valueAt(object, "spec", "resources", "requests", "storage");
  if (storage === undefined) causes.push(cause.required("spec.resources[storage]"));
  return causes;
}

function ingressCauses(object: KubeObject): Cause[] {
  const { rules, defaultBackend } = dictAt(object, "spec");
  if (rules === undefined && defaultBackend === undefined) {
    return [cause.invalid("spec", [], "either `defaultBackend` or `rules` must be specified")];
  }
  return dictsAt(object, "spec", "rules").flatMap((rule, ruleIndex) =>
    dictsAt(rule, "http", "paths").flatMap((entry, index) => {
      const field = `spec.rules[${ruleIndex}].http.paths[${index}]`;
      const type = entry["pathType"];
      const types = ["Exact", "ImplementationSpecific", "Prefix"];
      if (type === undefined) return [cause.required(`${field}.pathType`, "pathType must be specified")];
      if (!types.includes(String(type))) return [cause.unsupported(`${field}.pathType`, type, types)];
      const path = textAt(entry, "path");
      const absolute = type === "ImplementationSpecific" || path.startsWith("/");
      return absolute ? [] : [cause.invalid(`${field}.path`, path, "must be an absolute path")];
    }),
  );
}

function scalerCauses(object: KubeObject): Cause[] {
  const { maxReplicas = 0, minReplicas = 1 } = dictAt(object, "spec");
  const causes: Cause[] = [];
  if (Number(maxReplicas) < 1) causes.push(cause.required("spec.maxReplicas", "must be set and greater than 0"));
  if (Number(maxReplicas) < Number(minReplicas)) {
    causes.push(cause.invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  for (const field of ["kind", "name"]) {
    if (textAt(object, "spec", "scaleTargetRef", field) === "")
      causes.push(cause.required(`spec.scaleTargetRef.${field}`));
  }
  const apiVersion = textAt(object, "spec", "scaleTargetRef", "apiVersion");
  if (apiVersion === "") {
    causes.push(cause.invalid("spec.scaleTargetRef.apiVersion", apiVersion, "apiVersion must specify API group"));
  }
  return causes;
}

function ruleCauses(object: KubeObject): Cause[] {
  return dictsAt(object, "rules").flatMap((rule, index) => {
    const field = `rules[${index}]`;
    const causes: Cause[] = [];
    if (arrayAt(rule, "verbs").length === 0)
      causes.push(cause.required(`${field}.verbs`, "verbs must contain at least one value"));
    if (arrayAt(rule, "nonResourceURLs").length > 0) return causes;
    if (arrayAt(rule, "apiGroups").length === 0) {
      causes.push(cause.required(`${field}.apiGroups`, "resource rules must supply at least one api group"));
    }
    if (arrayAt(rule, "resources").length === 0) {
      causes.push(cause.required(`${field}.resources`, "resource rules must supply at least one resource"));
    }
    return causes;
  });
}

function bindingCauses(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const kind = textAt(object, "roleRef", "kind");
  const kinds = object.kind === "RoleBinding" ? ["ClusterRole", "Role"] : ["ClusterRole"];
  if (!kinds.includes(kind)) causes.push(cause.unsupported("roleRef.kind", kind, kinds));
  if (textAt(object, "roleRef", "name") === "") causes.push(cause.required("roleRef.name"));
  return causes;
}

function definitionCauses(object: KubeObject): Cause[] {
  const spec = dictAt(object, "spec");
  const causes: Cause[] = [];
  if (object.metadata.name !== `${textAt(spec, "names", "plural")}.${textAt(spec, "group")}`) {
    causes.push(cause.invalid("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  const scope = textAt(spec, "scope");
  if (!["Cluster", "Namespaced"].includes(scope))
    causes.push(cause.unsupported("spec.scope", scope, ["Cluster", "Namespaced"]));
  const versions = dictsAt(spec, "versions");
  versions.forEach((version, index) => {
    if (valueAt(version, "schema", "openAPIV3Schema") === undefined) {
      causes.push(cause.required(`spec.versions[${index}].schema.openAPIV3Schema`));
    }
  });
  if (versions.filter((version) => version["storage"] === true).length !== 1) {
    causes.push(cause.invalid("spec.versions", "", "must have exactly one version marked as storage version"));
  }
  return causes;
}
