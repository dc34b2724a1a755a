import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Ended, runSlipway, type World } from "./tools.ts";
import { freshName, historyOf } from "./world.ts";

const chartFile = "apiVersion: v2\nname: it\nversion: 1.0.0\n";
const settingsTemplate = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: fast, size: big}\n";

const templates: Record<string, string> = {
  "Chart.yaml": chartFile,
  "values.yaml": 'image: "web:1"\npassword: correct-horse\n',
  "templates/settings.yaml": settingsTemplate,
  "templates/kept.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\ndata: {a: b}\n",
  "templates/secret.yaml":
    "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: {{ .Values.password | quote }}}\n",
  "templates/looked.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: looked}
data: {size: {{ dig "data" "size" "none" (lookup "v1" "ConfigMap" .Release.Namespace "theirs") }}}
`,
  "templates/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: log, image: "log:1"}, {name: web, image: {{ .Values.image | quote }}}]}
`,
};

export type Desk = {
  namespace: string;
  chart: string;
  file: string;
  /** Writes a file of the chart anew. */
  edit(name: string, text: string): void;
  plan(...words: string[]): Promise<Ended>;
  deploy(...words: string[]): Promise<Ended>;
};

/** A place for a release, its chart and its plan. */
function deskIn(folder: string, world: World, more: Record<string, string> = {}): Desk {
  const namespace = freshName("saved");
  const chart = join(folder, namespace);
  const edit = (name: string, text: string) => {
    mkdirSync(dirname(join(chart, name)), { recursive: true });
    writeFileSync(join(chart, name), text);
  };
  for (const [name, text] of Object.entries({ ...templates, ...more })) edit(name, text);
  const file = join(folder, `${namespace}.json`);
  const place = ["it", chart, "-n", namespace, "--create-namespace"];
  return {
    namespace,
    chart,
    file,
    edit,
    plan: (...words) => world.slipway("plan", ...place, "--out", file, ...words),
    deploy: (...words) => world.slipway("deploy", ...place, ...words),
  };
}

const next = ["--set", "image=web:2,password=battery-staple"];
const settings = (namespace: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "settings" });
const secret = (namespace: string) => ({ ...settings(namespace), kind: "Secret", name: "db" });
const web = (namespace: string) => ({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" });
const password = (text: string) => ({ data: { password: Buffer.from(text).toString("base64") } });
const image = (name: string, tag: string) => ({
  spec: { template: { spec: { containers: [{ name, image: `${name}:${tag}` }] } } },
});

type Refusal = {
  name: string;
  /** What happens between the plan and the deploy. */
  change?: (at: Desk, world: World) => unknown;
  undo?: (at: Desk, world: World) => unknown;
  words?: string[];
  told: RegExp[];
};

const refusals: Refusal[] = [
  {
    name: "objects that were changed by hand are named with their fields",
    change: async ({ namespace }, { kube }) => {
      await kube.patch(settings(namespace), "merge", { data: { size: "small" } });
      await kube.patch(web(namespace), "strategic", image("log", "9"));
    },
    undo: async ({ namespace }, { kube }) => {
      await kube.patch(settings(namespace), "merge", { data: { size: "big" } });
      await kube.patch(web(namespace), "strategic", image("log", "1"));
    },
    told: [
      /ConfigMap \S+\/settings: data\.size was changed in the cluster/,
      /Deployment \S+\/web: spec\.template\.spec\.containers\[log\]\.image was changed in the cluster/,
    ],
  },
  {
    name: "a Secret that was changed is named, and nothing of it told",
    change: ({ namespace }, { kube }) => kube.patch(secret(namespace), "merge", password("hunter22")),
    undo: ({ namespace }, { kube }) => kube.patch(secret(namespace), "merge", password("correct-horse")),
    told: [/Secret \S+\/db was changed in the cluster/],
  },
  {
    name: "an object that was created is named",
    change: ({ namespace }, { kube }) => {
      const annotations = { "meta.helm.sh/release-name": "it", "meta.helm.sh/release-namespace": namespace };
      const metadata = { name: "new", namespace, annotations, labels: { "app.kubernetes.io/managed-by": "Helm" } };
      return kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
    },
    undo: ({ namespace }, { kube }) => kube.delete({ ...settings(namespace), name: "new" }),
    told: [/ConfigMap \S+\/new was created in the cluster/],
  },
  {
    name: "other values are told by what they render otherwise",
    words: ["--set", "image=web:3,password=battery-staple"],
    told: [
      /the values are not those of the plan/,
      /Deployment \S+\/web: spec\.template\.spec\.containers\[web\]\.image is rendered otherwise/,
    ],
  },
  {
    name: "of a value that reaches a Secret alone the Secret is named",
    words: ["--set", "image=web:2,password=hunter22"],
    told: [/the values are not those of the plan/, /Secret \S+\/db is rendered otherwise/],
  },
  {
    name: "another chart is told by its files",
    change: ({ edit }) => edit("templates/settings.yaml", settingsTemplate.replace("fast", "slow")),
    undo: ({ edit }) => edit("templates/settings.yaml", settingsTemplate),
    words: next,
    told: [
      /chart it 1\.0\.0: templates\/settings\.yaml was changed/,
      /ConfigMap \S+\/settings: data\.mode is rendered otherwise/,
    ],
  },
  {
    name: "another version of the chart is told",
    change: ({ edit }) => edit("Chart.yaml", chartFile.replace("1.0.0", "1.1.0")),
    undo: ({ edit }) => edit("Chart.yaml", chartFile),
    told: [/made from chart it 1\.0\.0, not from chart it 1\.1\.0/],
  },
  {
    name: "other options are told by their flags",
    words: [...next, "--take-ownership", "--helm", "3"],
    told: [/with --take-ownership=false, not with true/, /with --helm=4, not with 3/],
  },
  {
    name: "what a template looks up is said to be the reason",
    change: ({ namespace }, { kube }) => {
      const metadata = { name: "theirs", namespace };
      return kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { size: "huge" } });
    },
    undo: ({ namespace }, { kube }) => kube.delete({ ...settings(namespace), name: "theirs" }),
    told: [/ConfigMap \S+\/looked: data\.size is rendered otherwise/, /what it looks up in the cluster/],
  },
];

