import { beforeAll, expect, test } from "vitest";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { Release } from "../../src/release/types.ts";
import { freshName, historyOf } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

/** A namespace with a release whose second revision was begun so long ago. */
async function begun(agoMs: number): Promise<string> {
  const namespace = freshName("unlock");
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") });
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace, "--create-namespace")).toMatchObject({
    code: 0,
  });
  const driver = secretsDriver(cluster.kube, namespace, {});
  const [first] = (await driver.history("it")) as [Release];
  const lastDeployed = new Date(Date.now() - agoMs).toISOString();
  const { recordedBy: _, ...others } = first;
  await driver.create({ ...others, revision: 2, status: "pending-upgrade", lastDeployed });
  return namespace;
}

/** The lease of a run on another machine, renewed so long ago. */
async function hold(namespace: string, agoMs: number): Promise<void> {
  const time = new Date(Date.now() - agoMs).toISOString().replace("Z", "000Z");
  await cluster.kube.create({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "slipway-it", namespace },
    spec: {
      holderIdentity: "other/1 https://ci.example/7",
      leaseDurationSeconds: 15,
      acquireTime: time,
      renewTime: time,
    },
  });
}

/** Renews the lease whenever it is looked at, as a run that lives. */
function renewing(namespace: string): void {
  const path = `/namespaces/${namespace}/leases/slipway-it`;
  const ref = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace, name: "slipway-it" };
  cluster.watch = (asked) => {
    if (asked.method !== "GET" || !asked.path.includes(path)) return;
    const renewTime = new Date().toISOString().replace("Z", "000Z");
    void cluster.kube.patch(ref, "merge", { spec: { renewTime } }).catch(() => {});
  };
}

test("what is not locked is left as it is", async () => {
  const { out, code } = await cluster.slipway("unlock", "nothing", "-n", "default");
  expect({ out, code }).toEqual({ out: "Release nothing is not locked\n", code: 0 });
});

test("what a dead run held is free, and what it had begun has failed", async () => {
  const namespace = await begun(120_000);
  await hold(namespace, 121_000);
  const { out, code } = await cluster.slipway("unlock", "it", "-n", namespace);
  expect(code).toBe(0);
  expect(out).toContain("Release it is unlocked. It was held by other/1 https://ci.example/7 since ");
  expect(out).toContain("Revision 2 was pending-upgrade: it is recorded as failed.");
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([{ status: "deployed" }, { status: "failed" }]);
});

test("what a run holds that lives is named, and taken by force alone", async () => {
  const namespace = await begun(0);
  await hold(namespace, 0);
  renewing(namespace);
  const refused = await cluster.slipway("unlock", "it", "-n", namespace);
  cluster.watch = undefined;
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/Release it is being deployed by other\/1 https:\/\/ci\.example\/7 since 20/);
  const forced = await cluster.slipway("unlock", "it", "-n", namespace, "--force", "-o", "json");
  expect(JSON.parse(forced.out)).toMatchObject({
    held: { holder: "other/1 https://ci.example/7" },
    abandoned: [{ revision: 2, status: "pending-upgrade" }],
  });
});

test("what another tool has begun just now is taken by force alone", async () => {
  const namespace = await begun(1000);
  const refused = await cluster.slipway("unlock", "it", "-n", namespace);
  expect(refused.err).toContain("another tool is changing this release");
  expect((await cluster.slipway("unlock", "it", "-n", namespace, "--force")).code).toBe(0);
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([{ status: "deployed" }, { status: "failed" }]);
});

test("a deploy waits for what another tool has begun, and plans from there", async () => {
  const namespace = await begun(0);
  const driver = secretsDriver(cluster.kube, namespace, {});
  let looks = 0;
  cluster.watch = ({ method, path }) => {
    if (method !== "GET" || !path.includes(`/${namespace}/secrets`)) return;
    looks += 1;
    if (looks !== 3) return;
    void driver.history("it").then(async ([first, second]) => {
      if (second) await driver.update({ ...second, status: "deployed" });
      if (first) await driver.update({ ...first, status: "superseded" });
    });
  };
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '3'}") });
  const done = await cluster.slipway("deploy", "it", chart, "-n", namespace, "--wait-for-lock=1m");
  cluster.watch = undefined;
  expect(done, done.err).toMatchObject({ code: 0 });
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([
    { status: "superseded" },
    { status: "superseded" },
    { revision: 3, status: "deployed" },
  ]);
});
