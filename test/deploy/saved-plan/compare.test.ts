import { describe, expect, test } from "vitest";
import type { Basis, BasisObject } from "../../../src/deploy/saved-plan/basis.ts";
import { differencesFrom } from "../../../src/deploy/saved-plan/compare.ts";
import { savePlan } from "../../../src/deploy/saved-plan/save.ts";
import type { KubeObject } from "../../../src/kube/types.ts";

const clock = { now: () => 0, delay: async () => {} };

const object = (kind: string, name: string, fields: Record<string, unknown> = {}): KubeObject => {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: "v1",
    kind,
    metadata: { name, namespace: "prod", uid: `uid-${name}`, ...(metadata as object) },
    ...rest,
  };
};
const settings = (size: string, more = {}) =>
  object("ConfigMap", "settings", { data: { mode: "fast", size }, ...more });
const secret = (password: string) => object("Secret", "db", { data: { password } });
const entry = (desired: KubeObject | undefined, live: KubeObject | undefined): BasisObject => {
  const { kind, metadata } = (desired ?? live) as KubeObject;
  return {
    role: "object",
    action: live ? "change" : "create",
    ref: { apiVersion: "v1", kind, namespace: "prod", name: metadata.name },
    ...(desired && { desired }),
    ...(live && { live }),
  };
};

function basis(changed: Partial<Basis> = {}): Basis {
  return {
    plan: {
      release: "shop",
      namespace: "prod",
      revision: 3,
      changes: [],
      createNamespace: false,
      warnings: [],
      hazards: [],
    },
    last: { revision: 2, status: "deployed" },
    cluster: { server: "https://k.example/clusters/a", uid: "system" },
    options: { helm: "4" },
    chart: {
      metadata: { apiVersion: "v2", name: "shop", version: "1.0.0" },
      templates: [],
      files: [],
      raw: [{ name: "Chart.yaml", data: Buffer.from("a") }],
      values: new Map(),
      dependencies: [],
      origin: "shop",
    },
    objects: [entry(settings("big"), settings("big")), entry(secret("b2xk"), secret("b2xk"))],
    values: { a: 1 },
    rendered: ["a"],
    recorded: ["a"],
    ...changed,
  };
}

const moved = (cluster: Partial<Basis["cluster"]>) => {
  const server = "https://k.example/clusters/a";
  return basis({ cluster: { server, ...cluster } });
};
const withObjects = (...objects: BasisObject[]) => basis({ objects });
const database = entry(secret("b2xk"), secret("b2xk"));

type Row = { name: string; planned?: Basis; now: Basis; lines: (string | RegExp)[] };

