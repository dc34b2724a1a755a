import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { objectAt } from "../../src/base/json-path.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  folder = mkdtempSync(join(tmpdir(), "slipway-manner-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
function chartOf(...documents: string[]): string {
  made += 1;
  const chart = join(folder, `${made}`);
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: it\nversion: 1.0.0\n");
  writeFileSync(join(chart, "templates/all.yaml"), documents.join("---\n"));
  return chart;
}

const map = (name: string, value: string, more = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data: {v: "${value}"}\n`;
const keep = "  annotations: {helm.sh/resource-policy: keep}\n";
const failingHook = `apiVersion: batch/v1
kind: Job
metadata:
  name: fails
  annotations: {helm.sh/hook: post-upgrade}
spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, containers: [{name: it, image: "registry.example/it:exit1"}]}}
`;

async function dataIn(namespace: string): Promise<Record<string, unknown>> {
  const { items } = await world.kube.list("v1", "ConfigMap", { namespace });
  const own = items.filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
  return Object.fromEntries(own.map((item) => [item.metadata.name, objectAt(item, "data")]));
}

const tools = {
  slipway: { force: "--force-replace", keepFailed: ["--on-failure=keep"] },
  helm3: { force: "--force", keepFailed: [] },
  helm4: { force: "--force-replace", keepFailed: [] },
} as const;

test.concurrent.each(["slipway", "helm3", "helm4"] as const)(
  "%s changes objects in the manner that is asked for",
  async (tool) => {
    const namespace = freshName(`manner-${tool}`);
    const { force, keepFailed } = tools[tool];
    const method = tool === "helm4" ? ["--server-side=false"] : [];
    const run = (...words: string[]): Promise<Ended> => world[tool](...words, "-n", namespace);
    const done = async (...words: string[]) => {
      const { code, err } = await run(...words);
      expect(code, err).toBe(0);
    };
    const add = async (data: Record<string, string>) => {
      await world.kube.patch({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "a" }, "merge", { data });
    };
    await done("install", "it", chartOf(map("a", "1"), map("kept", "1", keep)), "--create-namespace", ...method);

    // What somebody else set stays in a patch, and goes with a replacement, also where nothing else changes.
    await add({ extra: "theirs" });
    await done("upgrade", "it", chartOf(map("a", "2"), map("kept", "1", keep)), ...method);
    expect((await dataIn(namespace))["a"]).toEqual({ v: "2", extra: "theirs" });
    const uid = (await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "a" }))?.metadata.uid;
    await done("upgrade", "it", chartOf(map("a", "2"), map("kept", "1", keep)), force, ...method);
    expect((await dataIn(namespace))["a"]).toEqual({ v: "2" });
    expect((await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "a" }))?.metadata.uid).toBe(
      uid,
    );

    // A failed upgrade keeps what it changed, and loses what it created when that is asked.
    const broken = chartOf(map("a", "3"), map("kept", "1", keep), map("new", "1"), failingHook);
    expect((await run("upgrade", "it", broken, "--cleanup-on-fail", ...keepFailed, ...method)).code).toBe(1);
    expect(await dataIn(namespace)).toEqual({ a: { v: "3" }, kept: { v: "1" } });
    expect((await run("upgrade", "it", broken, ...keepFailed, ...method)).code).toBe(1);
    expect(await dataIn(namespace)).toMatchObject({ new: { v: "1" } });

    // What asks to be kept stays, taken out of the chart or uninstalled.
    await done("upgrade", "it", chartOf(map("a", "4"), map("new", "2")), ...method);
    expect(await dataIn(namespace)).toEqual({ a: { v: "4" }, kept: { v: "1" }, new: { v: "2" } });
    await done("upgrade", "it", chartOf(map("a", "4"), map("kept", "5", keep), map("new", "2")), ...method);
    await done("uninstall", "it");
    expect(await dataIn(namespace)).toEqual({ kept: { v: "5" } });
  },
);

test("without pruning, what the chart no longer has stays, and is told", async () => {
  const namespace = freshName("prune");
  const place = ["-n", namespace];
  expect(
    await world.slipway("deploy", "it", chartOf(map("a", "1"), map("b", "1")), ...place, "--create-namespace"),
  ).toMatchObject({ code: 0 });
  const words = ["it", chartOf(map("a", "2")), ...place, "--no-prune"];
  expect((await world.slipway("plan", ...words)).out).toMatch(/b.*nothing is to be removed/);
  expect(await world.slipway("deploy", ...words)).toMatchObject({ code: 0 });
  expect(await dataIn(namespace)).toEqual({ a: { v: "2" }, b: { v: "1" } });
});

test.concurrent.each(["slipway", "helm4"] as const)("%s sends no whole objects by server-side apply", async (tool) => {
  const place = ["-n", freshName("whole"), "--server-side=true"];
  const chart = chartOf(map("a", "1"));
  expect((await world[tool]("install", "it", chart, "--create-namespace", ...place)).code).toBe(0);
  const refused = await world[tool]("upgrade", "it", chart, ...place, "--force-replace");
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/server-side apply/i);
});
