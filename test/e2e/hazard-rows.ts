/** Objects of a chart, `NS` standing for what is the test's own, and the field at which a hazard is told. */
export type Refused = {
  id: string;
  name: string;
  /** What is there before; absent where the first install is what is refused. */
  before?: string;
  after: string;
  /** `Kind name` and the field, as the plan tells them. */
  at: [object: string, field: string | undefined];
  /** The API server's own words, once the guard is off. */
  says: RegExp;
};

const pod = (labels: string, container = 'name: c, image: "app:1"', rest = "") =>
  `{metadata: {labels: ${labels}}, spec: {${rest}containers: [{${container}}]}}`;

const workload = (kind: string, label: string, rest = "") => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec: {${rest}selector: {matchLabels: {app: ${label}}}, template: ${pod(`{app: ${label}}`)}}
`;

const set = (claims: string, service = "web") =>
  workload(
    "StatefulSet",
    "a",
    `serviceName: ${service}, replicas: 0, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${claims}}}}}], `,
  );

const job = (tag: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:${tag}"}]}}}
`;

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: a}, ${spec}}
`;

const claim = (size: string, mode = "ReadWriteOnce") => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [${mode}], resources: {requests: {storage: ${size}}}}
`;

const binding = (role: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role}}
subjects: [{kind: ServiceAccount, name: default}]
`;

const config = (kind: string, rest: string) => `apiVersion: v1
kind: ${kind}
metadata: {name: settings}
${rest}
`;

const storageClass = (provisioner: string) => `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: NS}
provisioner: ${provisioner}
`;

const priority = (value: number) => `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: NS}
value: ${value}
`;

const barePod = (command: string) => `apiVersion: v1
kind: Pod
metadata: {name: alone}
spec: {containers: [{name: c, image: "app:1", command: [${command}]}]}
`;

export const definition = (versions: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.NS.example.com}
spec:
  group: NS.example.com
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
  versions: [${versions}]
`;

export const version = (name: string, fields = "size: {type: integer}", rest = "served: true, storage: true") =>
  `{name: ${name}, ${rest}, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {${fields}}}}}}}`;