const rows: Row[] = [
  { name: "nothing", now: basis(), lines: [] },
  { name: "another address of the same cluster", now: moved({ server: "https://other", uid: "system" }), lines: [] },
  {
    name: "another cluster behind one address, and nothing more",
    now: basis({ cluster: { server: "https://k.example/clusters/a", uid: "x" }, values: { a: 2 } }),
    lines: [/^the plan is for the cluster at https:\/\/k\.example, and that at https:\/\/k\.example is another$/],
  },
  {
    name: "another address, where the cluster can't be told by more",
    now: moved({ server: "https://k.example/clusters/b" }),
    lines: [/^the plan is for the cluster at/],
  },
  { name: "the same address, where it can't be told by more", now: moved({}), lines: [] },
  {
    name: "another status of the newest revision",
    now: basis({ last: { revision: 2, status: "failed" } }),
    lines: ["the newest revision is not revision 2 (deployed) any more, but revision 2 (failed)"],
  },
  {
    name: "records that were changed",
    now: basis({ recorded: ["b"] }),
    lines: [/^what the cluster has is not the same/],
  },
  {
    name: "a namespace that was made",
    planned: basis({ plan: { ...basis().plan, createNamespace: true } }),
    now: basis(),
    lines: ["the namespace prod was created since"],
  },
  { name: "values", now: basis({ values: { a: 2 } }), lines: ["the values are not those of the plan"] },
  {
    name: "what no object shows of what is rendered",
    now: basis({ rendered: ["b"] }),
    lines: ["what the chart renders is not the same"],
  },
  {
    name: "files of the chart",
    now: basis({ chart: { ...basis().chart, raw: [{ name: "x.yaml", data: Buffer.from("a") }] } }),
    lines: ["chart shop 1.0.0: Chart.yaml is gone", "chart shop 1.0.0: x.yaml is new"],
  },
  {
    name: "what was to be kept and is to be deleted now",
    planned: withObjects({ ...entry(undefined, settings("big")), action: "keep" }),
    now: withObjects({ ...entry(undefined, settings("big")), action: "delete" }),
    lines: ["ConfigMap prod/settings was planned as keep, and is delete now"],
  },
  {
    name: "an object that the chart has now, and the cluster had before",
    now: withObjects(...basis().objects, entry(object("ConfigMap", "more"), object("ConfigMap", "more"))),
    lines: ["ConfigMap prod/more is new in what the chart renders"],
  },
  {
    name: "not the plan's own file, where it lies in the chart's folder",
    now: basis({
      chart: {
        ...basis().chart,
        raw: [...basis().chart.raw, { name: "plan.json", data: Buffer.from('{\n "format": "slipway-plan",\n') }],
      },
    }),
    lines: [],
  },
  {
    name: "a live field",
    now: withObjects(entry(settings("big"), settings("small")), database),
    lines: ["ConfigMap prod/settings: data.size was changed in the cluster"],
  },
  {
    name: "an object of the same name that is another",
    now: withObjects(entry(settings("big"), settings("big", { metadata: { uid: "new" } })), database),
    lines: ["ConfigMap prod/settings was deleted from the cluster and created anew"],
  },
  {
    name: "an object that is gone",
    now: withObjects(entry(settings("big"), undefined), database),
    lines: ["ConfigMap prod/settings was deleted from the cluster"],
  },
  {
    name: "an object that the chart has no more",
    now: withObjects(entry(undefined, settings("big")), database),
    lines: ["ConfigMap prod/settings is no longer in what the chart renders"],
  },
  {
    name: "a live Secret, as a whole",
    now: withObjects(entry(settings("big"), settings("big")), entry(secret("b2xk"), secret("bmV3"))),
    lines: ["Secret prod/db was changed in the cluster"],
  },
  {
    name: "a rendered Secret, as a whole",
    now: withObjects(entry(settings("big"), settings("big")), entry(secret("bmV3"), secret("b2xk"))),
    lines: ["Secret prod/db is rendered otherwise"],
  },
  {
    name: "not what the server and the controllers write",
    now: withObjects(
      entry(
        settings("big"),
        settings("big", {
          status: { a: 1 },
          metadata: {
            resourceVersion: "9",
            generation: 4,
            managedFields: [{}],
            annotations: { "deployment.kubernetes.io/revision": "4" },
          },
        }),
      ),
      database,
    ),
    lines: [],
  },
  {
    name: "more fields than are worth naming",
    now: withObjects(
      entry(
        settings("big"),
        settings("big", { data: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, "1"])) }),
      ),
      database,
    ),
    lines: [
      ...Array.from({ length: 10 }, () => /was changed in the cluster$/),
      "ConfigMap prod/settings: 22 more fields",
    ],
  },
];

describe("what is not as it was", () => {
  const first = savePlan(basis(), clock, () => false);
  test.each(rows)("$name", async ({ planned, now, lines }) => {
    const saved = await (planned ? savePlan(planned, clock, () => false) : first);
    const found = await differencesFrom(saved, now);
    expect(found.lines).toEqual(lines.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))));
  });
});

test("a file has no value, no long hash of one, and of a masked one none at all", async () => {
  const masked = withObjects(entry(settings("s3cret-token"), settings("s3cret-token")), database);
  const saved = await savePlan(masked, clock, (text) => text.includes("s3cret"));
  const text = JSON.stringify(saved.objects);
  expect(text).not.toMatch(/fast|s3cret|b2xk|[0-9a-f]{5}/);
  expect(saved.objects[0]?.live).toMatchObject({ data: { size: "*", mode: expect.stringMatching(/^[0-9a-f]{4}$/) } });
  expect(saved.objects[1]?.desired).toMatch(/^[0-9a-f]{4}$/);
  expect(JSON.stringify(saved)).not.toContain("/clusters/a");
  // It still counts.
  const other = withObjects(entry(settings("s3cret-other"), settings("s3cret-token")), database);
  expect((await differencesFrom(saved, other)).lines).toEqual(["what the chart renders is not the same"]);
});

test("two files of one plan have no hash in common", async () => {
  const [one, two] = await Promise.all([savePlan(basis(), clock, () => false), savePlan(basis(), clock, () => false)]);
  expect(one.salt).not.toBe(two.salt);
  for (const field of ["values", "rendered", "seen"] as const) expect(one[field]).not.toBe(two[field]);
});
