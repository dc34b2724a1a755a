import { describe, expect, test } from "vitest";
import { objectKey, refOf } from "../../src/kube/ref.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import { withOwner } from "../../src/plan/ownership.ts";
import { type PlanInput, planChanges } from "../../src/plan/planner.ts";

const owner = { release: "shop", namespace: "prod" };

const object = (kind: string, name: string, fields: Record<string, unknown> = {}): KubeObject => {
  const { annotations, labels, ...rest } = fields as {
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  const metadata = { name, namespace: "prod", ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}) };
  return { apiVersion: kind === "Deployment" ? "apps/v1" : "v1", kind, metadata, ...rest };
};
const settings = (data: Record<string, string>, extra = {}) => object("ConfigMap", "settings", { data, ...extra });
const ours = (found: KubeObject) => withOwner(found, owner);

function planOf(input: {
  desired?: KubeObject[];
  recorded?: KubeObject[][];
  live?: KubeObject[];
  takeOwnership?: boolean;
  method?: PlanInput["method"];
}) {
  const wrap = (objects: KubeObject[]) =>
    objects.map((found) => ({ object: found, source: "shop/templates/all.yaml" }));
  return planChanges({
    owner,
    desired: wrap(input.desired ?? []),
    recorded: (input.recorded ?? []).map((objects, index) => ({ objects: wrap(objects), succeeded: index === 0 })),
    live: new Map((input.live ?? []).map((found) => [objectKey(refOf(found)), found])),
    method: input.method ?? "csa",
    takeOwnership: input.takeOwnership ?? false,
  });
}

type Row = { name: string; input: Parameters<typeof planOf>[0]; actions: string[]; body?: unknown };

