import { beforeAll, expect, test } from "vitest";
import { freshName, historyOf } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

async function namesOf(apiVersion: string, kind: string, namespace: string): Promise<string[]> {
  const { items } = await cluster.kube.list(apiVersion, kind, { namespace });
  return items.map(({ metadata }) => metadata.name).sort();
}

async function makeNamespace(prefix: string): Promise<string> {
  const name = freshName(prefix);
  await cluster.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

const job = (metadata: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: ${metadata}\nspec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}\n`;

test("a hook with a generated name takes no other Job of its namespace away", async () => {
  const namespace = await makeNamespace("generated");
  const bystander = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "bystander", namespace } };
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a:1" }] } };
  await cluster.kube.create({ ...bystander, spec: { template } });
  const chart = cluster.chart({ "hook.yaml": job("{generateName: hook-, annotations: {helm.sh/hook: pre-upgrade}}") });
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace)).toMatchObject({ code: 0, err: "" });
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace)).toMatchObject({ code: 0, err: "" });
  expect(await namesOf("batch/v1", "Job", namespace)).toEqual(["bystander", expect.stringMatching(/^hook-/)]);
});

test.each(["a first install", "an upgrade"])(
  "what somebody else creates while %s runs is neither taken over nor taken away",
  async (name) => {
    const namespace = await makeNamespace("window");
    const place = ["it", cluster.chart({ "a.yaml": configMap("a", "{a: '1'}") }), "-n", namespace];
    if (name === "an upgrade") expect((await cluster.slipway("deploy", ...place)).code).toBe(0);
    const wider = cluster.chart({ "a.yaml": configMap("a", "{a: '1'}"), "b.yaml": configMap("b", "{from: chart}") });
    const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace }, data: { from: "else" } };
    let created: Promise<unknown> | undefined;
    cluster.watch = ({ method, path }) => {
      // The plan is made, the record is being written.
      if (method === "POST" && path.includes(`/namespaces/${namespace}/secrets`))
        created ??= cluster.kube.create(theirs);
    };
    const failed = await cluster.slipway("deploy", "it", wider, "-n", namespace);
    cluster.watch = undefined;
    await created;
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("was created by somebody else meanwhile");
    const again = await cluster.slipway("deploy", "it", wider, "-n", namespace);
    expect(again.err).toContain("(PLAN_OWNED_BY_OTHER)");
    expect(await cluster.slipway("uninstall", "it", "-n", namespace, "--ignore-not-found")).toMatchObject({ code: 0 });
    const left = await cluster.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "b" });
    expect(left).toMatchObject({ data: { from: "else" } });
    expect(left?.metadata.labels).toBeUndefined();
  },
);

test("what a failed revision created, and the cluster still marks as the release's, is taken away", async () => {
  const namespace = await makeNamespace("failed");
  const chart = cluster.chart({
    "a.yaml": configMap("a", "{a: '1'}"),
    "b.yaml": job("{name: b}").replace("a:1", "a:exit1"),
  });
  const words = ["deploy", "it", chart, "-n", namespace, "--wait-for-jobs", "--on-failure", "keep", "--timeout", "20s"];
  expect((await cluster.slipway(...words)).code).toBe(1);
  expect(await historyOf(cluster, "it", namespace)).toMatchObject([{ status: "failed" }]);
  const next = cluster.chart({ "c.yaml": configMap("c", "{a: '1'}") });
  expect((await cluster.slipway("deploy", "it", next, "-n", namespace)).code).toBe(0);
  expect(await namesOf("v1", "ConfigMap", namespace)).toEqual(["c", "kube-root-ca.crt"]);
});
