import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { runAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-annotations-"));
const bundle = join(folder, "action.js");
const workspace = join(folder, "repository");
const chart = join(workspace, "deploy/shop");
let sandbox: Sandbox;

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
  sandbox = await startSandbox({ podStartMs: 10 });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(workspace, { recursive: true, force: true });
  cpSync("examples/shop", chart, { recursive: true });
});

async function annotations(inputs: Record<string, string>): Promise<string[]> {
  const common = {
    kubeconfig: sandbox.kubeconfig,
    command: "plan",
    release: "shop",
    chart: "deploy/shop",
    namespace: "files",
    "create-namespace": "true",
  };
  const { stdout } = await runAction({
    bundle,
    cwd: workspace,
    inputs: { ...common, ...inputs },
    workflow: { GITHUB_WORKSPACE: workspace },
  });
  return stdout.split("\n").filter((line) => /^::(error|warning|notice)/.test(line));
}

test("values that the schema refuses, at the lines that set them", async () => {
  const schema = { properties: { replicas: { type: "integer" }, image: { properties: { tag: { type: "string" } } } } };
  writeFileSync(join(chart, "values.schema.json"), JSON.stringify(schema));
  writeFileSync(join(workspace, "production.yaml"), "image:\n  tag: 1.5\n");
  const one = await annotations({ "values-files": "production.yaml" });
  expect(one).toHaveLength(1);
  expect(one[0]).toMatch(/^::error title=shop was not planned,file=production\.yaml,line=2,col=3::/);
  expect(one[0]).toContain("at '/image/tag': got number, want string");
  const several = await annotations({ "values-files": "production.yaml", values: "replicas: many" });
  expect(several).toEqual([
    expect.stringMatching(/^::error title=shop was not planned::/),
    expect.stringMatching(
      /^::error title=Refused by the chart's schema,file=production\.yaml,line=2,col=3::at '\/image\/tag'/,
    ),
  ]);
});

test("a template that can't be rendered, at its place", async () => {
  writeFileSync(join(chart, "templates/extra.yaml"), "kind: ConfigMap\ndata: {{ .Vlaues.a }}\n");
  expect(await annotations({})).toEqual([
    expect.stringMatching(
      /^::error title=shop was not planned,file=deploy\/shop\/templates\/extra\.yaml,line=2,col=17::Cannot render/,
    ),
  ]);
});

test("what the cluster does not know, and what the chart has twice, at their templates", async () => {
  const object = (kind: string, name: string) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
  writeFileSync(join(chart, "templates/extra.yaml"), object("Foo", "x"));
  expect(await annotations({})).toEqual([
    expect.stringMatching(
      /^::error title=shop was not planned,file=deploy\/shop\/templates\/extra\.yaml,line=1::The cluster does not know the kind Foo \(v1\) in [^%]*%0ANothing was changed/,
    ),
  ]);
  writeFileSync(join(chart, "templates/extra.yaml"), object("ConfigMap", "shop-settings"));
  expect(await annotations({})).toEqual([
    expect.stringMatching(/^::error title=shop was not planned::The chart has ConfigMap files\/shop-settings twice/),
    expect.stringMatching(/^::error title=Twice in the chart,file=deploy\/shop\/templates\/configmap\.yaml,line=1::/),
    expect.stringMatching(/^::error title=Twice in the chart,file=deploy\/shop\/templates\/extra\.yaml,line=1::/),
  ]);
});

test("a file of values that is no YAML, at its place", async () => {
  writeFileSync(join(workspace, "production.yaml"), "a: 1\nb: c: d\n");
  expect(await annotations({ "values-files": "production.yaml" })).toEqual([
    expect.stringMatching(/^::error title=shop was not planned,file=production\.yaml,line=2,col=5::Cannot read values/),
  ]);
});

test("what the API server refuses, at the field in the template", async () => {
  await annotations({ command: "deploy" });
  expect(await annotations({ command: "deploy", set: "replicas=-1" })).toEqual([
    expect.stringMatching(
      /^::error title=shop was not deployed,file=deploy\/shop\/templates\/deployment\.yaml,line=8::The API server refuses Deployment files\/shop-web/,
    ),
  ]);
});

test("what a plan warns of, at the field in the template", async () => {
  const twin =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: twin\nspec:\n  containers:\n    - name: a\n      image: a:1\n      env:\n        - { name: A, value: a }\n        - { name: A, value: b }\n";
  writeFileSync(join(chart, "templates/twin.yaml"), twin);
  expect(await annotations({})).toEqual([
    expect.stringMatching(
      /^::warning title=Warning%3A variable-twice,file=deploy\/shop\/templates\/twin\.yaml,line=9::.*\bA\b/,
    ),
  ]);
});
