import { describe, expect, test } from "vitest";
import { objectKey, refOf } from "../../../src/kube/ref.ts";
import type { KubeObject } from "../../../src/kube/types.ts";
import { findHazards } from "../../../src/plan/hazards/find-hazards.ts";
import { hazardTable } from "../../../src/plan/hazards/table.ts";
import type { HazardInput } from "../../../src/plan/hazards/types.ts";
import { planChanges } from "../../../src/plan/planner.ts";

type Fields = Record<string, unknown>;

const at = (apiVersion: string, kind: string, fields: Fields, name = "web"): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "prod" },
  ...fields,
});

/** The plan from one chart's objects, which are live as they stand, to the next one's. */
function hazardsFrom(before: KubeObject[], after: KubeObject[], read: Partial<HazardInput> = {}, changed = before) {
  const owner = { release: "shop", namespace: "prod" };
  const marks = {
    labels: { "app.kubernetes.io/managed-by": "Helm" },
    annotations: { "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "prod" },
  };
  const live = changed.map((object) => {
    const { labels, annotations } = object.metadata;
    const metadata = {
      ...object.metadata,
      labels: { ...labels, ...marks.labels },
      annotations: { ...annotations, ...marks.annotations },
    };
    return { ...object, metadata };
  });
  const wrap = (objects: KubeObject[]) => objects.map((object) => ({ object }));
  const changes = planChanges({
    owner,
    desired: wrap(after),
    recorded: [{ objects: wrap(before), succeeded: true }],
    live: new Map(live.map((object) => [objectKey(refOf(object)), object])),
    method: "csa",
    takeOwnership: false,
  });
  return findHazards({
    changes,
    release: { name: "shop", namespace: "prod" },
    answers: new Map(),
    autoscalers: [],
    quotas: [],
    missing: [],
    resourceOf: ({ kind }) =>
      ({
        Deployment: "deployments.apps",
        ConfigMap: "configmaps",
        Service: "services",
        PersistentVolumeClaim: "persistentvolumeclaims",
      })[kind],
    ...read,
  });
}

const ids = (found: ReturnType<typeof hazardsFrom>) => found.map(({ id, field }) => (field ? `${id} ${field}` : id));

const deployment = (spec: Fields, pod: Fields = {}, container: Fields = {}) =>
  at("apps/v1", "Deployment", {
    spec: {
      selector: { matchLabels: { app: "a" } },
      ...spec,
      template: {
        metadata: { labels: { app: "a" } },
        spec: { ...pod, containers: [{ name: "c", image: "a:1", ...container }] },
      },
    },
  });
const service = (spec: Fields) => at("v1", "Service", { spec });
const claim = (spec: Fields) => at("v1", "PersistentVolumeClaim", { spec });
const job = (spec: Fields) => at("batch/v1", "Job", { spec });
const set = (spec: Fields) => at("apps/v1", "StatefulSet", { spec });
const config = (fields: Fields, kind = "ConfigMap") => at("v1", kind, fields, "settings");
const template = (image: string) => ({ spec: { containers: [{ name: "c", image }] } });
const claims = (storage: string, more: Fields = {}) => [
  {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...more },
  },
];
const definition = (versions: Fields[], storedVersions = ["v1"]): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.com" },
  spec: { group: "example.com", names: { kind: "Thing" }, versions },
  status: { storedVersions },
});
const version = (name: string, properties: Fields, more: Fields = {}) => ({
  name,
  served: true,
  schema: { openAPIV3Schema: { type: "object", properties, ...more } },
});

type Row = {
  name: string;
  before?: KubeObject[];
  /** Where the server has filled something in. */
  live?: KubeObject[];
  after: KubeObject[];
  read?: Partial<HazardInput>;
  ids: string[];
};

