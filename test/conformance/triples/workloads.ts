import type { JsonObject } from "../../../src/base/json-path.ts";
import { type Row, type Shape, type Triple, triplesOf } from "./triple.ts";

const labels = { app: "x" };
const image = "registry.example/web:1.0";
const web = (rest: JsonObject = {}): JsonObject => ({ name: "web", image, ...rest });
const other = (name: string): JsonObject => ({ name, image: `registry.example/${name}:1.0` });
const containers = (...list: JsonObject[]): JsonObject => ({ containers: list });
const variables = (...pairs: [name: string, value: string][]) => pairs.map(([name, value]) => ({ name, value }));
const env = (...pairs: [name: string, value: string][]): JsonObject => containers(web({ env: variables(...pairs) }));
const liveEnv = (...pairs: [name: string, value: string][]): JsonObject =>
  containers({ name: "web", env: variables(...pairs) });
const ports = (...list: JsonObject[]): JsonObject => containers(web({ ports: list }));
const volumes = (...list: JsonObject[]): JsonObject => ({ ...containers(web()), volumes: list });
const mounts = (...paths: string[]): JsonObject => ({
  ...containers(web({ volumeMounts: paths.map((mountPath) => ({ name: "data", mountPath })) })),
  volumes: [{ name: "data", emptyDir: {} }],
});
const also = (rest: JsonObject): JsonObject => ({ ...containers(web()), ...rest });
const toleration = (key: string): JsonObject => ({ key, operator: "Exists" });
const spread = (topologyKey: string, maxSkew = 1): JsonObject => ({
  topologyKey,
  maxSkew,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: labels },
});

/** Elements that share a merge key. */
const twinRows: Row[] = [
  {
    name: "a variable that is given twice changes",
    old: env(["A", "1"], ["A", "2"]),
    next: env(["A", "1"], ["A", "3"]),
  },
  {
    name: "a variable that is given twice is given once",
    old: env(["A", "1"], ["A", "2"]),
    next: env(["A", "1"]),
  },
  {
    name: "two protocols of one port, of which one gets a name",
    old: ports({ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }),
    next: ports({ containerPort: 53 }, { containerPort: 53, protocol: "UDP", name: "dns" }),
  },
  {
    name: "two constraints of one topology, of which one changes",
    old: also({ topologySpreadConstraints: [spread("a"), { ...spread("a"), whenUnsatisfiable: "DoNotSchedule" }] }),
    next: also({ topologySpreadConstraints: [spread("a", 2), { ...spread("a"), whenUnsatisfiable: "DoNotSchedule" }] }),
  },
];

