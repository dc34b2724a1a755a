import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { partPath } from "../parts.ts";
import { freshName } from "../scenarios/world.ts";

const namespace = freshName("called");
const folder = mkdtempSync(join(tmpdir(), "slipway-called-"));
const repository = join(folder, "repository");
const workflows = ".github/workflows";

// Each of the workflows that others may call, one after the other, on one pull request.
const caller = `
on: pull_request
jobs:
  deploy:
    permissions: { contents: read, id-token: write }
    uses: ./${workflows}/deploy.yml
    with: { release: shop, chart: examples/shop, namespace: ${namespace}, create-namespace: true, set: replicas=1 }
    secrets: { kubeconfig: "\${{ secrets.KUBECONFIG }}" }
  drift:
    needs: deploy
    permissions: { contents: read, issues: write, id-token: write }
    uses: ./${workflows}/drift.yml
    with: { namespace: ${namespace}, issue: false, fail-on-drift: true }
    secrets: { kubeconfig: "\${{ secrets.KUBECONFIG }}" }
  preview:
    permissions: { contents: read, pull-requests: write, deployments: write }
    uses: ./${workflows}/preview.yml
    with: { release: ${namespace}, chart: examples/shop, ttl: 72h, quota: pods=20 }
    secrets: { kubeconfig: "\${{ secrets.KUBECONFIG }}" }
  tell:
    needs: [deploy, drift, preview]
    runs-on: ubuntu-24.04
    steps:
      - env:
          DEPLOY: \${{ needs.deploy.outputs.status }} \${{ needs.deploy.outputs.revision }} \${{ needs.deploy.outputs.changed }}
          DRIFT: \${{ needs.drift.outputs.drifted }} \${{ needs.drift.outputs.corrected }}
          PREVIEW: \${{ needs.preview.outputs.preview }} \${{ needs.preview.outputs.namespace }}
        run: echo "told - deploy $DEPLOY, drift $DRIFT, preview $PREVIEW"
`;

beforeAll(() => {
  mkdirSync(join(repository, workflows), { recursive: true });
  mkdirSync(join(repository, "dist"));
  mkdirSync(join(folder, "home"));
  cpSync("action.yml", join(repository, "action.yml"));
  cpSync(join(inject("dist"), "action.js"), join(repository, "dist/action.js"));
  cpSync("examples/shop", join(repository, "examples/shop"), { recursive: true });
  for (const name of ["deploy.yml", "drift.yml", "preview.yml"]) {
    // The action as it is here, not as it was released.
    const text = readFileSync(join(workflows, name), "utf8").replace(/OWNER\/slipway@v[\d.]+$/m, "./");
    writeFileSync(join(repository, workflows, name), text);
  }
  writeFileSync(join(repository, workflows, "caller.yml"), caller);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: repository });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "Call them");
});
afterAll(async () => {
  const kube = await connect({ kubeconfig: inject("kubeconfig") });
  for (const name of [namespace, `pr-7-${namespace}`]) await kube.delete({ apiVersion: "v1", kind: "Namespace", name });
  kube.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test("deploy, drift and preview can be called, and give their outputs", async () => {
  const log = await runWorkflow();
  const line = /\| (told - .*)$/m.exec(log)?.[1];
  expect(line, log).toBe(`told - deploy deployed 1 true, drift false 0, preview up pr-7-${namespace}`);
});

/** Runs the caller as GitHub does, without containers; its log. */
function runWorkflow(): Promise<string> {
  const head = { repo: { full_name: "octo/shop" }, sha: "1234567890abcdef1234567890abcdef12345678", ref: "change" };
  const pullRequest = {
    number: 7,
    head,
    base: { repo: { full_name: "octo/shop" } },
    title: "A change",
    user: { login: "me" },
  };
  const event = { action: "opened", number: 7, pull_request: pullRequest, repository: { full_name: "octo/shop" } };
  writeFileSync(join(folder, "event.json"), JSON.stringify(event));
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const kubeconfig = readFileSync(inject("kubeconfig")).toString("base64");
  const env = { PATH: path, HOME: join(folder, "home"), KUBECONFIG: kubeconfig, NO_COLOR: "1" };
  const runner = ["-P", "ubuntu-24.04=-self-hosted", "--secret", "KUBECONFIG", "-e", join(folder, "event.json")];
  const words = [
    "pull_request",
    "-W",
    join(workflows, "caller.yml"),
    ...runner,
    "--env",
    "GITHUB_REPOSITORY=octo/shop",
  ];
  return new Promise((resolve, reject) => {
    const act = spawn(partPath("act"), words, { cwd: repository, env, stdio: ["ignore", "pipe", "pipe"] });
    const stop = setTimeout(() => act.kill("SIGKILL"), 150_000);
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk;
    };
    act.stdout.on("data", read);
    act.stderr.on("data", read);
    act.on("error", reject);
    act.on("close", () => {
      clearTimeout(stop);
      resolve(text);
    });
  });
}
