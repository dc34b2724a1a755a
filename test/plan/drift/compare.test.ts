import { describe, expect, test } from "vitest";
import { readYamlPlain } from "../../../src/base/yaml/read.ts";
import type { KubeObject } from "../../../src/kube/types.ts";
import { type CompareInput, comparable, compare, hasAdditions, patchToAsk } from "../../../src/plan/drift/compare.ts";
import type { FieldDrift, LeftOut } from "../../../src/plan/drift/types.ts";

const yaml = (text: string) => readYamlPlain(text) as KubeObject;
const since = "2026-01-01T10:00:00Z";
const later = "2026-01-01T11:00:00Z";
const earlier = "2026-01-01T09:00:00Z";

/** An entry of managedFields; the fields as FieldsV1. */
const by = (manager: string, fieldsV1: object, time = later, subresource = "") => ({
  manager,
  operation: "Update",
  time,
  fieldsV1,
  ...(subresource && { subresource }),
});

const written = (live: KubeObject, ...managedFields: object[]): KubeObject => ({
  ...live,
  metadata: { ...live.metadata, uid: "u", resourceVersion: "7", managedFields },
});

type Row = {
  name: string;
  desired: string;
  live: string;
  managed?: object[];
  pointers?: string[];
  autoscaler?: string;
  /** What the server makes of it; worked out where absent. */
  answer?: string;
  /** Set back, the items stand in the manifest's order, and a rule means another one. */
  isByIndex?: true;
  fields: Partial<FieldDrift>[];
  leftOut?: Partial<LeftOut>[];
};

const web = (image: string, more = "") => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  template:
    spec:
      containers:
      - name: web
        image: ${image}
${more}`;
const containerFields = (fields: object) => ({
  "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': fields } } } },
});
const config = (data: string, metadata = "name: a") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\ndata: ${data}\n`;

