import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSlipway, type World } from "./tools.ts";
import { freshName, shop } from "./world.ts";

type Case = {
  name: string;
  /** Behind `slipway`; `folder` holds the charts and files that `prepare` made. */
  words: (folder: string, namespace: string) => string[];
  prepare?: (folder: string) => void;
  code: string;
  /** What the message, the place and the hint have to say. */
  says: RegExp[];
};

const deploy =
  (chart: string, ...more: string[]) =>
  (folder: string, namespace: string) => [
    "deploy",
    "shop",
    chart.startsWith("/") ? chart : join(folder, chart),
    "-n",
    namespace,
    ...more.map((word) => word.replace("FOLDER", folder)),
  ];

function chartWith(folder: string, name: string, template: string): void {
  mkdirSync(join(folder, name, "templates"), { recursive: true });
  writeFileSync(join(folder, name, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
  writeFileSync(join(folder, name, "templates", "object.yaml"), template);
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";

const cases: Case[] = [
  { name: "no such chart", words: deploy("absent"), code: "CHART_NOT_FOUND", says: [/absent/] },
  {
    name: "a chart without Chart.yaml",
    prepare: (folder) => mkdirSync(join(folder, "bare")),
    words: deploy("bare"),
    code: "CHART_INVALID",
    says: [/Chart\.yaml/],
  },
  {
    name: "broken YAML in values",
    prepare: (folder) => writeFileSync(join(folder, "broken.yaml"), "image:\n  tag: 1\n bad: [\n"),
    words: deploy(shop, "-f", "FOLDER/broken.yaml"),
    code: "YAML_INVALID",
    says: [/broken\.yaml:\d+/],
  },
  {
    name: "a template error",
    prepare: (folder) => chartWith(folder, "failing", `${configMap}data:\n  a: {{ .Values.image.tag }}\n`),
    words: deploy("failing"),
    code: "TEMPLATE_EXEC",
    says: [/failing\/templates\/object\.yaml:6:\d+/, /a: \{\{ \.Values\.image\.tag \}\}\n[ |]+\^/, /\.Values\.image/],
  },
  {
    name: "an unknown function",
    prepare: (folder) => chartWith(folder, "misspelt", `${configMap}data:\n  a: {{ .Values.x | quotee }}\n`),
    words: deploy("misspelt"),
    code: "TEMPLATE_PARSE",
    says: [/function "quotee" not defined/, /quote\b/, /object\.yaml:6/],
  },
  {
    name: "a manifest without kind",
    prepare: (folder) => chartWith(folder, "kindless", "apiVersion: v1\nmetadata:\n  name: settings\n"),
    words: deploy("kindless"),
    code: "RENDER_INVALID_MANIFEST",
    says: [/kindless\/templates\/object\.yaml/, /kind/],
  },
  {
    name: "a kind that the cluster does not know",
    prepare: (folder) =>
      chartWith(folder, "unknown", "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: one\n"),
    words: deploy("unknown"),
    code: "PLAN_UNKNOWN_KIND",
    says: [/Widget/, /unknown\/templates\/object\.yaml/, /api-resources/],
  },
  {
    name: "an unknown flag",
    words: deploy(shop, "--vales", "x"),
    code: "INPUT_UNKNOWN",
    says: [/--vales/, /Did you mean --values/],
  },
  {
    name: "an unknown command",
    words: () => ["deplyo", "shop"],
    code: "INPUT_UNKNOWN",
    says: [/Did you mean slipway deploy/],
  },
  {
    name: "a value that is no duration",
    words: deploy(shop, "--timeout", "soon"),
    code: "INPUT_INVALID",
    says: [/--timeout/, /5m/],
  },
  {
    name: "too few arguments",
    words: () => ["deploy", "shop"],
    code: "INPUT_INVALID",
    says: [/needs a name and a chart/, /Write NAME CHART/],
  },
];

/** Bad input gets a clear error, and the cluster stays as it was. */
export function badInputStories(world: () => World): void {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-bad-"));
    for (const { prepare } of cases) prepare?.(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(cases)("$name", async ({ words, code, says }) => {
    const namespace = await makeNamespace();
    const ended = await world().slipway(...words(folder, namespace));
    expect(ended.code).toBe(1);
    expect(ended.err.split("\n")[0]).toMatch(new RegExp(`^Error: .*\\(${code}\\)$`));
    for (const expected of says) expect(ended.err).toMatch(expected);
    await expectUntouched(namespace);
  });

  test("an object owned by another release", async () => {
    const namespace = await makeNamespace();
    chartWith(folder, "first", configMap);
    cpSync(join(folder, "first"), join(folder, "second"), { recursive: true });
    expect((await world().slipway("deploy", "first", join(folder, "first"), "-n", namespace)).code).toBe(0);
    const ended = await world().slipway("deploy", "second", join(folder, "second"), "-n", namespace);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(
      /^Error: .*ConfigMap \S+\/settings belongs to release first in namespace \S+ \(PLAN_OWNED_BY_OTHER\)/,
    );
    expect(ended.err).toContain("--take-ownership");
    expect((await world().slipway("list", "-n", namespace, "-q")).out).toBe("first\n");
    expect(
      (await world().slipway("deploy", "second", join(folder, "second"), "-n", namespace, "--take-ownership")).code,
    ).toBe(0);
  });

  test("a namespace that is missing", async () => {
    const namespace = freshName("absent");
    const ended = await world().slipway("deploy", "shop", shop, "-n", namespace);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^Error: There is no namespace .*\(KUBE_NOT_FOUND\)\n.*--create-namespace/s);
  });

  test("no cluster", async () => {
    const ended = await runSlipway([
      "deploy",
      "shop",
      shop,
      "--kube-apiserver",
      "http://127.0.0.1:1",
      "--kube-token",
      "x",
    ]);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^Error: .*127\.0\.0\.1:1.*\(KUBE_UNREACHABLE\)/);
  });

  test("a bad kubeconfig", async () => {
    const path = join(folder, "kubeconfig");
    writeFileSync(path, "clusters: [\n");
    const ended = await runSlipway(["deploy", "shop", shop, "--kubeconfig", path]);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^Error: .*\(KUBE_CONFIG\)/);
    expect(ended.err).toContain(path);
  });

  async function makeNamespace(): Promise<string> {
    const name = freshName("bad");
    await world().kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    return name;
  }

  async function expectUntouched(namespace: string): Promise<void> {
    const { kube } = world();
    const lists = [
      await kube.list("v1", "Secret", { namespace }),
      await kube.list("apps/v1", "Deployment", { namespace }),
      await kube.list("coordination.k8s.io/v1", "Lease", { namespace }),
    ];
    expect(lists.flatMap(({ items }) => items.map((item) => item.metadata.name))).toEqual([]);
  }
}
