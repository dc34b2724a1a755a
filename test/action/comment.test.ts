import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FakeGithub } from "../github/fake-github.ts";
import { forbidden } from "../github/faults.ts";
import { runAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-comment-"));
const bundle = join(folder, "action.js");
const token = "ghs_the-token-of-this-run";
let sandbox: Sandbox;
let github: FakeGithub;

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
  sandbox = await startSandbox({ podStartMs: 10 });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  github = new FakeGithub();
  await github.start();
});
afterEach(() => github.close());

function run(inputs: Record<string, string>, { event = "pull_request", from = "o/r" } = {}) {
  const path = join(folder, "event.json");
  const head = { sha: "0123456789abcdef0123456789abcdef01234567", repo: { full_name: from } };
  writeFileSync(path, JSON.stringify({ pull_request: { number: 7, head } }));
  const workflow = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "o/r",
    GITHUB_RUN_ID: "12",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path,
    GITHUB_WORKFLOW: "Deploy",
    GITHUB_JOB: "plan",
  };
  const common = {
    kubeconfig: sandbox.kubeconfig,
    release: "shop",
    chart: "examples/shop",
    namespace: "pr",
    "create-namespace": "true",
  };
  return runAction({ bundle, inputs: { command: "plan", "github-token": token, ...common, ...inputs }, workflow });
}

test("a plan is told in one comment, which the next one writes anew", async () => {
  const first = await run({});
  expect(first.stdout).toContain("The pull request has it, too: https://github.example/o/r/pull/7#issuecomment-100");
  const [comment] = github.comments;
  expect(comment?.body).toMatch(/^<!-- slipway-plan [0-9a-f]{24} -->\n### ✅ Plan for shop\n/);
  expect(comment?.body).toContain("<code>Deployment pr/shop-web</code>");
  expect(comment?.body).toContain(
    "Commit <code>0123456789ab</code> · [run](https://github.example/o/r/actions/runs/12)",
  );
  const second = await run({ chart: "examples/missing" });
  expect(second.code).toBe(1);
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toMatch(/### ❌ shop was not planned/);
  await run({ "comment-id": "another cluster" });
  expect(github.comments).toHaveLength(2);
});

test("a fork's token that may only read fails nothing", async () => {
  github.fault = () => forbidden;
  const { code, stdout, summary } = await run({}, { from: "somebody/r" });
  expect(code).toBe(0);
  expect(stdout).toContain(
    "it comes from a fork, for which the workflow's token may only read. It is in the job summary.",
  );
  expect(summary).toContain("### ✅ Plan for shop");
  expect((await run({})).stdout).toContain('Give the job the permission "pull-requests: write".');
});

test.each([
  ["another event", {}, { event: "push" }, undefined],
  ["comment: never", { comment: "never" }, {}, undefined],
  [
    "an event without a pull request, although one is asked for",
    { comment: "always" },
    { event: "push" },
    "this run is not for a pull request",
  ],
  ["no token", { "github-token": "" }, {}, "the input github-token is empty"],
])("none is written with %s", async (_, inputs, event, told) => {
  const { code, stdout } = await run(inputs, event);
  expect(code).toBe(0);
  expect(github.asked).toEqual([]);
  if (told === undefined) expect(stdout).not.toContain("comment");
  else expect(stdout).toContain(told);
});

test("the token is masked and stands nowhere", async () => {
  const { stdout, summary } = await run({});
  expect(stdout).toContain(`::add-mask::${token}`);
  expect(stdout.replaceAll(`::add-mask::${token}`, "") + summary + github.comments[0]?.body).not.toContain(token);
});
