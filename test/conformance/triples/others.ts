import type { JsonObject } from "../../../src/base/json-path.ts";
import { type Draft, type Row, type Shape, type Triple, triplesOf, withSpec } from "./triple.ts";

const plain = (
  apiVersion: string,
  kind: string,
  common: (fragment: JsonObject) => JsonObject = (all) => all,
): Shape => ({
  kind,
  draft: (fragment): Draft => ({ apiVersion, kind, ...common(fragment) }),
  patch: (fragment) => fragment,
});
const configMapRows: Row[] = [
  {
    name: "keys: one changed, one gone, one new, one by hand",
    old: { data: { a: "1", b: "1" } },
    live: { data: { hand: "1" } },
    next: { data: { a: "2", c: "1" } },
  },
  {
    name: "a key that somebody changed is set back",
    old: { data: { a: "1" } },
    live: { data: { a: "hand" } },
    next: { data: { a: "1" } },
  },
  {
    name: "a key that somebody took away comes back",
    old: { data: { a: "1" } },
    live: { data: { a: null } },
    next: { data: { a: "1" } },
  },
  { name: "all data goes, with what is by hand", old: { data: { a: "1" } }, live: { data: { hand: "1" } }, next: {} },
  { name: "data that is empty", old: { data: { a: "1" } }, live: { data: { hand: "1" } }, next: { data: {} } },
  {
    name: "data that is null",
    old: { data: { a: "1" } },
    live: { data: { hand: "1" } },
    next: { data: null },
    hasNull: true,
  },
  {
    name: "binary data beside data",
    old: { data: { a: "1" }, binaryData: { b: "YQ==" } },
    next: { binaryData: { b: "YWI=", c: "YQ==" } },
  },
  { name: "a key moves from data to binary data", old: { data: { a: "1" } }, next: { binaryData: { a: "MQ==" } } },
  { name: "it becomes immutable", old: { data: { a: "1" } }, next: { data: { a: "1" }, immutable: true } },
  {
    name: "a finalizer of others stays",
    old: { metadata: { finalizers: ["example.com/a"] } },
    live: { metadata: { finalizers: ["example.com/hand"] } },
    next: { metadata: { finalizers: ["example.com/b", "example.com/a"] } },
  },
  {
    name: "finalizers change places",
    old: { metadata: { finalizers: ["example.com/a", "example.com/b"] } },
    next: { metadata: { finalizers: ["example.com/b", "example.com/a"] } },
  },
  {
    name: "a finalizer goes",
    old: { metadata: { finalizers: ["example.com/a", "example.com/b"] } },
    next: { metadata: { finalizers: ["example.com/a"] } },
  },
  {
    name: "an owner of others stays",
    old: { data: { a: "1" } },
    live: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "anchor", uid: "UID" }] } },
    next: { data: { a: "2" } },
  },
  {
    name: "an owner comes",
    old: {},
    next: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "anchor", uid: "UID" }] } },
  },
  {
    name: "an owner goes",
    old: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "anchor", uid: "UID" }] } },
    next: { data: { a: "1" } },
  },
  {
    name: "an owner changes",
    old: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "anchor", uid: "UID" }] } },
    live: { metadata: { ownerReferences: [{ uid: "UID", controller: true }] } },
    next: {
      metadata: {
        ownerReferences: [
          { apiVersion: "v1", kind: "ConfigMap", name: "anchor", uid: "UID", blockOwnerDeletion: true },
        ],
      },
    },
  },
  {
    name: "annotations by others stay, the chart's go",
    old: { metadata: { annotations: { a: "1", b: "1" } } },
    live: { metadata: { annotations: { hand: "1", b: null } } },
    next: { metadata: { annotations: { c: "1" } } },
  },
  {
    name: "the label of ownership that somebody took away",
    old: { data: { a: "1" } },
    live: { metadata: { labels: { "app.kubernetes.io/managed-by": "hand" } } },
    next: { data: { a: "2" } },
  },
  { name: "nothing changes, and nobody was there", old: { data: { a: "1" } }, next: { data: { a: "1" } } },
  {
    name: "nothing changes, and somebody was there",
    old: { data: { a: "1" } },
    live: { data: { hand: "1" } },
    next: { data: { a: "1" } },
  },
  {
    name: "a key with dots and slashes",
    old: { metadata: { annotations: { "example.com/a.b_c": "1" } } },
    next: { metadata: { annotations: { "example.com/a.b_c": "2", "example.com/d": "" } } },
  },
];

