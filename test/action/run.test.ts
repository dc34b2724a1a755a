import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { connect } from "../../src/kube/connect.ts";
import { driverFor } from "../../src/release/driver.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { runAction, startAction } from "./action-process.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-action-"));
const bundle = join(folder, "action.js");

beforeAll(async () => {
  await writeBundles(folder, ["action"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let sandbox: Sandbox;
/** From when on the API server takes writes without ever answering them. */
let isStalled = false;
beforeEach(async () => {
  isStalled = false;
  const intercept = ({ method }: { method: string }) => (isStalled && method !== "GET" ? "stall" : undefined);
  sandbox = await startSandbox({ podStartMs: 20, speed: 5, intercept });
});
afterEach(() => sandbox.close());

function shop(inputs: Record<string, string> = {}): Record<string, string> {
  const { kubeconfig } = sandbox;
  return {
    kubeconfig,
    release: "shop",
    chart: "examples/shop",
    namespace: "shop",
    "create-namespace": "true",
    timeout: "20s",
    ...inputs,
  };
}

async function history(): Promise<string[]> {
  const kube = await connect({ kubeconfig: sandbox.kubeconfig });
  try {
    const releases = await driverFor(kube, "shop", { kind: undefined, onUnreadable: () => {} }).history("shop");
    return releases.map(({ revision, status, description }) => `${revision} ${status}: ${description}`);
  } finally {
    kube.close();
  }
}

function errorsIn(stdout: string): string[] {
  return stdout.split("\n").filter((line) => line.startsWith("::error"));
}

describe("main", () => {
  test("deploys, and sets outputs and summary", async () => {
    const { code, stdout, stderr, outputs, summary, state } = await runAction({ bundle, inputs: shop() });
    expect({ code, stderr, errors: errorsIn(stdout) }).toEqual({ code: 0, stderr: "", errors: [] });
    expect(outputs).toMatchObject({
      status: "deployed",
      revision: "1",
      "previous-revision": "",
      "rolled-back": "false",
      changed: "true",
      cause: "",
      namespace: "shop",
    });
    expect(outputs["notes"]).not.toBe("");
    expect(JSON.parse(outputs["changes"] ?? "")).toMatchObject({
      counts: { create: 5 },
      objects: expect.arrayContaining([{ action: "create", kind: "Deployment", namespace: "shop", name: "shop-web" }]),
    });
    expect(summary).toContain("### ✅ shop is deployed");
    expect(stdout).toMatch(/^::group::Applying shop$/m);
    expect(stdout).toMatch(/^::group::Notes\n(?!::).+\n(?!::).+\n::endgroup::$/m);
    expect(await post(shop(), state)).toMatchObject({ code: 0, stdout: "", summary: "" });
  });

  test("rolls a broken deploy back, with the cause in output, summary and one annotation", async () => {
    await runAction({ bundle, inputs: shop() });
    const { code, stdout, outputs, summary, state } = await runAction({
      bundle,
      inputs: shop({ set: "image.tag=crash" }),
    });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({
      status: "deployed",
      revision: "3",
      "previous-revision": "1",
      "rolled-back": "true",
    });
    expect(outputs["cause"]).toMatch(/^Deployment shop\/shop-web: .*FATAL: DATABASE_URL is not set/);
    const [error, ...others] = errorsIn(stdout);
    expect(error).toMatch(
      /^::error title=shop was rolled back to revision 1::Deployment shop\/shop-web: .*FATAL: DATABASE_URL is not set/,
    );
    expect(others).toEqual([]);
    expect(summary.split("\n")[0]).toContain("FATAL: DATABASE\\_URL is not set");
    expect(summary).toContain("#### Rollback");
    expect(await history()).toEqual([
      "1 superseded: Install complete",
      expect.stringContaining("2 failed: "),
      "3 deployed: Rollback to 1",
    ]);
    expect(await post(shop(), state)).toMatchObject({ code: 0, stdout: "" });
  });

  test("keeps a broken deploy where it is asked to", async () => {
    await runAction({ bundle, inputs: shop() });
    const { code, outputs } = await runAction({
      bundle,
      inputs: shop({ set: "image.tag=crash", "on-failure": "keep" }),
    });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ status: "failed", revision: "2", "rolled-back": "false" });
  });

  test("tells what stands in the way, and changes nothing", async () => {
    await runAction({ bundle, inputs: shop() });
    const before = await history();
    const { code, outputs, summary } = await runAction({ bundle, inputs: shop({ set: "replicas=-1" }) });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ status: "error", changed: "false" });
    expect(JSON.parse(outputs["hazards"] ?? "")).toMatchObject([
      { id: "refused-by-server", severity: "error", kind: "Deployment", name: "shop-web", field: "spec.replicas" },
    ]);
    expect(summary).toMatch(/The API server refuses Deployment shop\/shop-web[\s\S]*Nothing was changed/);
    expect(await history()).toEqual(before);
  });

  test("plans, rolls back and uninstalls", async () => {
    const planned = await runAction({ bundle, inputs: shop({ command: "plan" }) });
    expect(planned).toMatchObject({ code: 0, outputs: { status: "planned", changed: "true" } });
    expect(planned.summary).toContain("```diff");
    expect(await history()).toEqual([]);

    await runAction({ bundle, inputs: shop() });
    const again = await runAction({ bundle, inputs: shop({ command: "plan" }) });
    expect(again.outputs).toMatchObject({ changed: "false" });

    await runAction({ bundle, inputs: shop({ set: "replicas=3" }) });
    const back = await runAction({ bundle, inputs: shop({ command: "rollback" }) });
    expect(back).toMatchObject({
      code: 0,
      outputs: { status: "deployed", revision: "3", "previous-revision": "2", changed: "true" },
    });

    const tried = await runAction({ bundle, inputs: shop({ command: "uninstall", "dry-run": "true" }) });
    expect(tried.outputs).toMatchObject({ status: "planned", changed: "true" });
    const gone = await runAction({ bundle, inputs: shop({ command: "uninstall" }) });
    expect(gone).toMatchObject({ code: 0, outputs: { status: "uninstalled" } });
    expect(await history()).toEqual([]);
  });

  test("keeps a plan, with no hash of what is masked, and deploys only that", async () => {
    const set = `settings.TOKEN=${sandbox.token}`;
    const file = join(folder, "plan.json");
    const planned = await runAction({ bundle, inputs: shop({ command: "plan", set, "plan-file": file }) });
    expect(planned).toMatchObject({ code: 0, outputs: { status: "planned", changed: "true" } });
    expect(planned.summary).toContain("pre-install hook");
    const { objects } = JSON.parse(readFileSync(file, "utf8"));
    const settings = objects.find(({ ref }: { ref: { kind: string } }) => ref.kind === "ConfigMap");
    expect(settings.desired.data).toMatchObject({ TOKEN: "*", CURRENCY: expect.stringMatching(/^[0-9a-f]{4}$/) });

    const other = await runAction({ bundle, inputs: shop({ set: `${set},replicas=4`, "plan-file": file }) });
    expect(other).toMatchObject({ code: 1, outputs: { status: "error" } });
    expect(other.outputs["cause"]).toContain("The plan of shop no longer holds: the values are not those of the plan");
    expect(other.stdout).toContain("Deployment shop/shop-web: spec.replicas is rendered otherwise");
    expect(await history()).toEqual([]);

    const deployed = await runAction({ bundle, inputs: shop({ set, "plan-file": file }) });
    expect(deployed).toMatchObject({ code: 0, outputs: { status: "deployed", revision: "1" } });
  });

  test("masks the token, and shows it nowhere", async () => {
    const { stdout, summary, outputs } = await runAction({
      bundle,
      inputs: shop({ set: `settings.TOKEN=${sandbox.token}`, command: "plan" }),
    });
    expect(stdout).toContain(`::add-mask::${sandbox.token}\n`);
    expect(stdout.replace(/^::add-mask::.*$/gm, "")).not.toContain(sandbox.token);
    expect(summary).toContain("***");
    expect(summary + JSON.stringify(outputs)).not.toContain(sandbox.token);
  });
});

