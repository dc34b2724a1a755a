import type { JsonObject } from "../../../src/base/json-path.ts";
import type { Draft, Triple } from "./triple.ts";

/** A kind by two forms of one object that the API server takes one after the other. */
type Kind = { before: Draft; after: Draft };

const of =
  (apiVersion: string, kind: string) =>
  (before: JsonObject, after: JsonObject): Kind => ({
    before: { apiVersion, kind, ...before },
    after: { apiVersion, kind, ...after },
  });
const rule = (verbs: string[]) => ({ apiGroups: [""], resources: ["pods"], verbs });
const labels = { app: "x" };
const container = { name: "web", image: "registry.example/web:1.0" };
const template = (image = "1.0", name = "x") => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ ...container, image: `registry.example/web:${image}` }] },
});
const selector = { matchLabels: labels };
const job = (image = "1.0") => ({
  spec: { ...template(image).spec, restartPolicy: "Never" },
});
const webhook = (path: string) => ({
  name: "nothing.triples.example.com",
  clientConfig: { service: { name: "web", namespace: "NAMESPACE", path } },
  rules: [{ apiGroups: ["nothing.example.com"], apiVersions: ["v1"], resources: ["nothings"], operations: ["CREATE"] }],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  failurePolicy: "Ignore",
});
const policy = (expression: string) => ({
  failurePolicy: "Ignore",
  matchConstraints: {
    resourceRules: [
      { apiGroups: ["nothing.example.com"], apiVersions: ["v1"], resources: ["nothings"], operations: ["CREATE"] },
    ],
  },
  validations: [{ expression }],
});
const pathRule = (path: string) => ({
  host: "shop.example",
  http: { paths: [{ path, pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }] },
});
const metric = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});
const scaleTarget = { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" };
const rbac = "rbac.authorization.k8s.io";
const role = (kind: string) => ({ apiGroup: rbac, kind, name: "nobody" });
const subject = (name: string) => ({ apiGroup: rbac, kind: "User", name });
const flow = (priority: number) => ({
  priorityLevelConfiguration: { name: "exempt" },
  matchingPrecedence: priority,
  distinguisherMethod: { type: "ByUser" },
  rules: [
    {
      subjects: [{ kind: "User", user: { name: "nobody" } }],
      nonResourceRules: [{ nonResourceURLs: ["/nothing"], verbs: ["get"] }],
    },
  ],
});
const definition = (description: string) => ({
  metadata: { name: "indexINDEXs.NAMESPACE.example.com" },
  spec: {
    group: "NAMESPACE.example.com",
    scope: "Namespaced",
    names: { kind: "IndexINDEX", plural: "indexINDEXs", singular: "indexINDEX", listKind: "IndexINDEXList" },
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", description } } },
    ],
  },
});

