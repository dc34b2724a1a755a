import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { drift } from "../../src/deploy/drift/drift.ts";
import type { DriftOptions, DriftReport } from "../../src/deploy/drift/types.ts";
import { noRules } from "../../src/plan/drift/ignore-rules.ts";
import { withOwner } from "../../src/plan/ownership.ts";
import { driverFor } from "../../src/release/driver.ts";
import type { ListOptions } from "../../src/release/types.ts";
import { makeReleases } from "../scenarios/many-releases.ts";
import { type Cluster, startCluster } from "./fixture.ts";

const count = 200;
let cluster: Cluster;
let asked: { method: string; path: string }[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  await makeReleases(cluster.kube, count, "many");
  cluster.watch = (request) => void asked.push(request);
}, 120_000);
afterEach(() => {
  cluster.fault = undefined;
});
afterAll(() => {
  cluster.watch = undefined;
});

async function look(
  options: Partial<DriftOptions> = {},
  kube = cluster.kube,
): Promise<DriftReport & { writes: string[]; requests: string[] }> {
  asked = [];
  const session = { kube, clock: systemClock, signal: new AbortController().signal, emit: () => {} };
  const driverOf = (namespace: string | undefined) => driverFor(kube, namespace, { kind: "secret" });
  const report = await drift({ ...session, driverOf }, { correct: false, rules: noRules, ...options });
  const requests = asked.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
  const writes = asked.filter(({ method, path }) => method !== "GET" && !path.includes("dryRun=All"));
  return { ...report, requests, writes: writes.map(({ method, path }) => `${method} ${path}`) };
}

const summary = ({ releases }: DriftReport) =>
  releases
    .filter(({ state }) => state !== "clean")
    .map(({ release, state, error, reason }) => [release, state, error?.code ?? reason]);
const ref = (kind: string, name: string, namespace = "many-0") => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : "v1",
  kind,
  namespace,
  name,
});

test("200 releases are compared with two lists of records and one of each kind", async () => {
  const { releases, requests, writes } = await look();
  expect(releases).toHaveLength(count);
  expect(releases.flatMap(({ objects, warnings, leftOut }) => [...objects, ...warnings, ...leftOut])).toEqual([]);
  expect(writes).toEqual([]);
  const reads = requests.filter((request) => request.startsWith("GET"));
  const lists = reads.filter((request) => /\/(secrets|serviceaccounts|configmaps|services|deployments)$/.test(request));
  expect(lists.sort()).toEqual([
    "GET /api/v1/configmaps",
    "GET /api/v1/secrets",
    "GET /api/v1/secrets",
    "GET /api/v1/serviceaccounts",
    "GET /api/v1/services",
    "GET /apis/apps/v1/deployments",
  ]);
  // Discovery is the rest: nothing has to be asked of the server, though it spells 1000m as 1.
  expect(reads.length - lists.length).toBeLessThan(40);
  expect(requests.length - reads.length).toBe(0);
});

test("what differs of one is found among them, and set back alone", async () => {
  const { kube } = cluster;
  const label = { metadata: { labels: { "app.kubernetes.io/managed-by": "me" } } };
  await kube.patch(ref("ConfigMap", "app-3-settings"), "merge", { ...label, data: { level: "debug" } });
  await kube.delete(ref("Service", "app-4-web"));
  const found = await look();
  expect(summary(found).map(([name, state]) => [name, state])).toEqual([
    ["app-3", "drifted"],
    ["app-4", "drifted"],
  ]);
  const corrected = await look({ correct: true });
  expect(summary(corrected).map(([name, state]) => [name, state])).toEqual([
    ["app-3", "corrected"],
    ["app-4", "corrected"],
  ]);
  const leases = corrected.writes.filter((request) => request.includes("/leases"));
  expect(corrected.writes.filter((request) => !request.includes("/leases")).sort()).toEqual([
    "PATCH /api/v1/namespaces/many-0/configmaps/app-3-settings?fieldManager=helm",
    "POST /api/v1/namespaces/many-0/services?fieldManager=helm",
  ]);
  // Each lock is taken and given back.
  expect(leases.map((request) => request.split(" ")[0]).sort()).toEqual(["DELETE", "DELETE", "POST", "POST"]);
  expect(summary(await look())).toEqual([]);
});