const immutable: Row[] = [
  {
    name: "a selector's labels",
    before: [deployment({})],
    after: [deployment({ selector: { matchLabels: { app: "b" } } })],
    ids: ["selector-immutable spec.selector"],
  },
  { name: "another image", before: [deployment({})], after: [deployment({}, {}, { image: "a:2" })], ids: [] },
  {
    name: "a Job's template",
    before: [job({ template: template("a:1") })],
    after: [job({ template: template("a:2") })],
    ids: ["job-immutable spec.template"],
  },
  {
    name: "a Job's parallelism",
    before: [job({ parallelism: 1, template: template("a:1") })],
    after: [job({ parallelism: 2, template: template("a:1") })],
    ids: [],
  },
  {
    name: "an indexed Job's completions, which the server judges",
    before: [job({ completionMode: "Indexed", completions: 1 })],
    after: [job({ completionMode: "Indexed", completions: 2 })],
    ids: [],
  },
  {
    name: "the template of a Job that is suspended, likewise",
    before: [job({ suspend: true, template: template("a:1") })],
    after: [job({ suspend: true, template: template("a:2") })],
    ids: [],
  },
  {
    name: "claims whose size is written in another way, with the server's defaults beside it",
    before: [set({ volumeClaimTemplates: claims("0.5Gi") })],
    live: [set({ volumeClaimTemplates: claims("512Mi", { volumeMode: "Filesystem" }) })],
    after: [set({ volumeClaimTemplates: claims("0.5Gi") })],
    ids: [],
  },
  {
    name: "claims of another size",
    before: [set({ volumeClaimTemplates: claims("1Gi") })],
    live: [set({ volumeClaimTemplates: claims("1Gi", { volumeMode: "Filesystem" }) })],
    after: [set({ volumeClaimTemplates: claims("2Gi") })],
    ids: ["stateful-set-immutable spec.volumeClaimTemplates"],
  },
  {
    name: "what of a StatefulSet can change",
    before: [set({ replicas: 1, template: template("a:1"), minReadySeconds: 1 })],
    after: [set({ replicas: 2, template: template("a:2"), minReadySeconds: 2 })],
    ids: [],
  },
  {
    name: "the address of a Service",
    before: [service({})],
    live: [service({ clusterIP: "10.0.0.1", type: "ClusterIP" })],
    after: [service({ clusterIP: "10.0.0.2" })],
    ids: ["service-address-immutable spec.clusterIP"],
  },
  {
    name: "a Service that becomes an ExternalName",
    before: [service({})],
    live: [service({ clusterIP: "10.0.0.1", type: "ClusterIP" })],
    after: [service({ type: "ExternalName", externalName: "example.com" })],
    ids: [],
  },
  {
    name: "a claim that shrinks",
    before: [claim({ resources: { requests: { storage: "2Gi" } } })],
    after: [claim({ resources: { requests: { storage: "1Gi" } } })],
    ids: ["claim-immutable spec.resources.requests.storage"],
  },
  {
    name: "a claim that grows",
    before: [claim({ resources: { requests: { storage: "1Gi" } } })],
    after: [claim({ resources: { requests: { storage: "2Gi" } } })],
    ids: [],
  },
  {
    name: "a Secret's text that is already there",
    before: [config({ immutable: true, stringData: { a: "one" } }, "Secret")],
    live: [config({ immutable: true, data: { a: "b25l" } }, "Secret")],
    after: [config({ immutable: true, stringData: { a: "one" } }, "Secret")],
    ids: [],
  },
  {
    name: "a Secret's text that is another",
    before: [config({ immutable: true, stringData: { a: "one" } }, "Secret")],
    live: [config({ immutable: true, data: { a: "b25l" } }, "Secret")],
    after: [config({ immutable: true, stringData: { a: "two" } }, "Secret")],
    ids: ["config-immutable stringData"],
  },
  {
    name: "what the server says it would take",
    before: [deployment({})],
    after: [deployment({ selector: { matchLabels: { app: "b" } } })],
    read: { answers: new Map([["apps/Deployment/prod/web", { taken: true }]]) },
    ids: [],
  },
  {
    name: "what it refuses, told once, by what the table knows",
    before: [deployment({})],
    after: [deployment({ selector: { matchLabels: { app: "b" } } })],
    read: {
      answers: new Map([["apps/Deployment/prod/web", { taken: false, message: "no", fields: ["spec.selector"] }]]),
    },
    ids: ["selector-immutable spec.selector"],
  },
  {
    name: "what it refuses for reasons of its own",
    before: [deployment({})],
    after: [deployment({ replicas: -1 })],
    read: {
      answers: new Map([["apps/Deployment/prod/web", { taken: false, message: "no", fields: ["spec.replicas"] }]]),
    },
    ids: ["refused-by-server spec.replicas"],
  },
];

