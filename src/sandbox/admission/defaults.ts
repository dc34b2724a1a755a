import { isJsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Cluster } from "../cluster.ts";
import { dictAt, dictsAt, ensureDict, equal, setDefaults, textAt } from "../json.ts";
import { defaultCustom } from "./custom-defaults.ts";
import { defaultPod, defaultPodTemplate } from "./pod-defaults.ts";
import { allocateService, defaultService } from "./service-defaults.ts";

export type DefaultsContext = {
  key: string;
  cluster: Cluster;
  /** What the object was before this write. */
  previous?: KubeObject;
  /** The OpenAPI schema of a custom kind. */
  custom?: unknown;
};

/** Fills in what the server fills in, changing the object in place. */
export function applyDefaults(object: KubeObject, context: DefaultsContext): void {
  if (context.custom !== undefined) {
    defaultCustom(object, context.custom);
    return;
  }
  const fill = Object.hasOwn(table, context.key) ? table[context.key] : undefined;
  fill?.(object, context);
}

/** Gives out what only the server can, and nobody owns: addresses, ports, finalizers, a job's own labels. */
export function allocate(object: KubeObject, context: DefaultsContext): void {
  if (context.key === "/services") allocateService(object, context);
  if (context.previous !== undefined) return;
  if (context.key === "/namespaces") setDefaults(ensureDict(object, "spec"), { finalizers: ["kubernetes"] });
  if (context.key === "/persistentvolumeclaims") protectClaim(object);
  if (context.key === "batch/jobs") labelJob(object);
}