const secretRows: Row[] = [
  {
    name: "text beside data",
    old: { stringData: { a: "1" }, data: { b: "YQ==" } },
    next: { stringData: { a: "2" }, data: { b: "YWI=" } },
  },
  { name: "text moves into data", old: { stringData: { a: "1" } }, next: { data: { a: "MQ==" } } },
  {
    name: "a key of text goes, and stays in the cluster as data",
    old: { stringData: { a: "1", b: "1" } },
    next: { stringData: { a: "1" } },
  },
  {
    name: "a key of data goes",
    old: { data: { a: "MQ==", b: "MQ==" } },
    live: { data: { hand: "MQ==" } },
    next: { data: { a: "MQ==" } },
  },
  {
    name: "text that somebody changed",
    old: { stringData: { a: "1" } },
    live: { stringData: { a: "hand" } },
    next: { stringData: { a: "1" } },
  },
];

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" };
const autoscaler = withSpec("autoscaling/v2", "HorizontalPodAutoscaler", { maxReplicas: 5, scaleTargetRef: target });
const cpu = (averageUtilization: number): JsonObject => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});
const autoscalerRows: Row[] = [
  {
    name: "metrics are one value",
    old: { metrics: [cpu(50)] },
    live: { metrics: [cpu(10)] },
    next: { metrics: [cpu(60)] },
  },
  { name: "metrics go", old: { metrics: [cpu(50)] }, next: {} },
  {
    name: "bounds by hand",
    old: { minReplicas: 2 },
    live: { minReplicas: 3, maxReplicas: 9 },
    next: { minReplicas: 2 },
  },
  {
    name: "behaviour comes and goes",
    old: { behavior: { scaleUp: { stabilizationWindowSeconds: 1 } } },
    next: { behavior: { scaleDown: { selectPolicy: "Disabled" } } },
  },
];

const budget = withSpec("policy/v1", "PodDisruptionBudget", {});
const budgetRows: Row[] = [
  {
    name: "from a minimum to a maximum",
    old: { minAvailable: 1, selector: { matchLabels: { app: "x" } } },
    next: { maxUnavailable: "50%", selector: { matchLabels: { app: "x" } } },
  },
  {
    name: "the selector is one value",
    old: { minAvailable: 1, selector: { matchLabels: { a: "1" } } },
    next: { minAvailable: 1, selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
  },
  {
    name: "a minimum by hand",
    old: { minAvailable: 1, selector: {} },
    live: { minAvailable: 4 },
    next: { minAvailable: 1, selector: {} },
  },
];

const subject = (name: string): JsonObject => ({ kind: "ServiceAccount", name, namespace: "NAMESPACE" });
const binding = plain("rbac.authorization.k8s.io/v1", "RoleBinding", (rest) => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "nobody" },
  ...rest,
}));
const bindingRows: Row[] = [
  {
    name: "subjects are one value",
    old: { subjects: [subject("a")] },
    live: { subjects: [subject("hand")] },
    next: { subjects: [subject("b"), subject("a")] },
  },
  { name: "subjects go", old: { subjects: [subject("a")] }, next: {} },
];

const accountRows: Row[] = [
  {
    name: "pull secrets are one value",
    old: { imagePullSecrets: [{ name: "a" }] },
    live: { imagePullSecrets: [{ name: "hand" }] },
    next: { imagePullSecrets: [{ name: "b" }] },
  },
  {
    name: "secrets are matched by name",
    old: { secrets: [{ name: "a" }, { name: "b" }] },
    live: { secrets: [{ name: "hand" }] },
    next: { secrets: [{ name: "c" }, { name: "a" }] },
  },
];

const hook = (rest: JsonObject = {}, caBundle?: string): JsonObject => ({
  name: "a.triples.example.com",
  clientConfig: { service: { name: "web", namespace: "NAMESPACE" }, ...(caBundle ? { caBundle } : {}) },
  rules: [{ apiGroups: ["nothing.example.com"], apiVersions: ["v1"], resources: ["nothings"], operations: ["CREATE"] }],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  failurePolicy: "Ignore",
  ...rest,
});
const webhooks = (kind: string): Shape => plain("admissionregistration.k8s.io/v1", kind);
const webhookRows: Row[] = [
  {
    name: "a webhook comes before the first",
    old: { webhooks: [hook()] },
    next: { webhooks: [hook({ name: "b.triples.example.com" }), hook()] },
  },
  {
    name: "a webhook by hand stays",
    old: { webhooks: [hook()] },
    live: { webhooks: [hook({ name: "hand.triples.example.com" })] },
    next: { webhooks: [hook({ timeoutSeconds: 2 })] },
  },
  {
    name: "rules of a webhook are one value",
    old: { webhooks: [hook()] },
    live: { webhooks: [{ name: "a.triples.example.com", rules: [] }] },
    next: { webhooks: [hook({ timeoutSeconds: 3 })] },
  },
  {
    name: "conditions are matched by name",
    old: {
      webhooks: [
        hook({
          matchConditions: [
            { name: "a", expression: "true" },
            { name: "b", expression: "true" },
          ],
        }),
      ],
    },
    live: { webhooks: [{ name: "a.triples.example.com", matchConditions: [{ name: "hand", expression: "false" }] }] },
    next: {
      webhooks: [
        hook({
          matchConditions: [
            { name: "b", expression: "1 < 2" },
            { name: "c", expression: "true" },
          ],
        }),
      ],
    },
  },
];