/** Of a pod's spec, in whatever has a template of pods. */
const podRows: Row[] = [
  { name: "a container comes", old: containers(web()), next: containers(web(), other("side")) },
  { name: "a container comes before the first", old: containers(web()), next: containers(other("side"), web()) },
  { name: "a container goes", old: containers(web(), other("side")), next: containers(web()) },
  {
    name: "containers change places",
    old: containers(web(), other("a"), other("b")),
    next: containers(other("b"), web(), other("a")),
  },
  {
    name: "an injected sidecar stays",
    old: containers(web()),
    live: containers(other("mesh")),
    next: containers(web({ image: "registry.example/web:2.0" })),
  },
  {
    name: "a sidecar is injected, and a container goes",
    old: containers(web(), other("a")),
    live: containers(other("mesh")),
    next: containers(web()),
  },
  {
    name: "a sidecar is injected, and the order changes",
    old: containers(web(), other("a")),
    live: containers(other("mesh")),
    next: containers(other("a"), web()),
  },
  {
    name: "a container that somebody removed comes back",
    old: containers(web(), other("a")),
    live: containers({ name: "a", $patch: "delete" }),
    next: containers(web(), other("a")),
  },
  {
    name: "an image that somebody set is set back",
    old: containers(web()),
    live: containers({ name: "web", image: "registry.example/web:hand" }),
    next: containers(web()),
  },
  {
    name: "an init container comes, an injected one stays",
    old: also({ initContainers: [other("a")] }),
    live: { initContainers: [other("mesh")] },
    next: also({ initContainers: [other("b"), other("a")] }),
  },
  {
    name: "variables: one changed, one gone, one new",
    old: env(["A", "1"], ["B", "1"]),
    next: env(["A", "2"], ["C", "1"]),
  },
  {
    name: "variables beside one by hand",
    old: env(["A", "1"], ["B", "1"]),
    live: liveEnv(["HAND", "1"]),
    next: env(["B", "1"], ["A", "2"]),
  },
  {
    name: "variables change places",
    old: env(["A", "1"], ["B", "1"], ["C", "1"]),
    next: env(["C", "1"], ["A", "1"], ["B", "1"]),
  },
  {
    name: "a variable that somebody changed is set back",
    old: env(["A", "1"]),
    live: liveEnv(["A", "hand"]),
    next: env(["A", "1"]),
  },
  {
    name: "a variable gets a source for its value",
    old: env(["A", "1"]),
    next: containers(web({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] })),
  },
  {
    name: "all variables go, one by hand too",
    old: env(["A", "1"]),
    live: liveEnv(["HAND", "1"]),
    next: containers(web()),
  },
  { name: "the list of variables is empty", old: env(["A", "1"]), live: liveEnv(["HAND", "1"]), next: env() },
  {
    name: "variables come where somebody had one",
    old: containers(web()),
    live: liveEnv(["HAND", "1"]),
    next: env(["A", "1"]),
  },
  {
    name: "sources of variables are a plain list",
    old: containers(web({ envFrom: [{ configMapRef: { name: "a" } }] })),
    live: containers({ name: "web", envFrom: [{ secretRef: { name: "hand" } }] }),
    next: containers(web({ envFrom: [{ configMapRef: { name: "b" } }] })),
  },
  {
    name: "a port changes its number",
    old: ports({ containerPort: 80, name: "http" }),
    next: ports({ containerPort: 8080, name: "http" }),
  },
  {
    name: "a port changes its name",
    old: ports({ containerPort: 80, name: "http" }),
    next: ports({ containerPort: 80, name: "web" }),
  },
  {
    name: "a port beside one by hand",
    old: ports({ containerPort: 80 }),
    live: containers({ name: "web", ports: [{ containerPort: 9000 }] }),
    next: ports({ containerPort: 81 }, { containerPort: 80 }),
  },
  {
    name: "a port changes its protocol",
    old: ports({ containerPort: 53 }),
    next: ports({ containerPort: 53, protocol: "UDP" }),
  },
  {
    name: "arguments are one value",
    old: containers(web({ args: ["a", "b"] })),
    live: containers({ name: "web", args: ["hand"] }),
    next: containers(web({ args: ["b", "c"] })),
  },
  {
    name: "arguments by hand that the chart does not name",
    old: containers(web()),
    live: containers({ name: "web", args: ["hand"] }),
    next: containers(web({ image: "registry.example/web:2.0" })),
  },
  {
    name: "arguments go",
    old: containers(web({ args: ["a"], command: ["x"] })),
    next: containers(web({ command: ["x"] })),
  },
  {
    name: "a mount comes, one goes, one is by hand",
    old: mounts("/a", "/b"),
    live: containers({ name: "web", volumeMounts: [{ name: "data", mountPath: "/hand" }] }),
    next: mounts("/b", "/c"),
  },
  {
    name: "requests and limits",
    old: containers(web({ resources: { requests: { cpu: "100m" } } })),
    live: containers({ name: "web", resources: { limits: { memory: "1Gi" } } }),
    next: containers(web({ resources: { requests: { cpu: 0.1, memory: "64Mi" } } })),
  },
  {
    name: "requests go",
    old: containers(web({ resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } } })),
    next: containers(web({ resources: { limits: { cpu: "1000m" } } })),
  },
  {
    name: "a probe changes its way",
    old: containers(web({ livenessProbe: { httpGet: { path: "/", port: 80 } } })),
    next: containers(web({ livenessProbe: { tcpSocket: { port: 80 } } })),
  },
  {
    name: "a volume changes its source",
    old: volumes({ name: "data", emptyDir: {} }),
    next: volumes({ name: "data", configMap: { name: "a" } }),
  },
  {
    name: "a volume that somebody gave another source",
    old: volumes({ name: "data", emptyDir: {} }),
    live: { volumes: [{ name: "data", emptyDir: null, secret: { secretName: "hand" } }] },
    next: volumes({ name: "data", configMap: { name: "a" } }),
    notOnServer: true,
  },
  {
    name: "volumes beside one by hand change places",
    old: volumes({ name: "a", emptyDir: {} }, { name: "b", emptyDir: {} }),
    live: { volumes: [{ name: "hand", emptyDir: {} }] },
    next: volumes({ name: "b", emptyDir: {} }, { name: "a", emptyDir: { medium: "Memory" } }),
  },
  {
    name: "a projected volume's sources are a plain list",
    old: volumes({ name: "data", projected: { sources: [{ configMap: { name: "a" } }] } }),
    next: volumes({ name: "data", projected: { sources: [{ secret: { name: "b" } }, { configMap: { name: "a" } }] } }),
  },
  {
    name: "tolerations are one value",
    old: also({ tolerations: [toleration("a")] }),
    live: { tolerations: [toleration("hand")] },
    next: also({ tolerations: [toleration("a"), toleration("b")] }),
  },
  {
    name: "tolerations by hand that the chart does not name",
    old: also({}),
    live: { tolerations: [toleration("hand")] },
    next: also({ priorityClassName: "system-node-critical" }),
  },
  {
    name: "aliases of hosts",
    old: also({ hostAliases: [{ ip: "192.0.2.1", hostnames: ["a", "b"] }] }),
    live: { hostAliases: [{ ip: "192.0.2.9", hostnames: ["hand"] }] },
    next: also({
      hostAliases: [
        { ip: "192.0.2.2", hostnames: ["b"] },
        { ip: "192.0.2.1", hostnames: ["b"] },
      ],
    }),
  },
  {
    name: "pull secrets",
    old: also({ imagePullSecrets: [{ name: "a" }, { name: "b" }] }),
    live: { imagePullSecrets: [{ name: "hand" }] },
    next: also({ imagePullSecrets: [{ name: "c" }, { name: "b" }] }),
  },
  {
    name: "constraints of the spread",
    old: also({ topologySpreadConstraints: [spread("zone"), spread("host")] }),
    live: { topologySpreadConstraints: [spread("hand")] },
    next: also({ topologySpreadConstraints: [spread("host", 2), spread("rack")] }),
  },
  {
    name: "the node's labels",
    old: also({ nodeSelector: { a: "1", b: "1" } }),
    live: { nodeSelector: { hand: "1" } },
    next: also({ nodeSelector: { a: "2" } }),
  },
  {
    name: "affinities are lists of their own",
    old: also({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
          },
        },
      },
    }),
    next: also({
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: "a" } }],
        },
      },
    }),
  },
  {
    name: "the security context",
    old: also({ securityContext: { runAsUser: 1, fsGroup: 2 } }),
    live: { securityContext: { runAsGroup: 9 } },
    next: also({ securityContext: { runAsUser: 3 } }),
  },
  {
    name: "the time to end, set and unset",
    old: also({ terminationGracePeriodSeconds: 5, dnsPolicy: "Default" }),
    next: also({ dnsPolicy: "Default" }),
  },
  { name: "an account that goes stays as its old name", old: also({ serviceAccountName: "a" }), next: also({}) },
  {
    name: "a value that becomes null",
    old: also({ terminationGracePeriodSeconds: 5 }),
    next: also({ terminationGracePeriodSeconds: null }),
    hasNull: true,
  },
  {
    name: "a null in the list",
    old: containers(web({ env: [{ name: "A", value: "1" }] })),
    next: containers(web({ env: [{ name: "A", value: null }] })),
    hasNull: true,
  },
];

