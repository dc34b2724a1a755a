/** What the chart of the test for drift has; `GROUP` stands for an API group of the test's own, `NS` for its namespace. */
export const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gates.GROUP}
spec:
  group: GROUP
  scope: Namespaced
  names: {kind: Gate, plural: gates}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

const pod = (name: string) => `metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: main
        image: registry.example/${name}:1.0
        env: [{name: MODE, value: prod}, {name: LEVEL, value: info}]
        ports: [{name: http, containerPort: 8080}]
        readinessProbe: {httpGet: {path: /ready, port: http}}
        resources: {limits: {cpu: 1000m, memory: 128Mi}, requests: {cpu: 10m, memory: 16Mi}}
        volumeMounts: [{name: settings, mountPath: /etc/settings}]
      volumes: [{name: settings, configMap: {name: settings}}]`;

const workload = (kind: string, name: string, more: string) => `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
  labels: {tier: front}
  annotations: {example.com/team: shop}
spec:
  ${more}
  selector: {matchLabels: {app: ${name}}}
  template:
    ${pod(name)}
`;

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
`;

export const objects = [
  workload("Deployment", "web", "replicas: 2"),
  workload("Deployment", "api", "replicas: 1"),
  workload("Deployment", "worker", "replicas: 1"),
  workload("StatefulSet", "db", "replicas: 1\n  serviceName: web"),
  workload("DaemonSet", "agent", "updateStrategy: {type: RollingUpdate}"),
  service("web"),
  service("api"),
  service("gone"),
  `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  level: info
  page: |
    one
    two
    three
`,
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lost}\ndata: {a: b}\n",
  "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {password: a-recorded-word}\n",
  "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner}\nautomountServiceAccountToken: false\n",
  `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: runner, namespace: NS}]
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NS-viewer}
rules: [{apiGroups: [apps], resources: [deployments], verbs: [get]}]
`,
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: shop.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
`,
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]
`,
  "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1, selector: {matchLabels: {app: web}}}\n",
  `apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: 0 3 * * *
  jobTemplate:
    spec:
      template: {spec: {restartPolicy: Never, containers: [{name: main, image: "registry.example/clean:1.0"}]}}
`,
  `apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  parallelism: 1
  completions: 3
  suspend: true
  template: {spec: {restartPolicy: Never, containers: [{name: main, image: "registry.example/load:1.0"}]}}
`,
  `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: worker}
spec:
  minReplicas: 1
  maxReplicas: 4
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
`,
  "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: all}\nspec: {hard: {pods: '100'}}\n",
  "apiVersion: v1\nkind: LimitRange\nmetadata: {name: all}\nspec: {limits: [{type: Container, max: {memory: 1Gi}, default: {memory: 99Mi}, defaultRequest: {memory: 9Mi}}]}\n",
  `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, labels: {keep: "yes"}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: none}