const container = (fields: Fields) => [deployment({}, {}, fields)];
const twins: Row[] = [
  {
    name: "variables",
    after: container({ env: [{ name: "A" }, { name: "B" }, { name: "A" }] }),
    ids: ["variable-twice spec.template.spec.containers[0].env[2]"],
  },
  {
    name: "container ports of two protocols",
    after: container({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }, { containerPort: 80 }] }),
    ids: ["container-port-twice spec.template.spec.containers[0].ports[1]"],
  },
  {
    name: "service ports of one protocol",
    after: [service({ ports: [{ port: 80, protocol: "TCP" }, { port: 80 }] })],
    ids: ["service-port-twice spec.ports[1]"],
  },
  {
    name: "service ports of two protocols",
    after: [service({ ports: [{ port: 53 }, { port: 53, protocol: "UDP" }] })],
    ids: ["service-number-twice spec.ports[1]"],
  },
  {
    name: "volumes and mounts",
    after: [
      deployment(
        {},
        { volumes: [{ name: "v" }, { name: "v" }] },
        { volumeMounts: [{ mountPath: "/a" }, { mountPath: "/a" }] },
      ),
    ],
    ids: [
      "pod-entry-twice spec.template.spec.volumes[1]",
      "pod-entry-twice spec.template.spec.containers[0].volumeMounts[1]",
    ],
  },
  { name: "nothing", after: container({ env: "garbage", ports: [null, 1] }), ids: [] },
];

const reads = (fields: Fields, pod: Fields = {}) => deployment({}, pod, fields);
const changed = (workload: KubeObject, then = workload, kind = "ConfigMap") => ({
  before: [config({ data: { a: "1" } }, kind), workload],
  after: [config({ data: { a: "2" } }, kind), then],
});
const stale = ["config-without-restart data"];
const configs: Row[] = [
  {
    name: "by env",
    ...changed(reads({ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }] })),
    ids: stale,
  },
  { name: "by envFrom", ...changed(reads({ envFrom: [{ configMapRef: { name: "settings" } }] })), ids: stale },
  {
    name: "by envFrom of a Secret",
    ...changed(reads({ envFrom: [{ secretRef: { name: "settings" } }] }), undefined, "Secret"),
    ids: stale,
  },
  {
    name: "by a volume",
    ...changed(reads({}, { volumes: [{ name: "v", configMap: { name: "settings" } }] })),
    ids: stale,
  },
  {
    name: "by a projected volume",
    ...changed(reads({}, { volumes: [{ name: "v", projected: { sources: [{ configMap: { name: "settings" } }] } }] })),
    ids: stale,
  },
  {
    name: "by a Secret of that name, not by the ConfigMap",
    ...changed(reads({ envFrom: [{ secretRef: { name: "settings" } }] })),
    ids: [],
  },
  {
    name: "by pods that restart",
    ...changed(
      reads({ envFrom: [{ configMapRef: { name: "settings" } }] }),
      reads({ image: "a:2", envFrom: [{ configMapRef: { name: "settings" } }] }),
    ),
    ids: [],
  },
];

const scaler = (name: string, minReplicas = 1): KubeObject =>
  at("autoscaling/v2", "HorizontalPodAutoscaler", {
    spec: { minReplicas, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } },
  });
const quota = (hard: Fields, used: Fields, spec: Fields = {}) =>
  at("v1", "ResourceQuota", { spec, status: { hard, used } }, "few");
