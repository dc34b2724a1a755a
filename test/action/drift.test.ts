import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { forbidden } from "../github/faults.ts";
import { makeWorld, type World } from "../scenarios/tools.ts";
import { shop } from "../scenarios/world.ts";
import { runAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-action-drift-"));
const bundle = join(folder, "action.js");
let sandbox: Sandbox;
let world: World;
let github: FakeGithub;
const settings = { apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name: "shop-settings" };
// What somebody writes goes into the issue: none of it may be taken for markup.
const nasty = "</details>|<img src=x>@everyone ![a](https://evil.example/a)";

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
  sandbox = await startSandbox({ podStartMs: 10 });
  world = await makeWorld(sandbox.kubeconfig);
  expect(await world.slipway("deploy", "shop", shop, "-n", "prod", "--create-namespace")).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  world.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  github = new FakeGithub();
  await github.start();
});
afterEach(() => github.close());

function run(inputs: Record<string, string> = {}) {
  const workflow = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "o/r",
    GITHUB_RUN_ID: "12",
    GITHUB_WORKFLOW: "Drift",
    GITHUB_JOB: "drift",
  };
  const common = { command: "drift", namespace: "prod", "github-token": "a-token-of-the-run" };
  return runAction({ bundle, inputs: { kubeconfig: sandbox.kubeconfig, ...common, ...inputs }, workflow });
}

/** Somebody edits a ConfigMap. */
async function change(): Promise<void> {
  const data = Object.fromEntries([[await firstKey(), nasty]]);
  await world.kube.patch(settings, "merge", { data }, { fieldManager: "kubectl-edit" });
}

async function firstKey(): Promise<string> {
  const live = await world.kube.get(settings);
  return Object.keys((live?.["data"] ?? {}) as object)[0] ?? "";
}

test("what differs is told, kept in one issue, set back, and the issue is closed", async () => {
  const clean = await run({ "fail-on-drift": "true" });
  expect(clean).toMatchObject({ code: 0, outputs: { drifted: "false", corrected: "0", status: "clean" } });
  expect(github.issues).toEqual([]);

  await change();
  const told = await run({ "fail-on-drift": "true" });
  expect(told).toMatchObject({
    code: 1,
    outputs: { drifted: "true", status: "drifted", cause: expect.stringContaining("1 of 1 release drifted") },
  });
  expect(JSON.parse(told.outputs["drift"] ?? "")).toMatchObject({
    drifted: 1,
    found: [
      { release: "shop", objects: [{ ref: { kind: "ConfigMap" }, fields: [{ writer: { manager: "kubectl-edit" } }] }] },
    ],
  });
  expect(told.stdout).toMatch(
    /::error title=1 of 1 release drifted%3A 1 object not as recorded::prod\/shop: ConfigMap prod\/shop-settings data\./,
  );
  expect(told.summary).toMatch(/^### ❌ 1 of 1 release drifted: 1 object not as recorded/);
  const [issue] = github.issues;
  expect(issue).toMatchObject({ title: "Drift of shop in namespace prod", state: "open", labels: ["drift"] });
  for (const text of [issue?.body ?? "", told.summary]) {
    expect(text).toContain("kubectl-edit");
    expect(text).not.toMatch(/<img|@everyone|\]\(https:\/\/evil|<\/details>/);
  }

  const again = await run();
  expect(again).toMatchObject({ code: 0, outputs: { drifted: "true" } });
  expect(again.stdout).toContain("::warning title=1 of 1 release drifted");
  expect(github.issues).toHaveLength(1);
  const written = github.asked.filter(({ method }) => method === "PATCH" || method === "POST");
  expect(written).toHaveLength(1);

  const corrected = await run({ "drift-mode": "correct", "fail-on-drift": "true" });
  expect(corrected).toMatchObject({
    code: 0,
    outputs: { drifted: "false", corrected: "1", changed: "true", status: "corrected" },
  });
  expect(corrected.stdout).toContain("is closed: https://github.example/o/r/issues/7");
  expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  expect(await run({ "fail-on-drift": "true" })).toMatchObject({ code: 0, outputs: { drifted: "false" } });
});

test("a dry run sets nothing back, and rules leave out what they name", async () => {
  await change();
  const dry = await run({ "drift-mode": "correct", "dry-run": "true" });
  expect(dry).toMatchObject({ code: 0, outputs: { drifted: "true", corrected: "0" } });
  const ignored = await run({
    "drift-ignore": `- paths: ["/data"]\n  target:\n    kind: ConfigMap\n`,
    "fail-on-drift": "true",
  });
  expect(ignored).toMatchObject({ code: 0, outputs: { drifted: "false" } });
  expect(ignored.stdout).toContain("Left out: 1 by rules");
  expect(await run({ "drift-mode": "correct" })).toMatchObject({ code: 0, outputs: { corrected: "1" } });
});

test("without the permission it says which one is needed, and goes on", async () => {
  await change();
  github.fault = ({ method }) => (method === "POST" ? forbidden : undefined);
  const told = await run();
  expect(told).toMatchObject({ code: 0, outputs: { drifted: "true" } });
  expect(told.stdout).toContain('Give the job the permission "issues: write", or set issue: false.');
  const none = await run({ issue: "false", "drift-mode": "correct" });
  expect(none.stdout).not.toContain("ssue");
});

test("the whole cluster, in which one release is not there to be read", async () => {
  const record = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "sh.helm.release.v1.broken.v1",
      namespace: "prod",
      labels: { owner: "helm", name: "broken", status: "deployed", version: "1" },
    },
    type: "helm.sh/release.v1",
    stringData: { release: "garbage" },
  };
  await world.kube.create(record);
  const told = await run({ namespace: "", "all-namespaces": "true" });
  expect(told.code).toBe(1);
  expect(
    JSON.parse(told.outputs["drift"] ?? "").found.map((one: { release: string; state: string }) => [
      one.release,
      one.state,
    ]),
  ).toEqual([
    ["broken", "failed"],
    ["shop", "clean"],
  ]);
  await world.kube.delete({ apiVersion: "v1", kind: "Secret", namespace: "prod", name: record.metadata.name });
});

test.each([
  ["a namespace beside all of them", { "all-namespaces": "true" }, 'input "namespace"'],
  ["rules that are none", { "drift-ignore": "- target: {kind: Service}" }, "Rule 1 has no paths"],
  [
    "an input of drift for a deploy",
    { command: "deploy", release: "shop", chart: shop, "drift-mode": "correct" },
    'input "drift-mode"',
  ],
])("refuses %s", async (_, inputs, message) => {
  const told = await run(inputs);
  expect([told.code, told.outputs["status"]]).toEqual([1, "error"]);
  expect(told.stdout).toContain(message);
});
