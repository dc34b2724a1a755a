import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { writeBundles } from "../../scripts/bundle.ts";
import { sha256 } from "../../src/base/sha256.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { send, serveWeb, type WebServer } from "../chart/remote/web-server.ts";
import { tgz } from "../chart/tar-fixture.ts";
import { type Finished, runAction } from "./action-process.ts";
import { type CacheService, serveCache } from "./cache-service.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-chart-cache-"));
const temp = join(folder, "runner-temp");
const staging = join(temp, "slipway-charts");
const bundle = join(folder, "action.js");

let sandbox: Sandbox;
let repository: WebServer;
let cache: CacheService;

function chart(data: string): Buffer {
  return tgz([
    { name: "shop/Chart.yaml", data: "apiVersion: v2\nname: shop\nversion: 1.0.0\n" },
    {
      name: "shop/templates/a.yaml",
      data: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {is: ${data}}\n`,
    },
  ]);
}
const archive = chart("real");

beforeAll(async () => {
  await writeBundles(folder, ["action", "cache"]);
  mkdirSync(temp);
});
beforeEach(async () => {
  [sandbox, cache] = await Promise.all([startSandbox(), serveCache()]);
  repository = await serveWeb(({ path }, response) => {
    const entry = `- {name: shop, version: 1.0.0, digest: ${sha256(archive)}, urls: [shop-1.0.0.tgz]}`;
    if (path === "/index.yaml") return send(response, 200, `apiVersion: v1\nentries:\n  shop:\n  ${entry}\n`);
    return send(response, 200, archive);
  });
});
afterEach(async () => {
  await Promise.all([sandbox.close(), cache.close(), repository.close()]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One job on a machine that has nothing yet. */
async function job(more: Record<string, string> = {}): Promise<Finished & { fetched: string[] }> {
  repository.seen.length = 0;
  cache.calls.length = 0;
  rmSync(staging, { recursive: true, force: true });
  const inputs = { release: "shop", chart: "shop", "chart-repository": repository.url, kubeconfig: sandbox.kubeconfig };
  const workflow = { ...cache.env, RUNNER_TEMP: temp, GITHUB_WORKSPACE: folder };
  const finished = await runAction({ bundle, inputs: { ...inputs, ...more }, workflow });
  expect(finished.code, finished.stdout + finished.stderr).toBe(0);
  return { ...finished, fetched: repository.seen.map(({ path }) => path) };
}

const whole = ["/index.yaml", "/shop-1.0.0.tgz"];

test("what one job fetched the next one has, and keeps nothing anew", async () => {
  expect((await job()).fetched).toEqual(whole);
  expect(cache.entries.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^slipway-charts-[0-9a-f]{24}-[0-9a-f]{16}$/),
  ]);
  const second = await job();
  expect(second.fetched).toEqual(["/index.yaml"]);
  expect(second.outputs["status"]).toBe("deployed");
  expect(cache.entries).toHaveLength(1);
});

test("another chart in its place is not taken", async () => {
  await job();
  const [first] = cache.entries;
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, sha256(archive)), chart("evil"));
  await saveAs(`${first?.key}-later`);
  expect(cache.entries).toHaveLength(2);
  const { fetched, stdout } = await job();
  expect(stdout).toContain(`Cache hit for restore-key: ${first?.key}-later`);
  expect(fetched).toEqual(whole);
});

/** Keeps what is staged, as any job of the repository could. */
async function saveAs(key: string): Promise<void> {
  const script = `require(${JSON.stringify(join(folder, "cache.cjs"))}).saveCache(${JSON.stringify([staging])}, "${key}")`;
  const env = { PATH: process.env["PATH"], ...cache.env, RUNNER_TEMP: temp, GITHUB_WORKSPACE: folder };
  await promisify(execFile)(process.execPath, ["-e", script], { env });
}

test("a service that refuses stops no deploy", async () => {
  cache.fails = 400;
  const { fetched, outputs } = await job();
  expect({ fetched, status: outputs["status"] }).toEqual({ fetched: whole, status: "deployed" });
  expect(cache.calls.length).toBeGreaterThan(0);
});

test.each<[string, Record<string, string>]>([
  ["is told not to", { cache: "false" }],
  ["has its chart in the workspace", { chart: "examples/shop", "chart-repository": "" }],
])("nothing is asked of it by a job that %s", async (_name, more) => {
  await job(more);
  expect(cache.calls).toEqual([]);
});