export const kinds: readonly Kind[] = [
  of("v1", "ConfigMap")({ data: { a: "1", b: "1" } }, { data: { a: "2", c: "1" } }),
  of("v1", "Secret")({ stringData: { a: "1", b: "1" } }, { stringData: { a: "2", c: "1" } }),
  of("v1", "Service")(
    { spec: { selector: labels, ports: [{ port: 80 }] } },
    { spec: { selector: labels, ports: [{ port: 80, targetPort: 8080, name: "http" }] } },
  ),
  of("v1", "ServiceAccount")(
    { imagePullSecrets: [{ name: "a" }] },
    { imagePullSecrets: [{ name: "b" }], automountServiceAccountToken: false },
  ),
  of("v1", "PersistentVolumeClaim")(
    {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "nothing",
        resources: { requests: { storage: "1Gi" } },
      },
    },
    {
      metadata: { annotations: { size: "same" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "nothing",
        resources: { requests: { storage: "1024Mi" } },
      },
    },
  ),
  of("v1", "PersistentVolume")(
    {
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "of-no-claim",
        hostPath: { path: "/nothing" },
      },
    },
    {
      spec: {
        capacity: { storage: "2Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "of-no-claim",
        hostPath: { path: "/nothing" },
        persistentVolumeReclaimPolicy: "Retain",
      },
    },
  ),
  of("v1", "ResourceQuota")(
    { spec: { hard: { pods: "1k", "count/leases.coordination.k8s.io": "900" } } },
    { spec: { hard: { pods: "2k", services: "900" } } },
  ),
  of("v1", "LimitRange")(
    { spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "1Ti" } }] } },
    { spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "2Ti" }, min: { storage: "1Mi" } }] } },
  ),
  of("v1", "Pod")(
    { spec: { schedulerName: "nobody", automountServiceAccountToken: false, containers: [container] } },
    {
      spec: {
        schedulerName: "nobody",
        automountServiceAccountToken: false,
        containers: [{ ...container, image: "registry.example/web:2.0" }],
      },
    },
  ),
  of("v1", "PodTemplate")({ template: template() }, { template: template("2.0") }),
  of("v1", "ReplicationController")(
    { spec: { replicas: 0, selector: labels, template: template() } },
    { spec: { replicas: 0, selector: labels, template: template("2.0") } },
  ),
  of("v1", "Endpoints")(
    { subsets: [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }] },
    { subsets: [{ addresses: [{ ip: "192.0.2.2" }], ports: [{ port: 81, name: "http" }] }] },
  ),
  of("apps/v1", "Deployment")(
    { spec: { replicas: 0, selector, template: template() } },
    { spec: { replicas: 0, minReadySeconds: 3, selector, template: template("2.0") } },
  ),
  of("apps/v1", "StatefulSet")(
    { spec: { replicas: 0, serviceName: "web", selector, template: template() } },
    { spec: { replicas: 0, serviceName: "web", selector, template: template("2.0"), minReadySeconds: 3 } },
  ),
  of("apps/v1", "DaemonSet")(
    {
      spec: { selector, template: { ...template(), spec: { ...template().spec, nodeSelector: { nothing: "here" } } } },
    },
    {
      spec: {
        selector,
        template: { ...template(), spec: { ...template("2.0").spec, nodeSelector: { nothing: "there" } } },
      },
    },
  ),
  of("apps/v1", "ReplicaSet")(
    { spec: { replicas: 0, selector: { matchLabels: { app: "rs" } }, template: template("1.0", "rs") } },
    { spec: { replicas: 0, selector: { matchLabels: { app: "rs" } }, template: template("2.0", "rs") } },
  ),
  of("apps/v1", "ControllerRevision")({ revision: 1, data: { a: 1 } }, { revision: 2, data: { a: 1 } }),
  of("batch/v1", "Job")(
    { spec: { suspend: true, parallelism: 1, template: job() } },
    { spec: { suspend: true, parallelism: 2, backoffLimit: 6, template: job() } },
  ),
  of("batch/v1", "CronJob")(
    { spec: { suspend: true, schedule: "@daily", jobTemplate: { spec: { template: job() } } } },
    {
      spec: {
        suspend: true,
        schedule: "@weekly",
        concurrencyPolicy: "Forbid",
        jobTemplate: { spec: { template: job("2.0") } },
      },
    },
  ),
  of("networking.k8s.io/v1", "Ingress")(
    { spec: { rules: [pathRule("/a")] } },
    { spec: { ingressClassName: "nothing", rules: [pathRule("/b"), pathRule("/c")] } },
  ),
  of("networking.k8s.io/v1", "IngressClass")(
    { spec: { controller: "example.com/a" } },
    { spec: { controller: "example.com/a", parameters: { apiGroup: "a.example.com", kind: "A", name: "a" } } },
  ),
  of("networking.k8s.io/v1", "NetworkPolicy")(
    { spec: { podSelector: selector, ingress: [{ ports: [{ port: 80 }] }] } },
    {
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{ ports: [{ port: 81 }, { port: 82 }] }] },
    },
  ),
  of("policy/v1", "PodDisruptionBudget")(
    { spec: { minAvailable: 1, selector } },
    { spec: { minAvailable: 2, selector: { matchLabels: { app: "y" } } } },
  ),
  of("autoscaling/v2", "HorizontalPodAutoscaler")(
    { spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: scaleTarget, metrics: [metric(50)] } },
    {
      spec: {
        maxReplicas: 5,
        scaleTargetRef: scaleTarget,
        metrics: [metric(80)],
        behavior: { scaleDown: { stabilizationWindowSeconds: 10 } },
      },
    },
  ),
  of("coordination.k8s.io/v1", "Lease")(
    { spec: { holderIdentity: "a", leaseDurationSeconds: 10 } },
    { spec: { holderIdentity: "b" } },
  ),
  of("discovery.k8s.io/v1", "EndpointSlice")(
    { addressType: "IPv4", endpoints: [{ addresses: ["192.0.2.1"] }], ports: [{ port: 80 }] },
    {
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.1"] }, { addresses: ["192.0.2.2"] }],
      ports: [{ port: 81 }],
    },
  ),
  of(`${rbac}/v1`, "Role")({ rules: [rule(["get"])] }, { rules: [rule(["get", "list"]), rule(["watch"])] }),
  of(`${rbac}/v1`, "RoleBinding")(
    { roleRef: role("Role"), subjects: [subject("a")] },
    { roleRef: role("Role"), subjects: [subject("b"), subject("c")] },
  ),
  of(`${rbac}/v1`, "ClusterRole")({ rules: [rule(["get"])] }, { rules: [rule(["get", "list"])] }),
  of(`${rbac}/v1`, "ClusterRoleBinding")(
    { roleRef: role("ClusterRole"), subjects: [subject("a")] },
    { roleRef: role("ClusterRole"), subjects: [subject("b")] },
  ),
  of("storage.k8s.io/v1", "StorageClass")(
    { provisioner: "a.example.com", parameters: { a: "1" } },
    { provisioner: "a.example.com", parameters: { a: "1" }, allowVolumeExpansion: true },
  ),
  of("storage.k8s.io/v1", "CSIDriver")(
    { spec: { attachRequired: false, podInfoOnMount: true } },
    { spec: { attachRequired: false, podInfoOnMount: false, storageCapacity: true } },
  ),
  of("scheduling.k8s.io/v1", "PriorityClass")({ value: 5, description: "a" }, { value: 5, description: "b" }),
  of("node.k8s.io/v1", "RuntimeClass")({ handler: "a" }, { handler: "a", scheduling: { nodeSelector: { a: "b" } } }),
  of("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration")(
    { webhooks: [webhook("/a")] },
    { webhooks: [{ ...webhook("/b"), timeoutSeconds: 3 }] },
  ),
  of("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration")(
    { webhooks: [webhook("/a")] },
    { webhooks: [{ ...webhook("/b"), reinvocationPolicy: "IfNeeded" }] },
  ),
  of("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")(
    { spec: policy("true") },
    { spec: policy("1 < 2") },
  ),
  of("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding")(
    { spec: { policyName: "nothing", validationActions: ["Warn"] } },
    { spec: { policyName: "nothing", validationActions: ["Warn", "Audit"] } },
  ),
  of("flowcontrol.apiserver.k8s.io/v1", "FlowSchema")({ spec: flow(9000) }, { spec: flow(9001) }),
  of("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration")(
    { spec: { type: "Limited", limited: { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } } } },
    { spec: { type: "Limited", limited: { nominalConcurrencyShares: 2, limitResponse: { type: "Reject" } } } },
  ),
  of("apiextensions.k8s.io/v1", "CustomResourceDefinition")(definition("one"), definition("two")),
  of("triples.example.com/v1", "Gadget")(
    { spec: { size: 1, parts: [{ name: "a" }] } },
    { spec: { size: 2, parts: [{ name: "b" }, { name: "a" }], colour: "red" } },
  ),
  of("triples.example.com/v1", "Planet")(
    { spec: { size: 1, moons: { luna: 1 } } },
    { spec: { size: 2, moons: { io: 1 } } },
  ),
];