const others: Row[] = [
  {
    name: "an autoscaler in the chart",
    after: [deployment({ replicas: 1 }), scaler("web")],
    ids: ["replicas-scaled spec.replicas"],
  },
  {
    name: "an autoscaler in the cluster",
    after: [deployment({ replicas: 1 })],
    read: { autoscalers: [scaler("web")] },
    ids: ["replicas-scaled spec.replicas"],
  },
  {
    name: "an autoscaler of something else",
    after: [deployment({ replicas: 1 })],
    read: { autoscalers: [scaler("other")] },
    ids: [],
  },
  {
    name: "an autoscaler that goes",
    before: [scaler("web")],
    after: [deployment({ replicas: 1 })],
    read: { autoscalers: [scaler("web")] },
    ids: [],
  },
  { name: "no number of replicas", after: [deployment({}), scaler("web")], ids: [] },
  {
    name: "a stored version that goes",
    before: [definition([version("v1", {})])],
    after: [definition([version("v2", {})])],
    ids: ["version-stored spec.versions"],
  },
  {
    name: "a version that is no longer served, and a schema that knows, takes and allows less",
    before: [
      definition([
        version("v1", {
          a: { type: "string" },
          b: { type: "string" },
          c: { enum: ["x", "y"] },
          d: { type: "array", items: { type: "object", properties: { e: {} } } },
        }),
        version("v2", {}),
      ]),
    ],
    after: [
      definition([
        version(
          "v1",
          { b: { type: "integer" }, c: { enum: ["x"] }, d: { type: "array", items: { type: "object" } } },
          { required: ["b"] },
        ),
        { ...version("v2", {}), served: false },
      ]),
    ],
    ids: ["version-dropped spec.versions", "schema-narrowed spec.versions[v1].schema"],
  },
  {
    name: "a schema that keeps what it does not know",
    before: [definition([version("v1", { a: {} })])],
    after: [definition([version("v1", {}, { "x-kubernetes-preserve-unknown-fields": true })])],
    ids: [],
  },
  { name: "a definition that goes", before: [definition([])], after: [], ids: ["data-deleted"] },
  {
    name: "a large record",
    after: [],
    read: { record: { bytes: 1_048_577, most: 2_000_000 } },
    ids: ["record-too-large data.release"],
  },
  { name: "a record that just fits", after: [], read: { record: { bytes: 1_048_576, most: 2_000_000 } }, ids: [] },
  { name: "large data", after: [config({ data: { a: "ä".repeat(524_289) } })], ids: ["data-too-large data"] },
  {
    name: "data that is large as base64 alone",
    after: [config({ data: { a: "A".repeat(1_398_100) } }, "Secret")],
    ids: [],
  },
  {
    name: "a quota of pods",
    after: [deployment({ replicas: 3 })],
    read: { quotas: [quota({ pods: "4" }, { pods: "2" })] },
    ids: ["quota-exceeded spec.hard[pods]"],
  },
  {
    name: "a quota of what the pods ask for, or are limited to",
    after: [deployment({ replicas: 2 }, {}, { resources: { limits: { cpu: "600m", memory: "1Gi" } } })],
    read: { quotas: [quota({ "requests.cpu": "1", "limits.memory": "2Gi" }, {})] },
    ids: ["quota-exceeded spec.hard[requests.cpu]"],
  },
  {
    name: "a quota that only the difference counts against",
    before: [deployment({ replicas: 2 })],
    after: [deployment({ replicas: 3 })],
    read: {
      quotas: [quota({ pods: "3", "count/deployments.apps": "1" }, { pods: "2", "count/deployments.apps": "1" })],
    },
    ids: [],
  },
  {
    name: "a quota of some pods, nobody knows which",
    after: [deployment({ replicas: 3 })],
    read: { quotas: [quota({ pods: "1" }, {}, { scopes: ["BestEffort"] })] },
    ids: [],
  },
  {
    name: "a version of the API that is to go",
    after: [at("policy/v1beta1", "PodDisruptionBudget", {})],
    read: { version: { major: 1, minor: 22 } },
    ids: ["api-deprecated apiVersion"],
  },
  {
    name: "a namespace that goes",
    after: [config({})],
    read: {
      namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: "prod" }, status: { phase: "Terminating" } },
    },
    ids: ["namespace-terminating status.phase"],
  },
  {
    name: "a Service that lost its clusterIP: None",
    before: [service({ clusterIP: "None" })],
    after: [service({})],
    ids: ["service-stays-headless spec.clusterIP"],
  },
];

describe.each([
  { about: "what can't be changed", rows: immutable },
  { about: "what comes twice", rows: twins },
  { about: "configuration that nobody reads again", rows: configs },
  { about: "the rest", rows: others },
])("$about", ({ rows }) => {
  test.each(rows)("$name", ({ before = [], after, live, read, ids: wanted }) => {
    const found = hazardsFrom(before, after, read, live);
    expect(ids(found)).toEqual(wanted);
    for (const { message, remedy } of found) expect([message, remedy].join(" ")).not.toMatch(/undefined|\[object/);
  });
});

test("each kind of hazard has an id of its own", () => {
  const all = hazardTable.map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
});