const quotaRows: Row[] = [
  {
    name: "bounds, one by hand",
    old: { hard: { pods: "900", services: "900" } },
    live: { hard: { secrets: "999" } },
    next: { hard: { pods: "1k" } },
  },
  { name: "a bound that means the same", old: { hard: { pods: "1000" } }, next: { hard: { pods: "1k" } } },
];

const claimRows: Row[] = [
  {
    name: "its labels alone change",
    old: { metadata: { labels: { a: "1" } } },
    next: { metadata: { labels: { b: "1" } } },
  },
];

const roleRows: Row[] = [
  {
    name: "rules are one value",
    old: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    live: { rules: [] },
    next: { rules: [{ apiGroups: [""], resources: ["pods", "services"], verbs: ["list", "get"] }] },
  },
  { name: "rules go", old: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }, next: { rules: [] } },
  {
    name: "rules that are null",
    old: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    next: { rules: null },
    hasNull: true,
  },
];

const jobTemplate = {
  template: { spec: { restartPolicy: "Never", containers: [{ name: "web", image: "registry.example/web:1.0" }] } },
};
const cronRows: Row[] = [
  {
    name: "suspended by hand goes on with the chart",
    old: { suspend: true, timeZone: "Etc/UTC" },
    live: { suspend: true, schedule: "@monthly" },
    next: { suspend: true },
  },
  {
    name: "limits come back to their defaults",
    old: { successfulJobsHistoryLimit: 9, startingDeadlineSeconds: 99 },
    next: {},
  },
];
const jobRows: Row[] = [
  {
    name: "suspended by hand",
    old: { suspend: true, parallelism: 1 },
    live: { parallelism: 4 },
    next: { suspend: true, parallelism: 1, ttlSecondsAfterFinished: 9999 },
  },
];

/** Custom kinds, whose patches Helm 3 makes of the two manifests alone: what others changed it does not see. */
const gadget = withSpec("triples.example.com/v1", "Gadget", {});
const customRows: Row[] = [
  {
    name: "fields: one changed, one gone, one new, one by hand",
    old: { a: 1, b: 1 },
    live: { hand: 1 },
    next: { a: 2, c: 1 },
  },
  {
    name: "lists are one value",
    old: { parts: [{ name: "a" }] },
    next: { parts: [{ name: "b" }, { name: "a", size: 1 }] },
  },
  {
    name: "objects in objects",
    old: { a: { b: { c: 1, d: 1 } } },
    live: { a: { b: { hand: 1 } } },
    next: { a: { b: { c: 2 }, e: {} } },
  },
  { name: "an object becomes text", old: { a: { b: 1 } }, next: { a: "b" } },
  { name: "a value becomes null", old: { a: 1, b: 1 }, next: { a: null, b: 1 } },
  { name: "a list becomes empty", old: { a: [1, 2] }, next: { a: [] } },
  {
    name: "numbers, large and broken",
    old: { a: 1, b: 1.5, c: 9007199254740991 },
    next: { a: 1, b: 2.25, c: 9007199254740990 },
  },
  {
    name: "a field that somebody changed is set back",
    old: { a: 1, b: 1 },
    live: { a: 9 },
    next: { a: 1, b: 2 },
    better: [".spec.a: 1 with Slipway, 9 with Helm"],
  },
  {
    name: "a field that somebody took away comes back",
    old: { a: 1, b: 1 },
    live: { a: null },
    next: { a: 1, b: 2 },
    better: [".spec.a: 1 with Slipway, nothing with Helm"],
  },
  {
    name: "a list that somebody changed is set back",
    old: { a: [1] },
    live: { a: [1, 2] },
    next: { a: [1] },
    better: [".spec.a: [1] with Slipway, [1,2] with Helm"],
  },
];

/** Of all other kinds. */
export const otherTriples: readonly Triple[] = [
  ...triplesOf(plain("v1", "ConfigMap"), configMapRows),
  ...triplesOf(plain("v1", "Secret"), secretRows),
  ...triplesOf(autoscaler, autoscalerRows),
  ...triplesOf(budget, budgetRows),
  ...triplesOf(binding, bindingRows),
  ...triplesOf(plain("v1", "ServiceAccount"), accountRows),
  ...["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"].flatMap((kind) =>
    triplesOf(webhooks(kind), webhookRows),
  ),
  ...triplesOf(withSpec("v1", "ResourceQuota", {}), quotaRows),
  ...triplesOf(
    plain("v1", "PersistentVolumeClaim", (rest) => ({
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "nothing",
        resources: { requests: { storage: "1Gi" } },
      },
      ...rest,
    })),
    claimRows,
  ),
  ...["Role", "ClusterRole"].flatMap((kind) => triplesOf(plain("rbac.authorization.k8s.io/v1", kind), roleRows)),
  ...triplesOf(
    withSpec("batch/v1", "CronJob", { schedule: "@daily", suspend: true, jobTemplate: { spec: jobTemplate } }),
    cronRows,
  ),
  ...triplesOf(withSpec("batch/v1", "Job", jobTemplate), jobRows),
  ...triplesOf(gadget, customRows),
];
