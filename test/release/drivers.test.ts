import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
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

test.each(drivers.slice(0, 2))(
  "who recorded a revision stands beside the record in %s, and not in it",
  async (_, namespace, make) => {
    const driver = make();
    const first = release(1, "deployed", {
      namespace,
      name: "named",
      recordedBy: `ci/7 https://ci.example/${"7".repeat(400)}`,
    });
    await driver.create(first);
    await expect(driver.create(first)).rejects.toMatchObject({
      hint: expect.stringMatching(/^ci\/7 https:.* has recorded it/),
    });
    const [read] = await driver.history("named");
    expect(read?.recordedBy).toBe(first.recordedBy?.slice(0, 300));
    expect(JSON.stringify(read?.unknown)).not.toContain("ci.example");
    await driver.delete("named", 1);
  },
);

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

const kinds = ["Secret", "ConfigMap"] as const;

describe.each(kinds)("of the records in a %s, one that nobody can read", (kind) => {
  const namespace = `unread-${kind.toLowerCase()}`;
  const told: UnreadableRecord[] = [];
  const driver = () => {
    const make = kind === "Secret" ? secretsDriver : configMapsDriver;
    return make(kube, namespace, { onUnreadable: (record) => told.push(record) });
  };
  const asData = (text: string) => ({ release: kind === "Secret" ? Buffer.from(text).toString("base64") : text });
  const recordOf = (revision: number, data?: Record<string, string>): KubeObject => ({
    apiVersion: "v1",
    kind,
    metadata: {
      name: `sh.helm.release.v1.shop.v${revision}`,
      namespace,
      labels: { owner: "helm", name: "shop", version: `${revision}`, team: "a" },
    },
    ...(data ? { data } : {}),
  });
  const future = gzipSync(JSON.stringify({ schema: 2, release: { name: "shop", revision: 3 } })).toString("base64");

  test.each([
    ["is garbage", 1, { release: "bm9uc2Vuc2U=" }],
    ["has no data", 2, undefined],
    ["has another form", 3, asData(future)],
    ["has another encoding", 4, asData('{"name":"shop"}')],
  ])("because it %s keeps its number, and the others are read", async (_, revision, data) => {
    if (revision === 1) {
      await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      await driver().create(release(9, "deployed", { namespace }));
    }
    await kube.create(recordOf(revision, data));
    told.length = 0;
    const history = await driver().history("shop");
    expect(history.map((entry) => [entry.revision, entry.isUnreadable ?? false])).toEqual([
      [revision, true],
      [9, false],
    ]);
    expect(history[0]).toMatchObject({ status: "unknown", labels: { team: "a" }, manifest: "" });
    expect(told.map(({ name, error }) => [name, error.code])).toEqual([
      [`sh.helm.release.v1.shop.v${revision}`, "RELEASE_INVALID"],
    ]);
    expect((await driver().list()).map((entry) => entry.revision)).toEqual([9]);
    await driver().delete("shop", revision);
    expect(await driver().history("shop")).toHaveLength(1);
  });

  test("does not hide the release from the list where it is the newest", async () => {
    await kube.create(recordOf(12, asData("nonsense")));
    expect((await driver().list({ latest: true })).map((entry) => entry.revision)).toEqual([9]);
  });

  test("is no revision where it is named as no record is", async () => {
    const { metadata, ...object } = recordOf(13, asData("nonsense"));
    await kube.create({ ...object, metadata: { ...metadata, name: "odd" } });
    expect((await driver().history("shop")).map((entry) => entry.revision)).toEqual([9, 12]);
  });
});
