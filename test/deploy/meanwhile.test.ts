import { beforeAll, expect, test } from "vitest";
import { stringAt } from "../../src/base/json-path.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { Release } from "../../src/release/types.ts";
import { freshName, historyOf } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

const refTo = (namespace: string, name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name });
const lease = (namespace: string) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace,
  name: "slipway-it",
});

async function install(prefix: string, chart: string): Promise<string> {
  const namespace = freshName(prefix);
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace, "--create-namespace")).toMatchObject({
    code: 0,
  });
  return namespace;
}

/** Does the work once, as soon as such a request has come; resolves when it is done. */
function once(
  isIt: (asked: { method: string; path: string }) => boolean,
  work: () => Promise<unknown>,
): () => Promise<unknown> {
  let doing: Promise<unknown> | undefined;
  cluster.watch = (asked) => {
    if (doing === undefined && isIt(asked)) doing = work();
  };
  return async () => {
    cluster.watch = undefined;
    expect(doing).toBeDefined();
    await doing;
  };
}

test("what a run did that ended while this one waited for it is planned anew", async () => {
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") });
  const namespace = await install("waited", chart);
  const driver = secretsDriver(cluster.kube, namespace, {});
  const [first] = (await driver.history("it")) as [Release];
  const second: Release = {
    ...first,
    revision: 2,
    status: "pending-upgrade",
    lastDeployed: new Date().toISOString(),
    manifest: first.manifest.replace('"1"', '"2"').replace("'1'", "'2'"),
  };
  await driver.create(second);
  const { namespace: _, name, ...kind } = lease(namespace);
  const spec = {
    holderIdentity: "other/1",
    leaseDurationSeconds: 15,
    renewTime: `${new Date().toISOString().slice(0, -1)}000Z`,
  };
  await cluster.kube.create({ ...kind, metadata: { name, namespace }, spec });
  const finished = once(
    ({ path }) => path.endsWith(`/${namespace}/leases/slipway-it`),
    async () => {
      await cluster.kube.patch(refTo(namespace, "a"), "merge", { data: { v: "2" } });
      await driver.update({ ...second, status: "deployed" });
      await driver.update({ ...first, status: "superseded" });
      await cluster.kube.delete(lease(namespace));
    },
  );
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace)).toMatchObject({ code: 0, err: "" });
  await finished();
  expect(stringAt(await cluster.kube.get(refTo(namespace, "a")), "data", "v")).toBe("1");
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([
    { status: "superseded" },
    { status: "superseded" },
    { status: "deployed" },
  ]);
});

test("an object of another release that took the place of ours is not changed", async () => {
  const namespace = await install("replaced", cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") }));
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '2'}") });
  const annotations = { "meta.helm.sh/release-name": "other", "meta.helm.sh/release-namespace": namespace };
  let isReplaced = false;
  cluster.fault = ({ method, path }) => {
    if (method !== "PATCH" || !path.includes(`/${namespace}/configmaps/a`) || isReplaced) return undefined;
    isReplaced = true;
    return {
      status: 404,
      headers: { "content-type": "application/json" },
      body: { kind: "Status", code: 404, message: "gone" },
    };
  };
  const finished = once(
    ({ method, path }) => method === "POST" && path.includes(`/${namespace}/secrets`),
    async () => {
      await cluster.kube.delete(refTo(namespace, "a"));
      await cluster.kube.create({
        ...refTo(namespace, "a"),
        metadata: { name: "a", namespace, annotations },
        data: { v: "theirs" },
      });
    },
  );
  const failed = await cluster.slipway("deploy", "it", chart, "-n", namespace);
  cluster.fault = undefined;
  await finished();
  expect(failed.code).toBe(1);
  expect(failed.err).toContain("was created by somebody else meanwhile");
  expect(stringAt(await cluster.kube.get(refTo(namespace, "a")), "data", "v")).toBe("theirs");
});

test("a revision that is gone when it is to be superseded fails no deploy", async () => {
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") });
  const namespace = await install("gone", chart);
  const finished = once(
    ({ method, path }) => method === "POST" && path.includes(`/${namespace}/secrets`),
    () => secretsDriver(cluster.kube, namespace, {}).delete("it", 1),
  );
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace)).toMatchObject({ code: 0, err: "" });
  await finished();
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([{ revision: 2, status: "deployed" }]);
});

test("a release that is uninstalled already runs no hooks again", async () => {
  const hook = "metadata:\n  name: hook\n  annotations: {helm.sh/hook: pre-delete}\n";
  const chart = cluster.chart({ "a.yaml": configMap("hook", "{v: '1'}").replace("metadata:\n  name: hook\n", hook) });
  const namespace = await install("twice", chart);
  expect(await cluster.slipway("uninstall", "it", "-n", namespace, "--keep-history")).toMatchObject({
    code: 0,
    err: "",
  });
  await cluster.kube.delete(refTo(namespace, "hook"));
  expect(await cluster.slipway("uninstall", "it", "-n", namespace)).toMatchObject({ code: 0, err: "" });
  expect(await cluster.kube.get(refTo(namespace, "hook"))).toBeUndefined();
  expect((await cluster.kube.list("v1", "Secret", { namespace })).items).toEqual([]);
});

test("a rollback to a revision that had been uninstalled says nothing of a deletion", async () => {
  const chart = cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") });
  const namespace = await install("back", chart);
  expect((await cluster.slipway("uninstall", "it", "-n", namespace, "--keep-history")).code).toBe(0);
  expect(await cluster.slipway("rollback", "it", "1", "-n", namespace)).toMatchObject({ code: 0, err: "" });
  const [, second] = await secretsDriver(cluster.kube, namespace, {}).history("it");
  expect(second).toMatchObject({ revision: 2, status: "deployed" });
  expect(second?.deleted).toBeUndefined();
});