const never = { nodeSelector: { nothing: "here" } };
const template = (spec: JsonObject): JsonObject => ({ metadata: { labels }, spec });
const patchOfTemplate = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });
const workload = (apiVersion: string, kind: string, rest: JsonObject): Shape => ({
  kind,
  draft: (spec) => ({
    apiVersion,
    kind,
    spec: { ...rest, selector: { matchLabels: labels }, template: template(spec) },
  }),
  patch: patchOfTemplate,
});
const deployment = workload("apps/v1", "Deployment", { replicas: 0 });
const others: Shape[] = [
  workload("apps/v1", "StatefulSet", { replicas: 0, serviceName: "web" }),
  {
    kind: "DaemonSet",
    draft: (spec) => ({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      spec: {
        selector: { matchLabels: labels },
        template: template({
          ...spec,
          nodeSelector: { ...never.nodeSelector, ...(spec["nodeSelector"] as JsonObject) },
        }),
      },
    }),
    patch: patchOfTemplate,
  },
  {
    kind: "CronJob",
    draft: (spec) => ({
      apiVersion: "batch/v1",
      kind: "CronJob",
      spec: {
        suspend: true,
        schedule: "@daily",
        jobTemplate: { spec: { template: { spec: { ...spec, restartPolicy: "Never" } } } },
      },
    }),
    patch: (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } }),
  },
  {
    kind: "PodTemplate",
    draft: (spec) => ({ apiVersion: "v1", kind: "PodTemplate", template: template(spec) }),
    patch: (spec) => ({ template: { spec } }),
  },
];