const rows: Row[] = [
  { name: "nothing", desired: web("a:1"), live: web("a:1"), fields: [] },
  {
    name: "what others add",
    desired: config("{a: b}"),
    live: config("{a: b, c: d}"),
    managed: [by("operator", { "f:data": { "f:c": {} } })],
    fields: [],
  },
  {
    name: "what people add",
    desired: config("{a: b}"),
    live: config("{a: b, c: d}"),
    managed: [by("kubectl-edit", { "f:data": { "f:c": {} } })],
    fields: [
      {
        path: "data.c",
        pointer: "/data/c",
        live: '"d"',
        writer: { manager: "kubectl-edit", operation: "Update", time: later },
      },
    ],
  },
  {
    name: "what people added before the deploy, which left it there",
    desired: config("{a: b}"),
    live: config("{a: b, c: d}"),
    managed: [by("kubectl-edit", { "f:data": { "f:c": {} } }, earlier)],
    fields: [],
  },
  {
    name: "what kubectl notes for itself",
    desired: config("{a: b}"),
    live: config("{a: b}", 'name: a, annotations: {"kubectl.kubernetes.io/restartedAt": now}'),
    managed: [
      by("kubectl-rollout", { "f:metadata": { "f:annotations": { "f:kubectl.kubernetes.io/restartedAt": {} } } }),
    ],
    fields: [],
  },
  {
    name: "a restart by kubectl, of pods that have no annotations in the manifest",
    desired: web("a:1"),
    live: web("a:1").replace(
      "template:\n",
      "template:\n    metadata: {annotations: {kubectl.kubernetes.io/restartedAt: now}}\n",
    ),
    managed: [
      by("kubectl-rollout", {
        "f:spec": {
          "f:template": { "f:metadata": { "f:annotations": { ".": {}, "f:kubectl.kubernetes.io/restartedAt": {} } } },
        },
      }),
    ],
    fields: [],
  },
  {
    name: "another image, and who set it",
    desired: web("a:1"),
    live: web("a:2"),
    managed: [
      by("helm", containerFields({ ".": {}, "f:name": {} })),
      by("kubectl-set", containerFields({ "f:image": {} })),
    ],
    fields: [
      {
        path: "spec.template.spec.containers[web].image",
        pointer: "/spec/template/spec/containers/0/image",
        recorded: '"a:1"',
        live: '"a:2"',
        writer: { manager: "kubectl-set", operation: "Update", time: later },
      },
    ],
  },
  {
    name: "a field of the manifest that a controller keeps",
    desired: web("a:1"),
    live: web("a:2"),
    managed: [by("image-updater-controller", containerFields({ "f:image": {} }))],
    fields: [],
    leftOut: [
      { path: "spec.template.spec.containers[web].image", reason: "controller", by: "image-updater-controller" },
    ],
  },
  {
    name: "of two writers the later one counts",
    desired: web("a:1"),
    live: web("a:2"),
    managed: [
      by("some-controller", containerFields({ "f:image": {} }), since),
      by("kubectl-edit", containerFields({ "f:image": {} })),
    ],
    fields: [
      { recorded: '"a:1"', live: '"a:2"', writer: { manager: "kubectl-edit", operation: "Update", time: later } },
    ],
  },
  {
    name: "a container that people added, whole",
    desired: web("a:1"),
    live: `${web("a:1")}      - name: shell\n        image: sh\n`,
    managed: [
      by("kubectl-edit", {
        "f:spec": {
          "f:template": {
            "f:spec": { "f:containers": { 'k:{"name":"shell"}': { ".": {}, "f:name": {}, "f:image": {} } } },
          },
        },
      }),
    ],
    fields: [{ path: "spec.template.spec.containers[shell]", live: '{"name":"shell","image":"sh"}' }],
  },
  {
    name: "a port that people added to a container whose image they changed, too",
    desired: web("a:1", "        ports: [{containerPort: 80, protocol: TCP}]\n"),
    live: web("a:2", "        ports: [{containerPort: 80, protocol: TCP}, {containerPort: 90, protocol: TCP}]\n"),
    managed: [
      by(
        "kubectl-edit",
        containerFields({
          "f:image": {},
          "f:ports": {
            'k:{"containerPort":90,"protocol":"TCP"}': { ".": {}, "f:containerPort": {}, "f:protocol": {} },
          },
        }),
      ),
    ],
    fields: [
      { path: "spec.template.spec.containers[web].image" },
      { path: "spec.template.spec.containers[web].ports[90]", live: '{"containerPort":90,"protocol":"TCP"}' },
    ],
  },
  {
    name: "a member of a map that is owned as a whole",
    desired: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}}\n",
    live: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a, version: '2'}}\n",
    managed: [by("kubectl-patch", { "f:spec": { "f:selector": {} } })],
    fields: [{ path: "spec.selector.version", live: '"2"' }],
  },
  {
    name: "pods that people scaled where the manifest leaves their number open",
    desired: web("a:1"),
    live: web("a:1").replace("spec:\n", "spec:\n  replicas: 5\n"),
    managed: [by("kubectl-edit", { "f:spec": { "f:replicas": {} } })],
    fields: [],
  },
  {
    name: "pods that an autoscaler scales",
    desired: web("a:1").replace("spec:\n", "spec:\n  replicas: 2\n"),
    live: web("a:1").replace("spec:\n", "spec:\n  replicas: 5\n"),
    autoscaler: "HorizontalPodAutoscaler prod/web",
    fields: [],
    leftOut: [{ path: "spec.replicas", reason: "autoscaler", by: "HorizontalPodAutoscaler prod/web" }],
  },
  {
    name: "a label taken away is nobody's",
    desired: config("{a: b}", "name: a, labels: {x: z}"),
    live: config("{a: b}"),
    managed: [by("kubectl-label", { "f:metadata": { "f:annotations": { "f:z": {} } } })],
    fields: [{ path: "metadata.labels", recorded: '{"x":"z"}' }],
  },
  {
    name: "what a rule leaves out, beside what it does not",
    desired: config("{a: b, c: d}"),
    live: config("{a: X, c: Z}"),
    pointers: ["/data/a"],
    fields: [{ path: "data.c", recorded: '"d"', live: '"Z"' }],
    leftOut: [{ path: "data.a", reason: "rule" }],
  },
  {
    name: "a rule for an item of a list, by its index in the live object",
    desired: `${web("a:1")}      - name: side\n        image: s:1\n`,
    live: web("a:2").replace("      - name: web", "      - name: side\n        image: s:2\n      - name: web"),
    pointers: ["/spec/template/spec/containers/0/image"],
    isByIndex: true,
    fields: [{ path: "spec.template.spec.containers[web].image", recorded: '"a:1"', live: '"a:2"' }],
    leftOut: [{ path: "spec.template.spec.containers[side].image", reason: "rule" }],
  },
  {
    name: "a rule for an item of a list, by its name",
    desired: `${web("a:1")}      - name: side\n        image: s:1\n`,
    live: web("a:2").replace("      - name: web", "      - name: side\n        image: s:2\n      - name: web"),
    pointers: ["/spec/template/spec/containers/[web]/image", "/spec/template/spec/containers/[other]/image"],
    fields: [{ path: "spec.template.spec.containers[side].image", recorded: '"s:1"', live: '"s:2"' }],
    leftOut: [{ path: "spec.template.spec.containers[web].image", reason: "rule" }],
  },
  {
    name: "a rule for what is not there",
    desired: config("{a: b}"),
    live: config("{a: X}"),
    pointers: ["/metadata/annotations/example.com~1a", "/spec/replicas", "/data/9/x"],
    fields: [{ path: "data.a" }],
  },
  {
    name: "quantities that the server spells otherwise, without asking it",
    desired: web("a:1", "        resources: {limits: {cpu: 1000m, memory: 1024Mi, x: 1}, requests: {cpu: 0.5}}\n"),
    live: web("a:1", "        resources: {limits: {cpu: '1', memory: 1Gi, x: '1'}, requests: {cpu: 500m}}\n"),
    fields: [],
  },
  {
    name: "another quantity",
    desired: web("a:1", "        resources: {limits: {cpu: 1000m}}\n"),
    live: web("a:1", "        resources: {limits: {cpu: 100m}}\n"),
    fields: [{ path: "spec.template.spec.containers[web].resources.limits.cpu", recorded: '"1000m"', live: '"100m"' }],
  },
  {
    name: "what the server writes otherwise",
    desired: web("a:1", "        resources: {limits: {cpu: 1000m}}\n"),
    live: web("a:1", "        resources: {limits: {cpu: '1'}}\n"),
    answer: web("a:1", "        resources: {limits: {cpu: '1'}}\n"),
    fields: [],
  },
  {
    name: "the values of a Secret are hidden",
    desired: "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {k: recorded}\n",
    live: `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: ${btoa("live")}}\n`,
    managed: [by("kubectl-edit", { "f:data": { "f:k": {} } })],
    fields: [
      {
        path: "data.k",
        recorded: "(hidden)",
        live: "(hidden)",
        writer: { manager: "kubectl-edit", operation: "Update", time: later },
      },
    ],
  },
  {
    name: "texts by their first line that differs",
    desired: config('{a: "one\\ntwo\\n"}'),
    live: config('{a: "one\\n2\\n"}'),
    fields: [{ path: "data.a", recorded: 'line 2: "two"', live: 'line 2: "2"' }],
  },
  {
    name: "another order of what has names",
    desired: web("a:1", "        env: [{name: A, value: a}, {name: B, value: $(A)}]\n"),
    live: web("a:1", "        env: [{name: B, value: $(A)}, {name: A, value: a}]\n"),
    answer: web("a:1", "        env: [{name: A, value: a}, {name: B, value: $(A)}]\n"),
    fields: [{ path: "spec.template.spec.containers[web].env" }],
  },
  {
    name: "a custom object's list as a whole",
    desired: "apiVersion: a.b/v1\nkind: Gate\nmetadata: {name: a}\nspec: {lanes: [1, 2]}\n",
    live: "apiVersion: a.b/v1\nkind: Gate\nmetadata: {name: a}\nspec: {lanes: [1, 2, 3], extra: true}\nstatus: {ok: true}\n",
    fields: [{ path: "spec.lanes", recorded: "[1,2]", live: "[1,2,3]" }],
  },
];