const rows: Row[] = [
  { name: "what is missing is created", input: { desired: [settings({ a: "1" })] }, actions: ["create ConfigMap"] },
  {
    name: "what is the same stays",
    input: { desired: [settings({ a: "1" })], recorded: [[settings({ a: "1" })]], live: [ours(settings({ a: "1" }))] },
    actions: ["nothing ConfigMap"],
  },
  {
    name: "a value that the chart changed",
    input: { desired: [settings({ a: "2" })], recorded: [[settings({ a: "1" })]], live: [ours(settings({ a: "1" }))] },
    actions: ["change ConfigMap"],
    body: { data: { a: "2" } },
  },
  {
    name: "a value that somebody else changed comes back",
    input: { desired: [settings({ a: "1" })], recorded: [[settings({ a: "1" })]], live: [ours(settings({ a: "9" }))] },
    actions: ["change ConfigMap"],
    body: { data: { a: "1" } },
  },
  {
    name: "a value that somebody else added stays",
    input: {
      desired: [settings({ a: "1" })],
      recorded: [[settings({ a: "1" })]],
      live: [ours(settings({ a: "1", b: "2" }))],
    },
    actions: ["nothing ConfigMap"],
  },
  {
    name: "a value that the chart dropped is taken away",
    input: {
      desired: [settings({ a: "1" })],
      recorded: [[settings({ a: "1", b: "2" })]],
      live: [ours(settings({ a: "1", b: "2" }))],
    },
    actions: ["change ConfigMap"],
    body: { data: { b: null } },
  },
  {
    name: "a value that only a failed revision had is taken away",
    input: {
      desired: [settings({ a: "1" })],
      recorded: [[settings({ a: "1" })], [settings({ a: "1", c: "3" })]],
      live: [ours(settings({ a: "1", c: "3" }))],
    },
    actions: ["change ConfigMap"],
    body: { data: { c: null } },
  },
  {
    name: "what the chart no longer has is deleted, after the rest, in Helm's order",
    input: {
      desired: [settings({})],
      recorded: [[settings({}), object("Secret", "key"), object("Deployment", "web"), object("Service", "web")]],
      live: [
        ours(settings({})),
        ours(object("Secret", "key")),
        ours(object("Deployment", "web")),
        ours(object("Service", "web")),
      ],
    },
    actions: ["nothing ConfigMap", "delete Service", "delete Deployment", "delete Secret"],
  },
  {
    name: "what only a failed revision added is deleted",
    input: { recorded: [[], [object("Secret", "key")]], live: [ours(object("Secret", "key"))] },
    actions: ["delete Secret"],
  },
  {
    name: "what is gone already needs no deletion",
    input: { recorded: [[object("Secret", "key")]] },
    actions: [],
  },
  {
    name: "what asks to be kept is kept",
    input: {
      recorded: [[object("Secret", "key", { annotations: { "helm.sh/resource-policy": "keep" } })]],
      live: [ours(object("Secret", "key"))],
    },
    actions: ["keep Secret"],
  },
  {
    name: "what somebody marked to be kept in the cluster is kept",
    input: {
      recorded: [[object("Secret", "key")]],
      live: [ours(object("Secret", "key", { annotations: { "helm.sh/resource-policy": "keep" } }))],
    },
    actions: ["keep Secret"],
  },
  {
    name: "what another release has taken over is not deleted",
    input: {
      recorded: [[object("Secret", "key")]],
      live: [withOwner(object("Secret", "key"), { release: "other", namespace: "prod" })],
    },
    actions: ["keep Secret"],
  },
  {
    name: "an object of nobody is taken over when that is asked",
    input: { desired: [settings({ a: "1" })], live: [settings({ a: "1" })], takeOwnership: true },
    actions: ["adopt ConfigMap"],
  },
  {
    name: "an object that is being deleted is created anew",
    input: {
      desired: [settings({})],
      recorded: [[settings({})]],
      live: [
        {
          ...ours(settings({})),
          metadata: { ...ours(settings({})).metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
        },
      ],
    },
    actions: ["create ConfigMap"],
  },
];

test.each(rows)("$name", ({ input, actions, body }) => {
  const changes = planOf(input);
  expect(changes.map(({ action, ref }) => `${action} ${ref.kind}`)).toEqual(actions);
  if (body !== undefined) expect(changes[0]?.patch?.body).toEqual(body);
});

describe("what is not the release's", () => {
  test.each([
    [
      "another release's",
      withOwner(settings({}), { release: "other", namespace: "prod" }),
      /belongs to release other in namespace prod/,
    ],
    ["nobody's", settings({}), /belongs to no release/],
    ["a tool's", settings({}, { labels: { "app.kubernetes.io/managed-by": "argo" } }), /managed by argo/],
  ])("%s object is refused", (_, live, message) => {
    expect(() => planOf({ desired: [settings({ a: "1" })], live: [live] })).toThrow(message);
  });

  test("all of them are named at once", () => {
    const desired = [settings({}), object("Secret", "key")];
    expect(() => planOf({ desired, live: desired })).toThrow(
      expect.objectContaining({
        code: "PLAN_OWNED_BY_OTHER",
        detail: expect.stringMatching(/ConfigMap prod\/settings.*\nSecret prod\/key/),
      }),
    );
  });
});

test("a Secret's values are not in the operations", () => {
  const secret = (value: string) => object("Secret", "key", { data: { password: value } });
  const [change] = planOf({ desired: [secret("bmV3")], recorded: [[secret("b2xk")]], live: [ours(secret("b2xk"))] });
  expect(change?.operations).toEqual([{ op: "replace", path: "/data/password", value: "(changed)" }]);
});

test("server-side apply sends the whole object, a new one as well", () => {
  const changes = planOf({
    desired: [settings({ a: "1" }), object("Secret", "key")],
    recorded: [[settings({})]],
    live: [ours(settings({}))],
    method: "ssa",
  });
  expect(changes.map(({ action, patch }) => [action, patch?.type])).toEqual([
    ["change", "apply"],
    ["create", "apply"],
  ]);
});
