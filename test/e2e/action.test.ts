import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { stringAt } from "../../src/base/json-path.ts";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { driverFor } from "../../src/release/driver.ts";
import { partPath } from "../parts.ts";

const namespace = `action-${Date.now().toString(36)}`;
const folder = mkdtempSync(join(tmpdir(), "slipway-act-"));
const repository = join(folder, "repository");

// The third deploy never gets ready: the test kills it in the middle of its rollout.
const workflow = `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: first
        uses: ./
        with:
          release: shop
          chart: examples/shop
          namespace: ${namespace}
          create-namespace: true
          kubeconfig: \${{ secrets.KUBECONFIG }}
      - run: echo "first is \${{ steps.first.outputs.status }} in revision \${{ steps.first.outputs.revision }}"
      - id: broken
        uses: ./
        continue-on-error: true
        with:
          release: shop
          chart: examples/shop
          namespace: ${namespace}
          kubeconfig: \${{ secrets.KUBECONFIG }}
          set: image.tag=crash
      - run: echo "broken is \${{ steps.broken.outcome }}, rolled back \${{ steps.broken.outputs.rolled-back }}, for \${{ steps.broken.outputs.cause }}"
      - uses: ./
        with:
          release: shop
          chart: examples/shop
          namespace: ${namespace}
          kubeconfig: \${{ secrets.KUBECONFIG }}
          set: image.tag=never-ready
`;

let kube: KubeClient;
let log = "";

beforeAll(async () => {
  kube = await connect({ kubeconfig: inject("kubeconfig") });
  makeRepository();
  log = await runWorkflow();
});
afterAll(() => {
  kube.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test("deploys, and gives its outputs to the next step", () => {
  expect(log).toContain("first is deployed in revision 1");
});

test("rolls a broken deploy back, with one annotation and a summary", () => {
  expect(log).toMatch(/broken is failure, rolled back true, for Deployment .*FATAL: DATABASE_URL is not set/);
  expect(log).toMatch(/::error title=shop was rolled back to revision 1::Deployment .*FATAL: DATABASE_URL is not set/);
  expect(log.match(/::error title=shop was rolled back to revision 1::Deployment/g)).toHaveLength(1);
  expect(log).toMatch(/Summary - ### ✅ shop is deployed/);
  expect(log).toMatch(/Summary - ### ❌ shop was rolled back to revision 1: Deployment/);
});

test("post takes back what was killed in the middle of its rollout", async () => {
  const driver = driverFor(kube, namespace, { kind: undefined, onUnreadable: () => {} });
  const history = await driver.history("shop");
  expect(history.map(({ revision, status, description }) => `${revision} ${status}: ${description}`)).toEqual([
    expect.stringMatching(/^1 superseded: Install complete \(commit [0-9a-f]{7}, run \d+, \S+\)$/),
    expect.stringContaining("2 failed: "),
    "3 superseded: Rollback to 1",
    expect.stringContaining("4 failed: Interrupted"),
    "5 deployed: Rollback to 3",
  ]);
  expect(log.match(/Success - Post \.\//g)).toHaveLength(3);
  expect(log).toMatch(/Summary - ### ❌ shop was rolled back to revision 3: Interrupted/);
});

test("no step shows the token", () => {
  const token = /token: "?([0-9a-f]{20,})/.exec(readFileSync(inject("kubeconfig"), "utf8"))?.[1];
  if (token !== undefined) expect(log.replace(/::add-mask::.*/g, "")).not.toContain(token);
});

/** What a checkout of the project holds, as far as the workflow needs it. */
function makeRepository(): void {
  mkdirSync(join(repository, ".github/workflows"), { recursive: true });
  mkdirSync(join(repository, "dist"));
  cpSync("action.yml", join(repository, "action.yml"));
  cpSync(join(inject("dist"), "action.js"), join(repository, "dist/action.js"));
  cpSync("examples/shop", join(repository, "examples/shop"), { recursive: true });
  writeFileSync(join(repository, ".github/workflows/deploy.yml"), workflow);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: repository });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "Deploy the shop");
}

/** Runs the workflow as GitHub does, without containers; its log. */
async function runWorkflow(): Promise<string> {
  const home = join(folder, "home");
  mkdirSync(home);
  const kubeconfig = readFileSync(inject("kubeconfig")).toString("base64");
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const args = ["push", "-P", "ubuntu-latest=-self-hosted", "--secret", "KUBECONFIG"];
  const env = { PATH: path, HOME: home, KUBECONFIG: kubeconfig, NO_COLOR: "1" };
  const act = spawn(partPath("act"), args, { cwd: repository, env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = setTimeout(() => act.kill("SIGKILL"), 100_000);
  try {
    return await follow(act);
  } finally {
    clearTimeout(stop);
  }
}

function follow(act: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    let isCut = false;
    const read = (chunk: Buffer) => {
      text += chunk;
      // The first deploy, the broken one, its rollback, and then the one to be cut off.
      if (isCut || text.split("::group::Watching the rollout").length < 5) return;
      isCut = true;
      killHolder().catch(reject);
    };
    act.stdout?.on("data", read);
    act.stderr?.on("data", read);
    act.on("error", reject);
    act.on("close", () => resolve(text));
  });
}

/** Kills the run that holds the release's lock, as a runner does with one that does not end when it is told to. */
async function killHolder(): Promise<void> {
  const lease = await kube.get({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespace,
    name: "slipway-shop",
  });
  const pid = Number(/\/(\d+)/.exec(stringAt(lease, "spec", "holderIdentity") ?? "")?.[1]);
  process.kill(pid, "SIGKILL");
}