function inputOf({ desired, live, managed = [], pointers = [], autoscaler }: Row): CompareInput {
  return {
    desired: comparable(yaml(desired), yaml(live)),
    live: written(yaml(live), ...managed),
    since,
    pointers,
    ...(autoscaler && { autoscaler }),
  };
}

describe("what differs", () => {
  test.each(rows)("$name", (row) => {
    const input = inputOf(row);
    const { fields, leftOut } = compare(input, row.answer === undefined ? undefined : written(yaml(row.answer)));
    expect(fields).toEqual(row.fields.map((field) => expect.objectContaining(field)));
    expect(leftOut).toEqual((row.leftOut ?? []).map((one) => expect.objectContaining(one)));
    for (const [index, field] of row.fields.entries()) {
      // Where it says one side only, the other is not there.
      if (field.live !== undefined || field.recorded !== undefined) {
        expect([fields[index]?.recorded, fields[index]?.live]).toEqual([field.recorded, field.live]);
      }
    }
    // What is not asked about has nothing that differs.
    if (patchToAsk(input) === undefined && !hasAdditions(input)) expect(fields).toEqual([]);
  });

  test.each(rows.filter(({ isByIndex }) => !isByIndex))(
    "$name: what is expected has no drift, and is as live where it is left out",
    (row) => {
      const input = inputOf(row);
      const answer = row.answer === undefined ? undefined : written(yaml(row.answer));
      const { expected } = compare(input, answer);
      const again = { ...input, live: written(expected, ...(row.managed ?? [])) };
      expect(compare(again, answer === undefined ? undefined : again.live).fields).toEqual([]);
      expect(expected.metadata).not.toHaveProperty("uid");
    },
  );
});

test("an object with thousands of differences is told in part", () => {
  const data = (value: string) => Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, value]));
  const object = (value: string): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
    data: data(value),
  });
  const { fields } = compare({ desired: object("a"), live: object("b"), since, pointers: [] }, undefined);
  expect(fields.length).toBe(200);
});

test.each([
  ["not a list", { metadata: { managedFields: "x" } }],
  [
    "entries of anything",
    { metadata: { managedFields: [null, 1, "x", {}, { manager: 1 }, { manager: "kubectl-edit", fieldsV1: [] }] } },
  ],
  [
    "sets that are none",
    {
      metadata: {
        managedFields: [
          by("kubectl-edit", { "f:data": "x", "k:{": {}, "v:": {}, "f:__proto__": { "f:x": {} }, "k:[]": {} }),
        ],
      },
    },
  ],
])("managed fields that are %s say nothing", (_, { metadata }) => {
  const live = yaml(config("{a: X}"));
  const odd = { ...live, metadata: { ...live.metadata, ...(metadata as object) } } as KubeObject;
  const { fields } = compare({ desired: yaml(config("{a: b}")), live: odd, since, pointers: [] }, undefined);
  expect(fields).toEqual([expect.objectContaining({ path: "data.a" })]);
  expect(fields[0]).not.toHaveProperty("writer");
});
