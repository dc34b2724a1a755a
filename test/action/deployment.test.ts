import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { type Fault, forbidden, serverError } from "../github/faults.ts";
import { runAction, startAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-deployment-"));
const bundle = join(folder, "action.js");
const commit = "0123456789abcdef0123456789abcdef01234567";
let sandbox: Sandbox;
let github: FakeGithub;

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  sandbox = await startSandbox({ podStartMs: 10, speed: 5 });
  github = new FakeGithub();
  github.mostPerPage = 100;
  await github.start();
});
afterEach(async () => {
  await github.close();
  await sandbox.close();
});

function step(inputs: Record<string, string> = {}) {
  const workflow = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "o/r",
    GITHUB_RUN_ID: "12",
    GITHUB_SHA: commit,
    GITHUB_ACTOR: "octocat",
    GITHUB_EVENT_NAME: "push",
  };
  const common = {
    kubeconfig: sandbox.kubeconfig,
    release: "shop",
    chart: "examples/shop",
    namespace: "shop",
    "create-namespace": "true",
    timeout: "20s",
    environment: "production",
    "environment-url": "https://shop.example.com",
    "github-token": "ghs_the-token-of-this-run",
  };
  return { bundle, inputs: { ...common, ...inputs }, workflow };
}

const run = (inputs: Record<string, string> = {}) => runAction(step(inputs));
const states = () => github.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join(" "));

test("deploys to an environment, from the first to the last", async () => {
  const first = await run();
  expect(first.stderr).toBe("");
  expect(first.outputs).toMatchObject({ status: "deployed", "environment-url": "https://shop.example.com" });
  expect(first.summary).toContain("It is reached at <https://shop.example.com/>");
  expect(github.deployments).toMatchObject([
    { ref: commit, environment: "production", isTransient: false, description: "Release shop, by octocat" },
  ]);
  expect(github.deployments[0]?.statuses.at(-1)).toMatchObject({
    state: "success",
    description: "shop is deployed",
    environment_url: "https://shop.example.com",
    log_url: "https://github.example/o/r/actions/runs/12",
  });

  const broken = await run({ set: "image.tag=crash" });
  expect(broken.code).toBe(1);
  expect(github.deployments[1]?.statuses.at(-1)).toMatchObject({
    state: "failure",
    description: expect.stringMatching(/^shop was rolled back to revision 1: Deployment shop\/shop-web/),
  });
  await run({ set: "image.tag=1.1" });
  await run({ command: "rollback", chart: "" });
  expect(states()).toEqual([
    "in_progress success inactive",
    "in_progress failure",
    "in_progress success inactive",
    "in_progress success",
  ]);
  await run({ command: "uninstall", chart: "", "environment-url": "" });
  expect(states().at(-1)).toBe("in_progress success inactive");
  expect(github.deployments).toHaveLength(4);
}, 60_000);

test("of an environment that will be gone one day, the earlier deployments are retired here", async () => {
  await run({ "transient-environment": "true" });
  await run({ "transient-environment": "true", set: "image.tag=1.1" });
  expect(github.deployments.map(({ isTransient }) => isTransient)).toEqual([true, true]);
  expect(states()).toEqual(["in_progress success inactive", "in_progress success"]);
}, 60_000);

test.each([
  ["a plan", { command: "plan", environment: "", "environment-url": "" }],
  ["a dry run", { "dry-run": "true" }],
  ["a deploy without an environment", { environment: "" }],
])("%s tells GitHub of no deployment", async (_, inputs) => {
  expect((await run(inputs)).code).toBe(0);
  expect(github.asked.filter(({ path }) => path.includes("deployments"))).toEqual([]);
});

test("a chart that can't be read is a deployment that failed", async () => {
  expect((await run({ chart: "examples/missing" })).code).toBe(1);
  expect(states()).toEqual(["in_progress failure"]);
});

const faults: [name: string, fault: Fault, told: RegExp][] = [
  [
    "refuses",
    forbidden,
    /GitHub is told nothing of the deployment: .*Give the job the permission "deployments: write"\./,
  ],
  ["is down", serverError(503), /GitHub is told nothing of the deployment: .*503.*\./],
  ["goes away", "drop", /GitHub is told nothing of the deployment: .+\./],
];
test.each(faults)(
  "a GitHub that %s fails no deploy, and that is told in one line",
  async (_, fault, told) => {
    github.fault = () => fault;
    const { code, stdout, outputs } = await run();
    expect({ code, status: outputs["status"] }).toEqual({ code: 0, status: "deployed" });
    expect(stdout.match(/GitHub is told nothing/g)).toHaveLength(1);
    expect(stdout).toMatch(told);
  },
  60_000,
);

test("a deployment that could not be ended is ended by post, as the release is", async () => {
  const isEnd = (body: Record<string, unknown>) => body["state"] === "success";
  github.fault = ({ body }) => (isEnd(body) ? forbidden : undefined);
  const options = step();
  const { code, state } = await runAction(options);
  expect(code).toBe(0);
  expect(states()).toEqual(["in_progress"]);
  github.fault = undefined;
  const post = await runAction({ ...options, state });
  expect({ code: post.code, stderr: post.stderr }).toEqual({ code: 0, stderr: "" });
  expect(states()).toEqual(["in_progress success"]);
});

test("of a run that is cancelled, the deployment failed", async () => {
  const options = step({ set: "image.tag=never-ready", timeout: "60s" });
  const started = startAction(options);
  await started.saw("Watching the rollout");
  started.child.kill("SIGINT");
  const { code, state } = await started.finished;
  expect(code).toBe(1);
  await runAction({ ...options, state });
  expect(states()).toEqual(["in_progress failure"]);
}, 60_000);

test("of a run that is killed, post ends the deployment", async () => {
  const options = step({ set: "image.tag=never-ready", timeout: "60s" });
  const started = startAction(options);
  await started.saw("Watching the rollout");
  started.child.kill("SIGKILL");
  const { state } = await started.finished;
  expect(states()).toEqual(["in_progress"]);
  const post = await runAction({ ...options, state });
  expect(post.stdout).toContain("was taken back");
  expect(states()).toEqual(["in_progress failure"]);
}, 60_000);

test("an address that is none is refused before anything is done", async () => {
  const { code, stdout } = await run({ "environment-url": "javascript:alert(1)" });
  expect(code).toBe(1);
  expect(stdout).toContain('The input "environment-url" can\'t be "javascript:alert(1)"');
  expect(github.asked).toEqual([]);
});

test("the record says of which commit and run it is, in Helm's words first; a description of one's own wins", async () => {
  await run();
  await run({ description: "By hand", set: "image.tag=1.1" });
  const { stdout } = await run({ set: "image.tag=1.2" });
  expect(stdout).toContain("revision 3 is deployed: Upgrade complete (commit 0123456, run 12, octocat)");
  const broken = await run({ description: "By hand", set: "image.tag=crash" });
  expect(broken.stdout).toContain("revision 5 is deployed: Rollback to 3\n");
  const back = await run({ command: "rollback", chart: "", revision: "1" });
  // The commit is that of the revision, not of the run.
  expect(back.stdout).toContain("revision 6 is deployed: Rollback to 1 (run 12, octocat)");
}, 60_000);