/** What is saved is carried out where all is as it was, and refused where anything is not, by the name of what it is. */
export function savedPlanStories(world: () => World): void {
  const folder = mkdtempSync(join(tmpdir(), "slipway-saved-plan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe("a saved upgrade", () => {
    let at: Desk;
    beforeAll(async () => {
      at = deskIn(folder, world());
      expect(await at.deploy()).toMatchObject({ code: 0, err: "" });
      rmSync(join(at.chart, "templates/kept.yaml"));
      at.edit("templates/new.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n");
      expect(await at.plan(...next)).toMatchObject({ code: 0, err: expect.stringContaining(at.file) });
    }, 120_000);

    test("is kept for its owner alone, without a value", () => {
      expect(statSync(at.file).mode & 0o777).toBe(0o600);
      expect(readFileSync(at.file, "utf8")).not.toMatch(/correct-horse|battery-staple|web:2|fast|Y29ycmVjd|YmF0dGVye/);
    });

    test.each(refusals)("$name", async ({ change, undo, words = next, told }) => {
      await change?.(at, world());
      const refused = await at.deploy("--plan", at.file, ...words);
      await undo?.(at, world());
      expect(refused.err).toContain("(PLAN_CHANGED)");
      for (const text of told) expect(refused.err).toMatch(text);
      expect(refused.code).toBe(1);
      expect(refused.out + refused.err).not.toMatch(/correct-horse|battery-staple|hunter22|aHVudGVyMjI/);
      expect(await historyOf(world(), "it", at.namespace)).toHaveLength(1);
    });

    test("of another release or namespace is refused before anything is made", async () => {
      const elsewhere = freshName("elsewhere");
      const words = [at.chart, "-n", elsewhere, "--create-namespace", "--plan", at.file, ...next];
      const refused = await world().slipway("deploy", "other", ...words);
      expect(refused.err).toMatch(/is for release it, not for other/);
      expect(refused.err).toMatch(new RegExp(`not for ${elsewhere}`));
      expect(await world().kube.get({ apiVersion: "v1", kind: "Namespace", name: elsewhere })).toBeUndefined();
    });

    test("of another cluster is refused, by nothing else", async () => {
      const other = await startSandbox();
      try {
        const words = ["deploy", "it", at.chart, "-n", at.namespace, "--create-namespace", "--plan", at.file, ...next];
        const refused = await runSlipway([...words, "--kubeconfig", other.kubeconfig]);
        expect(refused.err).toMatch(/the plan is for the cluster at \S+, and that at \S+ is another \(PLAN_CHANGED\)/);
        expect(refused.err).not.toContain(other.token);
      } finally {
        await other.close();
      }
    });

    test("that was edited is refused", async () => {
      const kept = readFileSync(at.file, "utf8");
      const edited = join(folder, "edited.json");
      writeFileSync(edited, kept.replace('"revision": 2', '"revision": 3'));
      const refused = await at.deploy("--plan", edited, ...next);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("(PLAN_INVALID)") });
    });

    test("is carried out where all is as it was, and once", async () => {
      // It is kept, so that others may go on with it.
      await world().kube.patch({ ...settings(at.namespace), name: "kept" }, "merge", { data: { a: "c" } });
      expect(await at.deploy("--plan", at.file, ...next)).toMatchObject({ code: 0, err: "" });
      expect(JSON.stringify(await world().kube.get(web(at.namespace)))).toContain("web:2");
      const history = await historyOf(world(), "it", at.namespace);
      expect(history).toMatchObject([{ revision: 1 }, { revision: 2, status: "deployed" }]);
      const again = await at.deploy("--plan", at.file, ...next);
      expect(again.err).toMatch(/newest revision is not revision 1 \(deployed\) any more, but revision 2 \(deployed\)/);
    });
  });

  test("a saved first install makes its namespace", async () => {
    const at = deskIn(folder, world());
    expect((await at.plan("--exit-code")).code).toBe(2);
    expect(await at.deploy("--plan", at.file)).toMatchObject({ code: 0, err: "" });
    expect(await world().kube.get(web(at.namespace))).toBeDefined();
  });

  test("what rendering warns of is told once, though a plan that is saved is rendered twice", async () => {
    const at = deskIn(folder, world(), { "values.yaml": 'image: "web:1"\npassword: p\nlist: x\n' });
    const { code, out } = await at.plan("--set", "list.a=1");
    expect(code).toBe(0);
    expect(out.match(/Not a table/g)).toHaveLength(1);
  });

  test("a chart that renders something new each time has its plan shown, not saved", async () => {
    const random = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: random}\ndata: {id: {{ randAlphaNum 20 }}}\n";
    const at = deskIn(folder, world(), { "templates/random.yaml": random });
    const planned = await at.plan();
    expect(planned).toMatchObject({ code: 1, out: expect.stringContaining("+ Deployment") });
    expect(planned.err).toMatch(/ConfigMap random: data\.id is new at each rendering \(PLAN_UNREPEATABLE\)/);
    expect(statSync(at.file, { throwIfNoEntry: false })).toBeUndefined();
  });
}