export const refused: readonly Refused[] = [
  ...["Deployment", "ReplicaSet", "DaemonSet"].map((kind) => ({
    id: "selector-immutable",
    name: `the selector of a ${kind}`,
    before: workload(kind, "a"),
    after: workload(kind, "b"),
    at: [`${kind} web`, "spec.selector"] as [string, string],
    says: /spec\.selector: Invalid value: .*field is immutable/,
  })),
  {
    id: "job-immutable",
    name: "the template of a Job",
    before: job("1"),
    after: job("2"),
    at: ["Job job", "spec.template"],
    says: /spec\.template: Invalid value: /,
  },
  {
    id: "stateful-set-immutable",
    name: "the claims of a StatefulSet",
    before: set("1Gi"),
    after: set("2Gi"),
    at: ["StatefulSet web", "spec.volumeClaimTemplates"],
    says: /updates to statefulset spec for fields other than .* are forbidden/,
  },
  {
    id: "stateful-set-immutable",
    name: "the service of a StatefulSet",
    before: set("1Gi"),
    after: set("1Gi", "other"),
    at: ["StatefulSet web", "spec.serviceName"],
    says: /updates to statefulset spec for fields other than .* are forbidden/,
  },
  {
    id: "service-address-immutable",
    name: "the address of a Service",
    before: service("ports: [{port: 80}]"),
    after: service("clusterIP: None, ports: [{port: 80}]"),
    at: ["Service web", "spec.clusterIP"],
    says: /spec\.clusterIPs\[0\]: Invalid value: .*may not change once set/,
  },
  {
    id: "claim-immutable",
    name: "the access mode of a claim",
    before: claim("2Gi"),
    after: claim("2Gi", "ReadWriteMany"),
    at: ["PersistentVolumeClaim data", "spec.accessModes"],
    says: /spec is immutable after creation/,
  },
  {
    id: "claim-immutable",
    name: "a claim that is to shrink",
    before: claim("2Gi"),
    after: claim("1Gi"),
    at: ["PersistentVolumeClaim data", "spec.resources.requests.storage"],
    says: /can not be less than|is immutable after creation|Forbidden/,
  },
  {
    id: "storage-class-immutable",
    name: "the provisioner of a StorageClass",
    before: storageClass("example.com/a"),
    after: storageClass("example.com/b"),
    at: ["StorageClass NS", "provisioner"],
    says: /provisioner: (Invalid value|Forbidden)/,
  },
  {
    id: "role-ref-immutable",
    name: "the role of a RoleBinding",
    before: binding("a"),
    after: binding("b"),
    at: ["RoleBinding web", "roleRef"],
    says: /cannot change roleRef/,
  },
  {
    id: "config-immutable",
    name: "an immutable ConfigMap",
    before: config("ConfigMap", "immutable: true\ndata: {a: '1'}"),
    after: config("ConfigMap", "immutable: true\ndata: {a: '2'}"),
    at: ["ConfigMap settings", "data"],
    says: /data: Forbidden: field is immutable when `immutable` is set/,
  },
  {
    id: "config-immutable",
    name: "an immutable Secret",
    before: config("Secret", "immutable: true\nstringData: {a: one}"),
    after: config("Secret", "immutable: true\nstringData: {a: two}"),
    at: ["Secret settings", "stringData"],
    says: /data: Forbidden: field is immutable when `immutable` is set/,
  },
  {
    id: "secret-type-immutable",
    name: "the type of a Secret",
    before: config("Secret", "type: example.com/a"),
    after: config("Secret", "type: example.com/b"),
    at: ["Secret settings", "type"],
    says: /type: Invalid value: .*field is immutable/,
  },
  {
    id: "pod-immutable",
    name: "the command of a Pod",
    before: barePod("a"),
    after: barePod("b"),
    at: ["Pod alone", "spec.containers"],
    says: /pod updates may not change fields other than/,
  },
  {
    id: "class-immutable",
    name: "the value of a PriorityClass",
    before: priority(1),
    after: priority(2),
    at: ["PriorityClass NS", "value"],
    says: /may not be changed in an update|field is immutable/,
  },
  {
    id: "refused-by-server",
    name: "a number of replicas below zero",
    before: workload("Deployment", "a"),
    after: workload("Deployment", "a", "replicas: -1, "),
    at: ["Deployment web", "spec.replicas"],
    says: /spec\.replicas: Invalid value: -1/,
  },
  {
    id: "refused-by-server",
    name: "a new object of an upgrade that nobody would take",
    before: config("ConfigMap", "data: {}"),
    after: `${config("ConfigMap", "data: {}")}---\n${service("ports: [{port: 0}]")}`,
    at: ["Service web", "spec.ports[0].port, spec.ports[0].targetPort"],
    says: /spec\.ports\[0\]\.port: Invalid value: 0/,
  },
  {
    id: "version-stored",
    name: "a stored version of a definition",
    before: definition(version("v1")),
    after: definition(version("v2")),
    at: ["CustomResourceDefinition things.NS.example.com", "spec.versions"],
    says: /status\.storedVersions\[0\]: Invalid value: "v1"/,
  },
  {
    id: "service-port-twice",
    name: "one port twice in a Service",
    after: service("ports: [{name: a, port: 80}, {name: b, port: 80, targetPort: 81}]"),
    at: ["Service web", "spec.ports[1]"],
    says: /spec\.ports\[1\]: Duplicate value/,
  },
  {
    id: "pod-entry-twice",
    name: "two volumes of one name",
    after: `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {app: a}}, template: ${pod("{app: a}", undefined, "volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}}], ")}}
`,
    at: ["Deployment web", "spec.template.spec.volumes[1]"],
    says: /volumes\[1\]\.name: Duplicate value: "v"/,
  },
  {
    id: "pod-entry-twice",
    name: "two mounts at one path",
    after: `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {app: a}}, template: ${pod("{app: a}", 'name: c, image: "app:1", volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /a}]', "volumes: [{name: v, emptyDir: {}}], ")}}
`,
    at: ["Deployment web", "spec.template.spec.containers[0].volumeMounts[1]"],
    says: /volumeMounts\[1\]\.mountPath: Invalid value: "\/a": must be unique/,
  },
  {
    id: "data-too-large",
    name: "a ConfigMap above 1 MiB",
    after: config("ConfigMap", `data: {a: ${'{{ repeat 1048577 "a" }}'}}`),
    at: ["ConfigMap settings", "data"],
    says: /Too long: may not be more than 1048576 bytes/,
  },
  {
    id: "annotations-too-large",
    name: "annotations above 256 KiB",
    after: `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {a: ${'{{ repeat 262145 "a" }}'}}}
`,
    at: ["ConfigMap settings", "metadata.annotations"],
    says: /annotations: Too long: may not be more than 262144 bytes/,
  },
];
