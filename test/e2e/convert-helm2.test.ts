import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { arrayAt, stringAt } from "../../src/base/json-path.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

// Records that Helm 2's own code wrote: release `old` in namespace `legacy`, revisions superseded, failed, deployed.
const records: KubeObject[] = readFileSync(new URL("../release/fixtures/helm2.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const namespace = "legacy";
const tiller = "old-tiller";
const settings = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "old-settings" };

let world: World;
let chart: string;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  for (const name of [namespace, tiller])
    await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  chart = mkdtempSync(join(tmpdir(), "slipway-helm2-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v1\nname: old\nversion: 0.5.0\n");
  writeFileSync(
    join(chart, "templates/settings.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old-settings}\ndata: {color: {{ .Values.color }}}\n",
  );
});
afterAll(async () => {
  rmSync(chart, { recursive: true, force: true });
  for (const name of [namespace, tiller]) await world.kube.delete({ apiVersion: "v1", kind: "Namespace", name });
});

/** As Tiller left it: its records, and the object that revision 3 deployed. */
beforeEach(async () => {
  const { kube } = world;
  for (const kind of ["Secret", "ConfigMap"]) {
    const { items } = await kube.list("v1", kind, { namespace });
    const old = items.filter(({ metadata: { name } }) => name !== "kube-root-ca.crt");
    for (const { metadata } of old) await kube.delete({ apiVersion: "v1", kind, namespace, name: metadata.name });
  }
  for (const record of records) {
    const { name, labels = {} } = record.metadata;
    await kube.delete({ apiVersion: "v1", kind: "ConfigMap", namespace: tiller, name });
    await kube.create({ ...record, metadata: { name, namespace: tiller, labels } });
  }
  const labels = { heritage: "Tiller", release: "old" };
  const metadata = { name: settings.name, namespace, labels };
  await kube.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { color: "green" } });
});

async function done(ended: Promise<Ended>): Promise<Ended> {
  const { code, err, out } = await ended;
  expect(code, err).toBe(0);
  return { code, err, out };
}

const convert = (...words: string[]) => done(world.slipway("convert-helm2", "--tiller-namespace", tiller, ...words));
const place = ["-n", namespace];
const tillersIn = async () => {
  const { items } = await world.kube.list("v1", "ConfigMap", { namespace: tiller, labels: { OWNER: "TILLER" } });
  return items.length;
};

describe.each(["helm3", "helm4"] as const)("what Helm 2 released and %s finds converted", (helm) => {
  const tool = (...words: string[]) => done(world[helm](...words, ...place));

  test("is its own: history, values, manifest, upgrade, rollback, uninstall", async () => {
    await convert("old", "--delete");
    expect(await tillersIn()).toBe(0);
    const history = JSON.parse((await tool("history", "old", "-o", "json")).out);
    expect(history).toMatchObject([
      { revision: 1, status: "superseded", chart: "old-0.4.3", app_version: "4.7", description: "Install complete" },
      { revision: 2, status: "failed" },
      { revision: 3, status: "deployed", updated: "2017-03-23T22:00:40Z" },
    ]);
    expect((await tool("get", "values", "old", "--revision", "1")).out).toContain("color: blue");
    expect((await tool("get", "manifest", "old")).out).toContain("color: green");
    expect((await tool("get", "hooks", "old")).out).toContain("old-hook");
    expect((await tool("status", "old")).out).toContain("STATUS: deployed");
    const before = await world.kube.get(settings);
    await tool("rollback", "old", "1");
    const after = await world.kube.get(settings);
    expect(stringAt(after, "data", "color")).toBe("blue");
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    await tool("upgrade", "old", chart, "--set", "color=white");
    await tool("uninstall", "old");
    expect(await world.kube.get(settings)).toBeUndefined();
  });
});

test("only said, nothing is converted; converted twice, it is as once", async () => {
  const planned = JSON.parse((await convert("--dry-run", "-o", "json")).out);
  expect(planned.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(3).fill("would be converted"));
  expect((await world.kube.list("v1", "Secret", { namespace })).items).toEqual([]);
  await convert();
  const again = JSON.parse((await convert("-o", "json")).out);
  expect(again.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(3).fill("present"));
  expect(await tillersIn()).toBe(3);
  // A run that was killed on the way left one record less.
  await world.kube.delete({ apiVersion: "v1", kind: "Secret", namespace, name: "sh.helm.release.v1.old.v3" });
  const mended = JSON.parse((await convert("-o", "json")).out);
  expect(mended.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["present", "present", "converted"]);
});

test("the next deploy takes the objects over without replacing them, and goes back", async () => {
  await convert("old");
  const before = await world.kube.get(settings);
  const planned = await done(world.slipway("plan", "old", chart, ...place, "--set", "color=white"));
  expect(planned.out).not.toMatch(/replace/);
  await done(world.slipway("deploy", "old", chart, ...place, "--set", "color=white"));
  const after = await world.kube.get(settings);
  expect(after?.metadata).toMatchObject({
    uid: before?.metadata.uid,
    labels: { "app.kubernetes.io/managed-by": "Helm" },
    annotations: { "meta.helm.sh/release-name": "old", "meta.helm.sh/release-namespace": namespace },
  });
  // What the old chart had of labels went with it.
  expect(after?.metadata.labels?.["heritage"]).toBeUndefined();
  await done(world.slipway("rollback", "old", "3", ...place));
  expect(stringAt(await world.kube.get(settings), "data", "color")).toBe("green");
  const converted = JSON.parse((await convert("-o", "json")).out);
  expect(arrayAt(converted).length).toBe(3);
  await done(world.slipway("uninstall", "old", ...place));
  expect(await world.kube.get(settings)).toBeUndefined();
});

test("a release of that name that is another's is left alone", async () => {
  await world.kube.delete(settings);
  await done(world.slipway("deploy", "old", chart, ...place, "--set", "color=mine"));
  const refused = await world.slipway("convert-helm2", "--tiller-namespace", tiller);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("Namespace legacy has another release old already");
  const nobody = await world.slipway("convert-helm2", "nobody", "--tiller-namespace", tiller);
  expect(nobody.err).toContain("Helm 2 has no release nobody in namespace old-tiller");
  await done(world.slipway("uninstall", "old", ...place));
});