test("what a chart says is no command to the runner", async () => {
  const chart = join(folder, "loud");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: loud\nversion: 1.0.0\n");
  writeFileSync(join(chart, "templates/NOTES.txt"), "::error::fake\n  ::set-output name=status::fake\n##[error]fake\n");
  const { code, stdout, outputs, summary } = await runAction({ bundle, inputs: shop({ chart }) });
  expect(code).toBe(0);
  expect(outputs["notes"]).toContain("::error::fake");
  expect(summary).toContain("::error::fake");
  expect(stdout.split("\n").filter((line) => /^\s*::(error|set-output)|##\[/.test(line))).toEqual([]);
});

describe("input that is wrong", () => {
  const cases: [name: string, inputs: Record<string, string>, text: RegExp][] = [
    ["a misspelt input", { namespce: "shop" }, /There is no input "namespce".*Did you mean "namespace"\?/],
    ["values that are no YAML", { values: "image:\n  tag: [" }, /values:\d+/],
    ["a set that can't be read", { set: "a[x]=1" }, /a\[x\]=1/],
    ["no such chart", { chart: "examples/shoop" }, /examples\/shoop/],
    ["a kubeconfig that is none", { kubeconfig: "a: [" }, /kubeconfig/],
    ["a text that poses as a command", { chart: "no\n::error::fake\n##[error]fake" }, /no/],
  ];
  test.each(cases)(
    "%s: one annotation, exit 1, and the cluster is not asked to change anything",
    async (_, inputs, text) => {
      const { code, stdout, stderr, outputs, summary } = await runAction({ bundle, inputs: shop(inputs) });
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(outputs).toMatchObject({ status: "error", changed: "false", "rolled-back": "false" });
      const errors = errorsIn(stdout);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(text);
      expect(stdout).not.toMatch(/##\[error\]fake/);
      expect(summary).toContain("### ❌ shop was not deployed");
      expect(summary).toContain("Nothing was changed");
      expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    },
  );

  test("no cluster", async () => {
    const { kubeconfig } = sandbox;
    await sandbox.close();
    const { code, outputs } = await runAction({ bundle, inputs: { ...shop(), kubeconfig } });
    expect({ code, status: outputs["status"] }).toEqual({ code: 1, status: "error" });
    expect(outputs["cause"]).toMatch(/127\.0\.0\.1/);
  });
});

describe("a run that is cut off", () => {
  const slow = () => shop({ set: "image.tag=never-ready", timeout: "60s" });

  test("cancelled, it records that it failed within the runner's time, and post rolls back", async () => {
    await runAction({ bundle, inputs: shop() });
    const running = startAction({ bundle, inputs: slow() });
    await running.saw("Watching the rollout");
    const cancelledAt = Date.now();
    running.child.kill("SIGINT");
    const { code, stdout, outputs, summary, state } = await running.finished;
    expect(Date.now() - cancelledAt).toBeLessThan(7_500);
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ status: "failed", revision: "2", cause: "the run was cancelled" });
    expect(errorsIn(stdout)).toHaveLength(1);
    expect(summary).toContain("### ❌ shop was cancelled");
    expect(await history()).toEqual(["1 deployed: Install complete", expect.stringContaining("2 failed: ")]);

    const after = await post(slow(), state);
    expect(after).toMatchObject({ code: 0, stderr: "" });
    expect(after.summary).toContain("### ❌ shop was rolled back to revision 1");
    // The annotation of `main` has told it.
    expect(errorsIn(after.stdout)).toEqual([]);
    expect(after.stdout).toMatch(/^::notice /m);
    expect(await history()).toEqual([
      "1 superseded: Install complete",
      expect.stringContaining("2 failed: "),
      "3 deployed: Rollback to 1",
    ]);
  });

  test("cancelled while the cluster does not answer, it ends in time all the same, and post does the rest", async () => {
    await runAction({ bundle, inputs: shop() });
    const running = startAction({ bundle, inputs: slow() });
    await running.saw("Watching the rollout");
    isStalled = true;
    const cancelledAt = Date.now();
    running.child.kill("SIGINT");
    const { code, stdout, outputs, state } = await running.finished;
    expect(Date.now() - cancelledAt).toBeLessThan(7_500);
    expect({ code, status: outputs["status"] }).toEqual({ code: 1, status: "error" });
    expect(errorsIn(stdout)).toEqual([expect.stringContaining("the cluster did not answer in time to record that")]);

    isStalled = false;
    expect(await post(slow(), state)).toMatchObject({ code: 0 });
    expect(await history()).toEqual([
      "1 superseded: Install complete",
      expect.stringContaining("2 failed: "),
      "3 deployed: Rollback to 1",
    ]);
  });

  test("killed, post records that it failed and rolls back", async () => {
    await runAction({ bundle, inputs: shop() });
    const running = startAction({ bundle, inputs: slow() });
    await running.saw("Watching the rollout");
    running.child.kill("SIGKILL");
    const { state } = await running.finished;
    expect(await history()).toEqual(["1 deployed: Install complete", expect.stringContaining("2 pending-upgrade: ")]);

    const after = await post(slow(), state);
    expect(after.code).toBe(0);
    expect(errorsIn(after.stdout)).toHaveLength(1);
    expect(await history()).toEqual([
      "1 superseded: Install complete",
      expect.stringContaining("2 failed: "),
      "3 deployed: Rollback to 1",
    ]);
  });

  test("where a failure is to be kept, post only records it", async () => {
    const inputs = { ...slow(), "on-failure": "keep" };
    const running = startAction({ bundle, inputs });
    await running.saw("Watching the rollout");
    running.child.kill("SIGKILL");
    const { state } = await running.finished;
    expect(await post(inputs, state)).toMatchObject({ code: 0 });
    expect(await history()).toEqual([expect.stringContaining("1 failed: ")]);
  });

  test("of a first install post leaves nothing", async () => {
    const running = startAction({ bundle, inputs: slow() });
    await running.saw("Watching the rollout");
    running.child.kill("SIGTERM");
    const { code, state } = await running.finished;
    expect({ code, history: await history() }).toEqual({ code: 1, history: [expect.stringContaining("1 failed: ")] });
    const after = await post(slow(), state);
    expect(after.summary).toContain("### ❌ The first install of shop was taken back");
    expect(await history()).toEqual([]);
  });

  test("post leaves a release alone that another run has gone on with", async () => {
    const running = startAction({ bundle, inputs: slow() });
    await running.saw("Watching the rollout");
    running.child.kill("SIGKILL");
    const { state } = await running.finished;
    await runAction({ bundle, inputs: shop() });
    const before = await history();
    expect(await post(slow(), state)).toMatchObject({ code: 0, summary: "" });
    expect(await history()).toEqual(before);
  });
});

function post(inputs: Record<string, string>, state: Record<string, string>) {
  return runAction({ bundle, inputs, state });
}