`,
  "apiVersion: GROUP/v1\nkind: Gate\nmetadata: {name: main}\nspec: {open: true, lanes: [{id: 1}, {id: 2}]}\n",
];

type Change = {
  /** What somebody does by hand. */
  name: string;
  /** `KIND/NAME` of the object. */
  object: string;
  /** Words of kubectl, behind which the namespace goes; or a patch, as `kubectl edit` sends it. */
  by: readonly string[] | { patch: unknown };
  /** What is told of it: nothing but the object where it is gone. */
  field?: string;
  recorded?: string;
  live?: string;
  /** Nobody knows who took something away. */
  isNobodys?: true;
};

const template = (spec: unknown) => ({ spec: { template: { spec } } });
const main = (container: unknown) => template({ containers: [{ name: "main", ...(container as object) }] });
const container = "spec.template.spec.containers[main]";

/** Changes by hand; what is told of each is what detect has to find, and what correct has to set back. */
export const changes: readonly Change[] = [
  {
    name: "another image",
    object: "Deployment/web",
    by: ["set", "image", "deployment/web", "main=registry.example/web:9.9"],
    field: `${container}.image`,
    recorded: '"registry.example/web:1.0"',
    live: '"registry.example/web:9.9"',
  },
  {
    name: "more pods, without an autoscaler",
    object: "Deployment/web",
    by: ["scale", "deployment/web", "--replicas=3"],
    field: "spec.replicas",
    recorded: "2",
    live: "3",
  },
  {
    name: "a variable's value",
    object: "Deployment/api",
    by: ["set", "env", "deployment/api", "MODE=debug"],
    field: `${container}.env[MODE].value`,
    recorded: '"prod"',
    live: '"debug"',
  },
  {
    name: "a new variable",
    object: "Deployment/api",
    by: ["set", "env", "deployment/api", "TRACE=1"],
    field: `${container}.env[TRACE]`,
    live: '{"name":"TRACE","value":"1"}',
  },
  {
    name: "a variable taken away",
    object: "Deployment/api",
    by: ["set", "env", "deployment/api", "LEVEL-"],
    field: `${container}.env[LEVEL]`,
    recorded: '{"name":"LEVEL","value":"info"}',
    isNobodys: true,
  },
  {
    name: "a limit",
    object: "Deployment/web",
    by: ["set", "resources", "deployment/web", "--limits=memory=256Mi"],
    field: `${container}.resources.limits.memory`,
    recorded: '"128Mi"',
    live: '"256Mi"',
  },
  {
    name: "a new port of a container",
    object: "Deployment/web",
    by: { patch: main({ ports: [{ name: "debug", containerPort: 9000 }] }) },
    field: `${container}.ports[9000]`,
    live: '{"name":"debug","containerPort":9000,"protocol":"TCP"}',
  },
  {
    name: "a probe's path",
    object: "Deployment/worker",
    by: { patch: main({ readinessProbe: { httpGet: { path: "/always" } } }) },
    field: `${container}.readinessProbe.httpGet.path`,
    recorded: '"/ready"',
    live: '"/always"',
  },
  {
    name: "a new container",
    object: "Deployment/worker",
    by: { patch: template({ containers: [{ name: "shell", image: "registry.example/shell:1" }] }) },
    field: "spec.template.spec.containers[shell]",
  },
  {
    name: "a mount that is read-only now",
    object: "DaemonSet/agent",
    by: { patch: main({ volumeMounts: [{ name: "settings", mountPath: "/etc/settings", readOnly: true }] }) },
    field: `${container}.volumeMounts[/etc/settings].readOnly`,
    live: "true",
  },
  {
    name: "a node selector",
    object: "DaemonSet/agent",
    by: { patch: template({ nodeSelector: { pool: "old" } }) },
    field: "spec.template.spec.nodeSelector",
    live: '{"pool":"old"}',
  },
  {
    name: "the host's network",
    object: "StatefulSet/db",
    by: { patch: template({ hostNetwork: true }) },
    field: "spec.template.spec.hostNetwork",
    live: "true",
  },
  {
    name: "a label",
    object: "Deployment/web",
    by: ["label", "deployment/web", "tier=back", "--overwrite"],
    field: "metadata.labels.tier",
    recorded: '"front"',
    live: '"back"',
  },
  {
    name: "a new label",
    object: "StatefulSet/db",
    by: ["label", "statefulset/db", "owner=me"],
    field: "metadata.labels.owner",
    live: '"me"',
  },
  {
    name: "an annotation",
    object: "Deployment/api",
    by: ["annotate", "deployment/api", "example.com/team=mine", "--overwrite"],
    field: 'metadata.annotations["example.com/team"]',
    recorded: '"shop"',
    live: '"mine"',
  },
  {
    name: "an annotation taken away",
    object: "Deployment/worker",
    by: ["annotate", "deployment/worker", "example.com/team-"],
    field: 'metadata.annotations["example.com/team"]',
    recorded: '"shop"',
    isNobodys: true,
  },
  { name: "a deleted ConfigMap", object: "ConfigMap/lost", by: ["delete", "configmap", "lost"] },
  { name: "a deleted Service", object: "Service/gone", by: ["delete", "service", "gone"] },
  {
    name: "a value of a ConfigMap",
    object: "ConfigMap/settings",
    by: { patch: { data: { level: "debug" } } },
    field: "data.level",
    recorded: '"info"',
    live: '"debug"',
  },
  {
    name: "a line of a ConfigMap",
    object: "ConfigMap/settings",
    by: { patch: { data: { page: "one\n2\nthree\n" } } },
    field: "data.page",
    recorded: 'line 2: "two"',
    live: 'line 2: "2"',
  },
  {
    name: "a new key of a ConfigMap",
    object: "ConfigMap/settings",
    by: { patch: { data: { more: "yes" } } },
    field: "data.more",
    live: '"yes"',
  },
  {
    name: "a value of a Secret",
    object: "Secret/keys",
    by: { patch: { stringData: { password: "another-word" } } },
    field: "data.password",
    recorded: "(hidden)",
    live: "(hidden)",
  },
  {
    name: "a new key of a Secret",
    object: "Secret/keys",
    by: { patch: { stringData: { token: "a-new-word" } } },
    field: "data.token",
    live: "(hidden)",
  },
  {
    name: "a rule of a Role",
    object: "Role/reader",
    by: { patch: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] } },
    field: "rules[0].verbs",
    recorded: '["get","list"]',
    live: '["*"]',
  },
  {
    name: "a new rule of a ClusterRole",
    object: "ClusterRole/NS-viewer",
    by: {
      patch: {
        rules: [
          { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
          { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
        ],
      },
    },
    field: "rules",
  },
  {
    name: "a subject of a RoleBinding",
    object: "RoleBinding/reader",
    by: ["set", "subject", "rolebinding/reader", "--user=mallory"],
    field: "subjects[mallory]",
  },
  {
    name: "a ServiceAccount's token",
    object: "ServiceAccount/runner",
    by: { patch: { automountServiceAccountToken: true } },
    field: "automountServiceAccountToken",
    recorded: "false",
    live: "true",
  },
  {
    name: "a Service's selector",
    object: "Service/web",
    by: { patch: { spec: { selector: { app: "api" } } } },
    field: "spec.selector.app",
    recorded: '"web"',
    live: '"api"',
  },
  {
    name: "a new term of a Service's selector",
    object: "Service/api",
    by: { patch: { spec: { selector: { version: "2" } } } },
    field: "spec.selector.version",
    live: '"2"',
  },
  {
    name: "a new port of a Service",
    object: "Service/api",
    by: { patch: { spec: { ports: [{ name: "admin", port: 9090 }] } } },
    field: "spec.ports[9090]",
    live: '{"name":"admin","protocol":"TCP","port":9090,"targetPort":9090}',
  },
  {
    name: "a Service's port leads elsewhere",
    object: "Service/web",
    by: { patch: { spec: { ports: [{ port: 80, targetPort: 81 }] } } },
    field: "spec.ports[80].targetPort",
    recorded: '"http"',
    live: "81",
  },
  {
    name: "an Ingress' host",
    object: "Ingress/web",
    by: [
      "patch",
      "ingress/web",
      "--type=json",
      '-p=[{"op":"replace","path":"/spec/rules/0/host","value":"evil.example"}]',
    ],
    field: "spec.rules[0].host",
    recorded: '"shop.example"',
    live: '"evil.example"',
  },
  {
    name: "a NetworkPolicy that lets everybody in",
    object: "NetworkPolicy/web",
    by: { patch: { spec: { ingress: [{}] } } },
    field: "spec.ingress[0].from",
    isNobodys: true,
  },
  {
    name: "a disruption budget",
    object: "PodDisruptionBudget/web",
    by: { patch: { spec: { minAvailable: 0 } } },
    field: "spec.minAvailable",
    recorded: "1",
    live: "0",
  },
  {
    name: "a CronJob's schedule",
    object: "CronJob/clean",
    by: { patch: { spec: { schedule: "*/5 * * * *" } } },
    field: "spec.schedule",
    recorded: '"0 3 * * *"',
    live: '"*/5 * * * *"',
  },
  {
    name: "a CronJob that is held",
    object: "CronJob/clean",
    by: { patch: { spec: { suspend: true } } },
    field: "spec.suspend",
    live: "true",
  },
  {
    name: "a Job's parallelism",
    object: "Job/load",
    by: { patch: { spec: { parallelism: 2 } } },
    field: "spec.parallelism",
    recorded: "1",
    live: "2",
  },
  {
    name: "an autoscaler's limit",
    object: "HorizontalPodAutoscaler/worker",
    by: { patch: { spec: { maxReplicas: 40 } } },
    field: "spec.maxReplicas",
    recorded: "4",
    live: "40",
  },
  {
    name: "a quota",
    object: "ResourceQuota/all",
    by: { patch: { spec: { hard: { pods: "500" } } } },
    field: "spec.hard.pods",
    recorded: '"100"',
    live: '"500"',
  },
  {
    name: "a LimitRange",
    object: "LimitRange/all",
    by: [
      "patch",
      "limitrange/all",
      "--type=json",
      '-p=[{"op":"replace","path":"/spec/limits/0/max/memory","value":"2Gi"}]',
    ],
    field: "spec.limits[0].max.memory",
    recorded: '"1Gi"',
    live: '"2Gi"',
  },
  {
    name: "a claim's label",
    object: "PersistentVolumeClaim/data",
    by: ["label", "pvc/data", "keep=no", "--overwrite"],
    field: "metadata.labels.keep",
    recorded: '"yes"',
    live: '"no"',
  },
  {
    name: "a field of a custom resource",
    object: "Gate/main",
    by: { patch: { spec: { open: false } } },
    field: "spec.open",
    recorded: "true",
    live: "false",
  },
  {
    name: "a list of a custom resource",
    object: "Gate/main",
    by: { patch: { spec: { lanes: [{ id: 1 }, { id: 2 }, { id: 3 }] } } },
    field: "spec.lanes",
    recorded: '[{"id":1},{"id":2}]',
    live: '[{"id":1},{"id":2},{"id":3}]',
  },
];