const metadata = { name: (draft: Draft) => (draft["metadata"] as JsonObject | undefined) ?? {} };

function marked({ before, after }: Kind, which: "before" | "after", marks: JsonObject): Draft {
  const draft = which === "before" ? before : after;
  return { ...draft, metadata: { ...metadata.name(draft), ...marks } };
}

/** What may happen to an object of any kind. */
export const commonTriples: readonly Triple[] = kinds.flatMap((kind) => {
  const { before, after } = kind;
  const name = before.kind;
  return [
    { name: `${name}: it changes`, old: before, edits: [], next: after },
    {
      name: `${name}: it changes back, beside labels and annotations of others`,
      old: marked(kind, "after", { labels: { a: "1", b: "1", c: "1" }, annotations: { a: "1" } }),
      edits: [{ patch: { metadata: { labels: { b: null, hand: "1" }, annotations: { hand: "1" } } } }],
      next: marked(kind, "before", { labels: { a: "1", b: "2", d: "1" } }),
    },
    { name: `${name}: it was deleted by hand`, old: before, edits: ["delete" as const], next: after },
    { name: `${name}: it was recreated by somebody`, old: before, edits: [{ recreate: before }], next: after },
    { name: `${name}: it comes`, old: undefined, edits: [], next: before },
    { name: `${name}: it goes`, old: before, edits: [], next: undefined },
  ];
});
