import { beforeAll, expect, test } from "vitest";
import { freshName } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

// The server fills the protocol into a list that a patch replaces as a whole, and writes the quantity another way.
const rewritten = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: policy}
spec: {podSelector: {}, ingress: [{ports: [{port: http}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1", resources: {limits: {cpu: 1000m, memory: 0.5Gi}}}]}
`;

async function install(chart: string): Promise<string> {
  const namespace = freshName("ask");
  expect(await cluster.slipway("deploy", "it", chart, "-n", namespace, "--create-namespace")).toMatchObject({
    code: 0,
  });
  return namespace;
}

const plan = (chart: string, namespace: string) =>
  cluster.slipway("plan", "it", chart, "-n", namespace, "--exit-code", "-o", "json");

/** What the plan says of each object that it does not leave alone. */
function changesOf(out: string): { action: string; reason?: string }[] {
  const { objects } = JSON.parse(out) as { objects: { action: string; reason?: string }[] };
  return objects.filter(({ action }) => action !== "nothing");
}

const isTrial = (path: string) => path.includes("dryRun=All");
const refusal = (code: number, message: string) => ({
  status: code,
  headers: { "content-type": "application/json" },
  body: { kind: "Status", apiVersion: "v1", status: "Failure", code, message },
});

test("a plan right after a deploy is empty, also where patches are not", async () => {
  const chart = cluster.chart({ "a.yaml": rewritten });
  const namespace = await install(chart);
  let asked = 0;
  cluster.watch = ({ method, path }) => {
    if (method === "PATCH" && isTrial(path)) asked += 1;
  };
  const planned = await plan(chart, namespace);
  cluster.watch = undefined;
  expect(changesOf(planned.out)).toEqual([]);
  expect(planned.code).toBe(0);
  expect(asked).toBeGreaterThan(0);
});

test.each([
  { name: "that nobody may try", fault: refusal(403, "patch is forbidden") },
  { name: "that a webhook can't try", fault: refusal(400, "admission webhook does not support dry run") },
])("a change $name is planned as we work it out", async ({ fault }) => {
  const namespace = await install(cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") }));
  cluster.fault = ({ path }) => (isTrial(path) ? fault : undefined);
  const planned = await plan(cluster.chart({ "a.yaml": configMap("a", "{v: '2'}") }), namespace);
  cluster.fault = undefined;
  expect(planned).toMatchObject({ code: 2, err: "" });
  expect(changesOf(planned.out)).toMatchObject([
    { ref: { kind: "ConfigMap" }, action: "change", patch: [{ op: "replace", path: "/data/v", value: "2" }] },
  ]);
  expect(changesOf(planned.out)[0]?.reason).toBeUndefined();
});

test("a change that the server would refuse is planned with its reason", async () => {
  const namespace = await install(cluster.chart({ "a.yaml": rewritten }));
  const other = cluster.chart({ "a.yaml": rewritten.replaceAll("app: web", "app: other") });
  const planned = await plan(other, namespace);
  expect(planned.code).toBe(2);
  expect(changesOf(planned.out)).toMatchObject([
    {
      ref: { kind: "Deployment" },
      action: "change",
      reason: expect.stringMatching(/^the server would refuse it: .*immutable/),
    },
  ]);
});

test("a first deploy into a new namespace tries nothing before it, and a later one what it changes, once", async () => {
  const chart = cluster.chart({ "a.yaml": `${rewritten}---\n${configMap("a", "{v: '1'}")}` });
  const tried: string[] = [];
  cluster.watch = ({ method, path }) => {
    if (isTrial(path)) tried.push(`${method} ${/[^/]+(?=\?)/.exec(path)?.[0]}`);
  };
  const namespace = await install(chart);
  expect(tried).toEqual([]);
  const next = cluster.chart({
    "a.yaml": `${rewritten}---\n${configMap("a", "{v: '2'}")}---\n${configMap("b", "{}")}`,
  });
  expect((await cluster.slipway("deploy", "it", next, "-n", namespace)).code).toBe(0);
  cluster.watch = undefined;
  expect(tried.sort()).toEqual(["PATCH a", "PATCH policy", "POST configmaps"]);
});

const hazardIds = (out: string) => (JSON.parse(out) as { hazards: { id: string }[] }).hazards.map(({ id }) => id);

test.each([
  { name: "that a rule refuses", message: 'configmaps "a" is forbidden: no such value', ids: ["refused-by-server"] },
  {
    name: "of which another object is missing yet",
    message: 'configmaps "a" is forbidden: serviceaccount "b" not found',
    ids: [],
  },
  { name: "that nobody may try", message: 'configmaps "a" is forbidden: User "eve" cannot patch resource', ids: [] },
])("a change $name stops a deploy only where it is sure to be refused", async ({ message, ids }) => {
  const namespace = await install(cluster.chart({ "a.yaml": configMap("a", "{v: '1'}") }));
  const next = cluster.chart({ "a.yaml": configMap("a", "{v: '2'}") });
  cluster.fault = ({ path }) => (isTrial(path) ? refusal(403, message) : undefined);
  const planned = await plan(next, namespace);
  const ended = await cluster.slipway("deploy", "it", next, "-n", namespace);
  cluster.fault = undefined;
  expect(hazardIds(planned.out)).toEqual(ids);
  expect(ended.code).toBe(ids.length === 0 ? 0 : 1);
});