const pick = <T>(list: readonly T[], rest: number): T[] => list.filter((_, index) => index % others.length === rest);

const bare: Shape = {
  kind: "Deployment",
  draft: (spec) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    spec: { replicas: 0, selector: { matchLabels: labels }, template: template(containers(web())), ...spec },
  }),
  patch: (spec) => ({ spec }),
};

const rolling = (rollingUpdate: JsonObject): JsonObject => ({ strategy: { type: "RollingUpdate", rollingUpdate } });

const nullReplicas = [".spec.replicas: 0 with Slipway, 1 with Helm"];

const deploymentRows: Row[] = [
  { name: "replicas by kubectl scale are set back", old: { replicas: 0 }, live: [{ scale: 1 }], next: { replicas: 0 } },
  {
    name: "an autoscaler's replicas stay where the chart has none",
    old: { replicas: undefined, paused: true },
    live: [{ scale: 0 }],
    next: { replicas: undefined, paused: true, minReadySeconds: 1 },
  },
  {
    name: "an autoscaler's replicas stay where the chart has null",
    old: { replicas: null, paused: true },
    live: [{ scale: 0 }],
    next: { replicas: null, paused: true, minReadySeconds: 1 },
    better: nullReplicas,
    betterOnServer: nullReplicas,
  },
  {
    name: "replicas that the chart gives up",
    old: { replicas: 0, paused: true },
    live: [{ scale: 3 }],
    next: { replicas: undefined, paused: true },
  },
  { name: "the strategy becomes Recreate", old: rolling({ maxSurge: 1 }), next: { strategy: { type: "Recreate" } } },
  {
    name: "the strategy becomes Recreate where none was named",
    old: {},
    next: { strategy: { type: "Recreate" } },
    notOnServer: true,
  },
  {
    name: "the strategy becomes RollingUpdate",
    old: { strategy: { type: "Recreate" } },
    next: rolling({ maxUnavailable: 0 }),
  },
  { name: "the strategy is no longer named", old: { strategy: { type: "Recreate" } }, next: {} },
  {
    name: "the strategy, changed by hand",
    old: rolling({ maxSurge: 1 }),
    live: { strategy: { $retainKeys: ["type"], type: "Recreate" } },
    next: rolling({ maxSurge: 2 }),
  },
  {
    name: "the strategy says only its type",
    old: { strategy: { type: "RollingUpdate" } },
    live: rolling({ maxSurge: 3 }),
    next: { strategy: { type: "RollingUpdate" }, minReadySeconds: 1 },
  },
  {
    name: "a restart by hand stays",
    old: {},
    live: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } },
    next: { minReadySeconds: 2 },
  },
  {
    name: "a restart by hand stays beside the chart's annotations",
    old: { template: { metadata: { labels, annotations: { sum: "1" } }, spec: containers(web()) } },
    live: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } },
    next: { template: { metadata: { labels, annotations: { sum: "2" } }, spec: containers(web()) } },
  },
  { name: "paused by hand goes on", old: { paused: false }, live: { paused: true }, next: { paused: false } },
  {
    name: "limits of history and time go",
    old: { revisionHistoryLimit: 3, progressDeadlineSeconds: 99 },
    next: { revisionHistoryLimit: 0 },
  },
];

const statefulSet: Shape = {
  kind: "StatefulSet",
  draft: (spec) => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    spec: {
      replicas: 0,
      serviceName: "web",
      selector: { matchLabels: labels },
      template: template(containers(web())),
      ...spec,
    },
  }),
  patch: (spec) => ({ spec }),
};

const statefulSetRows: Row[] = [
  {
    name: "a partition comes and goes by hand",
    old: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
    live: { updateStrategy: { rollingUpdate: { partition: 1 } } },
    next: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } },
  },
  {
    name: "a partition goes",
    old: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
    next: { updateStrategy: { type: "RollingUpdate" } },
  },
  {
    name: "what happens to claims",
    old: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
    next: { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" }, minReadySeconds: 1 },
  },
];

/** Elements that share a merge key, in workloads. */
export const workloadTwins: readonly Triple[] = triplesOf(deployment, twinRows);

/** Of what runs pods. */
export const workloadTriples: readonly Triple[] = [
  ...triplesOf(deployment, podRows),
  ...others.flatMap((shape, index) => triplesOf(shape, pick(podRows, index))),
  ...triplesOf(bare, deploymentRows),
  ...triplesOf(statefulSet, statefulSetRows),
];