const table: Record<string, (object: KubeObject, context: DefaultsContext) => void> = {
  "/pods": defaultPod,
  "/services": defaultService,
  "/secrets": defaultSecret,
  "/configmaps": dropEmptyBinary,
  "/namespaces": defaultNamespace,
  "/persistentvolumeclaims": defaultClaim,
  "/persistentvolumes": (volume) => {
    setDefaults(ensureDict(volume, "spec"), { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" });
    setDefaults(ensureDict(volume, "status"), { phase: "Pending" });
  },
  "/replicationcontrollers": (object) => {
    const spec = ensureDict(object, "spec");
    setDefaults(spec, { replicas: 1, selector: dictAt(spec, "template", "metadata", "labels") });
    defaultPodTemplate(ensureDict(spec, "template"));
    ensureDict(object, "status");
  },
  "apps/deployments": defaultDeployment,
  "apps/replicasets": (object) => {
    const spec = ensureDict(object, "spec");
    setDefaults(spec, { replicas: 1 });
    defaultPodTemplate(ensureDict(spec, "template"));
    ensureDict(object, "status");
  },
  "apps/statefulsets": defaultStatefulSet,
  "apps/daemonsets": defaultDaemonSet,
  "batch/jobs": defaultJob,
  "batch/cronjobs": (object) => {
    const spec = ensureDict(object, "spec");
    setDefaults(spec, {
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    const job = ensureDict(spec, "jobTemplate");
    ensureDict(job, "metadata");
    defaultPodTemplate(ensureDict(ensureDict(job, "spec"), "template"));
    ensureDict(object, "status");
  },
  "autoscaling/horizontalpodautoscalers": (object) => {
    setDefaults(ensureDict(object, "spec"), { minReplicas: 1 });
    setDefaults(ensureDict(object, "status"), { desiredReplicas: 0, currentMetrics: null });
  },
  "networking.k8s.io/ingresses": (object) => {
    setDefaults(ensureDict(object, "status"), { loadBalancer: {} });
  },
  "networking.k8s.io/networkpolicies": defaultNetworkPolicy,
  "policy/poddisruptionbudgets": (object) => {
    const counts = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    setDefaults(ensureDict(object, "status"), counts);
  },
  "rbac.authorization.k8s.io/roles": defaultRole,
  "rbac.authorization.k8s.io/clusterroles": defaultRole,
  "rbac.authorization.k8s.io/rolebindings": defaultBinding,
  "rbac.authorization.k8s.io/clusterrolebindings": defaultBinding,
  "storage.k8s.io/storageclasses": (object) => {
    setDefaults(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
  },
  "scheduling.k8s.io/priorityclasses": (object) => setDefaults(object, { preemptionPolicy: "PreemptLowerPriority" }),
  "apiextensions.k8s.io/customresourcedefinitions": defaultDefinition,
  "admissionregistration.k8s.io/validatingwebhookconfigurations": defaultWebhooks,
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": defaultWebhooks,
};

function defaultSecret(object: KubeObject): void {
  setDefaults(object, { type: "Opaque" });
  const plain = object["stringData"];
  if (isJsonObject(plain)) {
    const data = ensureDict(object, "data");
    for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(String(value)).toString("base64");
  }
  delete object["stringData"];
}

function dropEmptyBinary(object: KubeObject): void {
  for (const field of ["data", "binaryData"]) {
    if (isJsonObject(object[field]) && Object.keys(dictAt(object, field)).length === 0) delete object[field];
  }
}

function defaultNamespace(object: KubeObject): void {
  const labels = ensureDict(object.metadata, "labels");
  labels["kubernetes.io/metadata.name"] = object.metadata.name;
  setDefaults(ensureDict(object, "status"), { phase: "Active" });
}

function defaultClaim(object: KubeObject): void {
  setDefaults(ensureDict(object, "spec"), { volumeMode: "Filesystem" });
  setDefaults(ensureDict(object, "status"), { phase: "Pending" });
}

function protectClaim(object: KubeObject): void {
  const { finalizers = [] } = object.metadata;
  const protection = "kubernetes.io/pvc-protection";
  if (!finalizers.includes(protection)) object.metadata.finalizers = [...finalizers, protection];
}

function defaultDeployment(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  setDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = ensureDict(spec, "strategy");
  setDefaults(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") {
    setDefaults(ensureDict(strategy, "rollingUpdate"), { maxSurge: "25%", maxUnavailable: "25%" });
  }
  defaultPodTemplate(ensureDict(spec, "template"));
  ensureDict(object, "status");
}

function defaultStatefulSet(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  setDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: "OrderedReady" });
  setDefaults(ensureDict(spec, "persistentVolumeClaimRetentionPolicy"), {
    whenDeleted: "Retain",
    whenScaled: "Retain",
  });
  const strategy = ensureDict(spec, "updateStrategy");
  setDefaults(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") setDefaults(ensureDict(strategy, "rollingUpdate"), { partition: 0 });
  for (const claim of dictsAt(spec, "volumeClaimTemplates")) {
    setDefaults(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
    setDefaults(ensureDict(claim, "spec"), { volumeMode: "Filesystem" });
    setDefaults(ensureDict(claim, "status"), { phase: "Pending" });
  }
  defaultPodTemplate(ensureDict(spec, "template"));
  setDefaults(ensureDict(object, "status"), { replicas: 0, availableReplicas: 0 });
}

const templateGeneration = "deprecated.daemonset.template.generation";

function defaultDaemonSet(object: KubeObject, { previous }: DefaultsContext): void {
  const spec = ensureDict(object, "spec");
  setDefaults(spec, { revisionHistoryLimit: 10 });
  const strategy = ensureDict(spec, "updateStrategy");
  setDefaults(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") {
    setDefaults(ensureDict(strategy, "rollingUpdate"), { maxSurge: 0, maxUnavailable: 1 });
  }
  defaultPodTemplate(ensureDict(spec, "template"));
  const before = Number(textAt(previous, "metadata", "annotations", templateGeneration)) || 0;
  const isNew = previous === undefined || !equal(spec["template"], valueAt(previous, "spec", "template"));
  ensureDict(object.metadata, "annotations")[templateGeneration] = String(isNew ? before + 1 : before);
  const counts = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  setDefaults(ensureDict(object, "status"), counts);
}

function defaultJob(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  // A job without either is done when one pod is; a work queue states parallelism alone.
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) setDefaults(spec, { completions: 1 });
  setDefaults(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    manualSelector: false,
    suspend: false,
    podReplacementPolicy: "TerminatingOrFailed",
  });
  defaultPodTemplate(ensureDict(spec, "template"));
  ensureDict(object, "status");
}

function labelJob(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  if (spec["manualSelector"] === true) return;
  const { uid, name } = object.metadata;
  const template = ensureDict(spec, "template");
  const labels = ensureDict(ensureDict(template, "metadata"), "labels");
  setDefaults(labels, {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  });
  // The server labels the job as its pods are, unless it has labels of its own.
  if (Object.keys(object.metadata.labels ?? {}).length === 0)
    object.metadata.labels = { ...(labels as Record<string, string>) };
  spec["selector"] = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
}

function defaultNetworkPolicy(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  ensureDict(spec, "podSelector");
  setDefaults(spec, { policyTypes: Array.isArray(spec["egress"]) ? ["Ingress", "Egress"] : ["Ingress"] });
  for (const rule of [...dictsAt(spec, "ingress"), ...dictsAt(spec, "egress")]) {
    for (const port of dictsAt(rule, "ports")) setDefaults(port, { protocol: "TCP" });
  }
}

function defaultRole(object: KubeObject): void {
  if (object["rules"] === undefined) object["rules"] = null;
}

function defaultBinding(object: KubeObject): void {
  const group = "rbac.authorization.k8s.io";
  setDefaults(ensureDict(object, "roleRef"), { apiGroup: group });
  for (const subject of dictsAt(object, "subjects")) {
    if (subject["kind"] !== "ServiceAccount") setDefaults(subject, { apiGroup: group });
  }
}

function defaultDefinition(object: KubeObject): void {
  const spec = ensureDict(object, "spec");
  const names = ensureDict(spec, "names");
  const kind = typeof names["kind"] === "string" ? names["kind"] : "";
  setDefaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  setDefaults(ensureDict(spec, "conversion"), { strategy: "None" });
  ensureDict(object, "status");
}

function defaultWebhooks(object: KubeObject): void {
  for (const webhook of dictsAt(object, "webhooks")) {
    setDefaults(webhook, { failurePolicy: "Fail", matchPolicy: "Equivalent", timeoutSeconds: 10 });
    setDefaults(webhook, { namespaceSelector: {}, objectSelector: {} });
    if (object.kind.startsWith("Mutating")) setDefaults(webhook, { reinvocationPolicy: "Never" });
    for (const rule of dictsAt(webhook, "rules")) setDefaults(rule, { scope: "*" });
    const service = dictAt(webhook, "clientConfig", "service");
    if (service["name"] !== undefined) setDefaults(service, { port: 443 });
  }
}
