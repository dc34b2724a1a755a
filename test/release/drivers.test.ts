import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { configMapsDriver } from "../../src/release/configmaps-driver.ts";
import { memoryDriver } from "../../src/release/memory-driver.ts";
import type { UnreadableRecord } from "../../src/release/records-driver.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { ReleaseDriver } from "../../src/release/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { recordedSecret, release } from "./releases.ts";

let sandbox: Sandbox;
let kube: KubeClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
  for (const name of ["prod", "secret", "configmap", "other", "helm3", "helm4"]) {
    await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
});

afterAll(async () => {
  kube.close();
  await sandbox.close();
});

const drivers: [name: string, namespace: string, make: () => ReleaseDriver][] = [
  ["Secrets", "secret", () => secretsDriver(kube, "secret")],
  ["ConfigMaps", "configmap", () => configMapsDriver(kube, "configmap")],
  ["memory", "memory", () => memoryDriver()],
];

describe.each(drivers)("kept in %s, a release", (_, namespace, make) => {
  test("is recorded, found again, written over and deleted", async () => {
    const driver = make();
    const first = release(1, "pending-install", { namespace, labels: { team: "shop" }, notes: "Hello\n" });
    await driver.create(first);
    await expect(driver.create(first)).rejects.toMatchObject({ code: "RELEASE_EXISTS" });
    await driver.update({ ...first, status: "superseded" });
    // Recorded out of order: a history is by number, not by time or by name.
    await driver.create(release(10, "deployed", { namespace }));
    await driver.create(release(2, "failed", { namespace }));
    await driver.create(release(1, "deployed", { namespace, name: "other" }));

    const history = await driver.history("shop");
    expect(history.map(({ revision, status }) => [revision, status])).toEqual([
      [1, "superseded"],
      [2, "failed"],
      [10, "deployed"],
    ]);
    expect(history[0]).toMatchObject({ ...first, status: "superseded" });
    expect(await driver.list()).toHaveLength(4);
    const latest = await driver.list({ latest: true });
    expect(latest.map(({ name, revision }) => `${name} ${revision}`).sort()).toEqual(["other 1", "shop 10"]);

    await driver.delete("shop", 2);
    await driver.delete("shop", 2);
    expect((await driver.history("shop")).map(({ revision }) => revision)).toEqual([1, 10]);
    const missing = driver.update(release(2, "failed", { namespace }));
    await expect(missing).rejects.toMatchObject({ code: "RELEASE_NOT_FOUND" });
    expect(await driver.history("nobody")).toEqual([]);
  });
});

test("a record is the Secret that Helm would have written", async () => {
  const clock = { now: () => 1_700_000_000_999, delay: async () => {} };
  const driver = secretsDriver(kube, "prod", { clock });
  const ref = { apiVersion: "v1", kind: "Secret", namespace: "prod", name: "sh.helm.release.v1.shop.v3" };
  const labels = { team: "a", name: "shop", owner: "helm", version: "3" };

  await driver.create(release(3, "deployed", { labels: { team: "a" } }));
  expect(await kube.get(ref)).toMatchObject({
    type: "helm.sh/release.v1",
    metadata: { labels: { ...labels, status: "deployed", createdAt: "1700000000" } },
  });
  await driver.update(release(3, "superseded", { labels: { team: "a" } }));
  const { metadata } = (await kube.get(ref)) ?? { metadata: {} };
  expect(metadata).toMatchObject({ labels: { ...labels, status: "superseded", modifiedAt: "1700000000" } });
});

test("what Helm recorded is found, in one namespace or in all", async () => {
  for (const name of ["helm3-1", "helm3-3", "helm4-1", "helm4-3"] as const) {
    const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = recordedSecret(name).metadata;
    await kube.create({ ...recordedSecret(name), metadata });
  }
  const history = await secretsDriver(kube, "helm3").history("tiny");
  expect(history.map(({ revision, status, labels }) => ({ revision, status, labels }))).toEqual([
    { revision: 1, status: "superseded", labels: { team: "shop" } },
    { revision: 3, status: "deployed", labels: { team: "shop" } },
  ]);
  const all = await secretsDriver(kube, undefined).list({ latest: true });
  const tiny = all.filter(({ name }) => name === "tiny").map(({ namespace, revision }) => `${namespace} ${revision}`);
  expect(tiny.sort()).toEqual(["helm3 3", "helm4 3"]);
});

test("a record that nobody can read is skipped and told", async () => {
  const broken = (name: string, data?: Record<string, string>) =>
    kube.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: "other", labels: { owner: "helm", name: "shop", version: "1" } },
      ...(data ? { data } : {}),
    });
  await broken("sh.helm.release.v1.shop.v1", { release: Buffer.from("nonsense").toString("base64") });
  await broken("sh.helm.release.v1.shop.v2");
  const told: UnreadableRecord[] = [];
  const driver = secretsDriver(kube, "other", { onUnreadable: (record) => told.push(record) });
  await driver.create(release(3, "deployed", { namespace: "other" }));
  expect((await driver.history("shop")).map(({ revision }) => revision)).toEqual([3]);
  expect(told.map(({ name, namespace, error }) => [name, namespace, error.code])).toEqual([
    ["sh.helm.release.v1.shop.v1", "other", "RELEASE_INVALID"],
    ["sh.helm.release.v1.shop.v2", "other", "RELEASE_INVALID"],
  ]);
});