test("the releases that are named, of one namespace; one that is not there is told", async () => {
  const found = await look({ releases: ["app-1", "app-2", "nothing"], namespace: "many-0" });
  expect(found.releases.map(({ release, state }) => [release, state])).toEqual([
    ["app-1", "clean"],
    ["app-2", "clean"],
    ["nothing", "failed"],
  ]);
  // No list brings objects that nobody asks about.
  expect(found.requests.filter((request) => /\/(configmaps|services|deployments)$/.test(request))).toEqual([]);
  await expect(look({ releases: ["a,owner=x"], namespace: "many-0" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("without the right to list, each object is asked for", async () => {
  const forbidden = {
    status: 403,
    body: { kind: "Status", status: "Failure", reason: "Forbidden", code: 403, message: "no" },
  };
  cluster.fault = ({ method, path }) =>
    method === "GET" && /\/(services|configmaps)(\?|$)/.test(path) ? forbidden : undefined;
  const { releases, requests } = await look({ namespace: "many-1" });
  expect(releases.map(({ state }) => state)).toEqual(Array(10).fill("clean"));
  expect(requests.filter((request) => /\/(services|configmaps)\//.test(request))).toHaveLength(20);
});

test("an object that can't be read is told of its release, and stops no other", async () => {
  const broken = {
    status: 403,
    body: { kind: "Status", status: "Failure", reason: "Forbidden", code: 403, message: "no" },
  };
  cluster.fault = ({ path }) => (/\/configmaps(\?|$)|app-12-settings/.test(path) ? broken : undefined);
  const found = await look({ namespace: "many-1" });
  expect(summary(found)).toEqual([["app-12", "failed", "KUBE_FORBIDDEN"]]);
});

test("without the right to dry runs it works out itself what differs, and says so", async () => {
  await cluster.kube.patch(ref("ConfigMap", "app-5-settings"), "merge", { data: { level: "debug" } });
  const forbidden = {
    status: 403,
    body: { kind: "Status", status: "Failure", reason: "Forbidden", code: 403, message: "no" },
  };
  cluster.fault = ({ method }) => (method === "PATCH" ? forbidden : undefined);
  const { releases } = await look({ releases: ["app-5"], namespace: "many-0" });
  const [one] = releases;
  expect(one?.objects.flatMap(({ fields }) => fields.map(({ path }) => path))).toContain("data.level");
  expect(one?.warnings).toEqual([expect.stringContaining("may not be asked by dry runs")]);
  cluster.fault = undefined;
  expect(summary(await look({ releases: ["app-5"], namespace: "many-0", correct: true }))).toEqual([
    ["app-5", "corrected", undefined],
  ]);
});

test("what somebody writes in the moment of setting back is looked at again", async () => {
  const { kube } = cluster;
  const target = ref("ConfigMap", "app-6-settings");
  await kube.patch(target, "merge", { data: { level: "debug" } });
  let isFirst = true;
  let meanwhile: Promise<unknown> = Promise.resolve();
  cluster.watch = ({ method, path }) => {
    const isWrite = method === "PATCH" && path.includes("app-6-settings") && !path.includes("dryRun");
    if (!isWrite || !isFirst) return;
    isFirst = false;
    meanwhile = kube.patch(target, "merge", { data: { other: "operator's" } }, { fieldManager: "operator" });
  };
  const conflict = {
    status: 409,
    body: { kind: "Status", status: "Failure", reason: "Conflict", code: 409, message: "changed" },
  };
  let refused = 0;
  cluster.fault = ({ method, path }) => {
    const isOurs =
      method === "PATCH" &&
      path.includes("app-6-settings") &&
      path.includes("fieldManager=helm") &&
      !path.includes("dryRun");
    if (!isOurs || refused > 0) return undefined;
    refused += 1;
    return conflict;
  };
  const corrected = await look({ releases: ["app-6"], namespace: "many-0", correct: true });
  await meanwhile;
  cluster.watch = (request) => void asked.push(request);
  expect([refused, summary(corrected)]).toEqual([1, [["app-6", "corrected", undefined]]]);
  expect(await kube.get(target)).toMatchObject({ data: { level: "info", other: "operator's" } });
});

test("an object that says it is another release's is told, and not taken", async () => {
  const { kube } = cluster;
  const target = ref("ConfigMap", "app-7-settings");
  const annotations = { "meta.helm.sh/release-name": "other" };
  await kube.patch(target, "merge", { metadata: { annotations }, data: { level: "theirs" } });
  const { releases } = await look({ releases: ["app-7"], namespace: "many-0", correct: true });
  expect(releases[0]).toMatchObject({
    state: "drifted",
    objects: [{ note: expect.stringContaining("release other") }],
  });
  expect(await kube.get(target)).toMatchObject({ data: { level: "theirs" } });
});

test("a release without a deployed revision, and one whose newest failed", async () => {
  const driver = driverFor(cluster.kube, "many-0", { kind: "secret" });
  const newest = async (name: string) => (await driver.history(name)).at(-1);
  const [eight, nine] = [await newest("app-8"), await newest("app-9")];
  if (eight === undefined || nine === undefined) throw new Error("No records");
  await driver.create({ ...eight, revision: 3, status: "failed" });
  await driver.update({ ...nine, status: "failed" });
  await cluster.kube.patch(ref("ConfigMap", "app-8-settings"), "merge", { data: { level: "of revision 3" } });
  const { releases, writes } = await look({ releases: ["app-8", "app-9"], namespace: "many-0", correct: true });
  // What revision 3 wrote is whoever deployed it to judge.
  expect(writes).toEqual([]);
  expect(releases).toMatchObject([
    {
      state: "drifted",
      revision: 2,
      warnings: ["revision 3 failed after that", expect.stringMatching(/^it is not set back/)],
    },
    { state: "skipped", reason: "no revision of it is deployed (revision 2 is failed)" },
  ]);
});

test("an object that is nested beyond all measure is told of its release, and stops no other", async () => {
  const { kube } = cluster;
  const deep = JSON.parse(`${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`);
  const wide = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app-15-settings", namespace: "many-1" } };
  const odd: typeof kube = {
    ...kube,
    list: async (apiVersion, kind, selection, options) => {
      const { items, resourceVersion } = await kube.list(apiVersion, kind, selection, options);
      const isMeant = (name: string) => kind === "ConfigMap" && name === wide.metadata.name;
      return {
        resourceVersion,
        items: items.map((item) => (isMeant(item.metadata.name) ? { ...item, data: deep } : item)),
      };
    },
  };
  const session = { kube: odd, clock: systemClock, signal: new AbortController().signal, emit: () => {} };
  const driverOf = (namespace: string | undefined) => driverFor(kube, namespace, { kind: "secret" });
  const report = await drift({ ...session, driverOf }, { correct: false, rules: noRules, namespace: "many-1" });
  const told = summary(report);
  expect(told).toEqual([["app-15", "failed", "LIMIT_EXCEEDED"]]);
  expect(report.releases).toHaveLength(10);
});

test("a lock that a killed run left is taken over, unless that run had begun a revision", async () => {
  const { kube } = cluster;
  const [name, namespace] = ["app-25", "many-2"];
  const target = ref("ConfigMap", `${name}-settings`, namespace);
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: `slipway-${name}`, namespace },
    spec: {
      holderIdentity: "elsewhere/7",
      leaseDurationSeconds: 1,
      acquireTime: "2026-01-01T00:00:00.000000Z",
      renewTime: "2026-01-01T00:00:05.000000Z",
    },
  };
  const leaseRef = { apiVersion: lease.apiVersion, kind: "Lease", name: lease.metadata.name, namespace };
  const correct = async () => {
    await kube.patch(target, "merge", { data: { level: "debug" } });
    await kube.create(lease);
    return summary(await look({ releases: [name], namespace, correct: true }));
  };
  expect(await correct()).toEqual([[name, "corrected", undefined]]);
  expect(await kube.get(leaseRef)).toBeUndefined();

  const driver = driverFor(kube, namespace, { kind: "secret" });
  const [, deployed] = await driver.history(name);
  if (deployed === undefined) throw new Error("No record");
  const begun = { ...deployed, revision: 3, status: "pending-upgrade" as const };
  // Begun between the two looks: the first saw none.
  let lists = 0;
  let isBegun: Promise<void> | undefined;
  const late = {
    ...driver,
    async list(options?: ListOptions) {
      lists += 1;
      if (lists === 3) isBegun = driver.create(begun);
      await isBegun;
      return await driver.list(options);
    },
  };
  await kube.patch(target, "merge", { data: { level: "debug" } });
  await kube.create(lease);
  const session = { kube, clock: systemClock, signal: new AbortController().signal, emit: () => {} };
  const options = { releases: [name], namespace, correct: true, rules: noRules };
  const found = await drift({ ...session, driverOf: () => late }, options);
  expect(summary(found)).toEqual([[name, "failed", "RELEASE_PENDING"]]);
  expect(await kube.get(target)).toMatchObject({ data: { level: "debug" } });
  // Whose it was stays known.
  expect(await kube.get(leaseRef)).toMatchObject({ spec: { leaseDurationSeconds: 1 } });
});

test("a manifest that is too large for one record is read from its parts", async () => {
  const { kube } = cluster;
  const [name, namespace] = ["large", "many-3"];
  const objects = [1, 2].map((seed) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `large-${seed}`, namespace },
    data: { noise: randomBytes(600_000).toString("base64") },
  }));
  for (const object of objects)
    await kube.create(withOwner(object, { release: name, namespace }), { fieldManager: "helm" });
  const time = new Date().toISOString();
  await driverFor(kube, namespace, { kind: "secret" }).create({
    name,
    namespace,
    revision: 1,
    status: "deployed",
    description: "",
    firstDeployed: time,
    lastDeployed: time,
    notes: "",
    chart: {},
    config: {},
    manifest: objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(""),
    hooks: [],
    labels: {},
  });
  await kube.patch(ref("ConfigMap", "large-2", namespace), "merge", { data: { noise: "none" } });
  const { releases, requests } = await look({ releases: [name], namespace });
  expect(releases).toMatchObject([{ state: "drifted", compared: 2, objects: [{ ref: { name: "large-2" } }] }]);
  // Its records: two lists, the history, and the parts.
  expect(requests.filter((request) => request.includes("/secrets")).length).toBeGreaterThan(3);
});

const autoscaled = async (name: string, namespace: string) => {
  const target = ref("Deployment", `${name}-web`, namespace);
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: target.name };
  const metadata = { name: target.name, namespace };
  const kind = "HorizontalPodAutoscaler";
  await cluster.kube.create({ apiVersion: "autoscaling/v2", kind, metadata, spec: { maxReplicas: 9, scaleTargetRef } });
  await cluster.kube.patch(target, "merge", { spec: { replicas: 7 } });
  return target;
};

test.each([
  ["403", { kind: "Status", status: "Failure", reason: "Forbidden", code: 403, message: "no" }, "drifted"],
  ["500", { kind: "Status", status: "Failure", reason: "InternalError", code: 500, message: "no" }, "failed"],
])("a number of pods is not set back where autoscalers can't be read: %s", async (status, body, state) => {
  const [name, namespace] = [status === "403" ? "app-31" : "app-32", "many-3"];
  const target = await autoscaled(name, namespace);
  const options = { releases: [name], namespace, correct: true };
  cluster.fault = ({ path }) => (path.includes("autoscaling") ? { status: Number(status), body } : undefined);
  const { releases } = await look(options);
  cluster.fault = undefined;
  expect(await cluster.kube.get(target)).toMatchObject({ spec: { replicas: 7 } });
  expect(releases.map((one) => one.state)).toEqual([state]);
  const told = releases.flatMap(({ objects, error }) => [...objects.map(({ note }) => note), error?.message ?? ""]);
  expect(told.join()).toMatch(/autoscal/i);
  expect(summary(await look(options))).toEqual([]);
});

test("what somebody writes between the reading and the dry run is no drift", async () => {
  const { kube } = cluster;
  const target = ref("ConfigMap", "app-33-settings", "many-3");
  await kube.patch(target, "merge", { data: { level: "debug" } });
  let isFirst = true;
  const hurried: typeof kube = {
    ...kube,
    async patch(...given) {
      if (isFirst) await kube.patch(target, "merge", { data: { other: "theirs" } }, { fieldManager: "application" });
      isFirst = false;
      return await kube.patch(...given);
    },
  };
  const { releases } = await look({ releases: ["app-33"], namespace: "many-3" }, hurried);
  const paths = releases.flatMap(({ objects }) => objects.flatMap(({ fields }) => fields.map(({ path }) => path)));
  expect([isFirst, paths]).toEqual([false, ["data.level"]]);
});

test("a dry run that others' writes stood in the way of is made again", async () => {
  const message = "the object has been modified";
  const body = { kind: "Status", status: "Failure", reason: "Conflict", code: 409, message };
  const target = ref("ConfigMap", "app-34-settings", "many-3");
  await cluster.kube.patch(target, "merge", { data: { level: "debug" } });
  let refused = 0;
  cluster.fault = ({ method }) => (method === "PATCH" && refused++ === 0 ? { status: 409, body } : undefined);
  const { releases } = await look({ releases: ["app-34"], namespace: "many-3" });
  cluster.fault = undefined;
  expect([refused, releases.flatMap(({ objects }) => objects.map(({ note }) => note))]).toEqual([2, [undefined]]);
});
