import { beforeAll, describe, expect, test } from "vitest";
import { testFilters } from "../../src/cli/commands/test.ts";
import { driverFor } from "../../src/release/driver.ts";
import { freshName } from "../scenarios/world.ts";
import { type Cluster, configMap, startCluster } from "./fixture.ts";

const pod = (name: string, tag: string, more = "") =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, annotations: {helm.sh/hook: test${more}}}\n` +
  `spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example/test:${tag}"}]}\n`;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});

/** A release with tests; the words that name it. */
async function released(tests: Record<string, string>, ...more: string[]) {
  const place = ["-n", freshName("tests")];
  const chart = cluster.chart({ "plain.yaml": configMap("plain", "{a: b}"), ...tests });
  const ended = await cluster.slipway("deploy", "it", chart, ...place, "--create-namespace", ...more);
  return { place, chart, ended };
}

async function phases(place: string[]): Promise<Record<string, string>> {
  const driver = driverFor(cluster.kube, place[1], { kind: undefined });
  const release = (await driver.history("it")).at(-1);
  return Object.fromEntries(release?.hooks.map(({ name, lastRun }) => [name, lastRun?.phase ?? ""]) ?? []);
}

describe.concurrent("slipway test", () => {
  test("runs the tests and records how they went", async () => {
    const { place } = await released({ "a.yaml": pod("a", "1"), "b.yaml": pod("b", "1") });
    const tested = await cluster.slipway("test", "it", ...place, "--logs");
    expect(tested).toMatchObject({ code: 0, err: "" });
    expect(tested.out).toMatch(/^a +Pod +Succeeded/m);
    expect(tested.out).toMatch(/a\/c \| /);
    expect(await phases(place)).toEqual({ a: "Succeeded", b: "Succeeded" });
  });

  test("fails with the failing pod's log, and leaves out the tests behind it", async () => {
    const { place } = await released({ "a.yaml": pod("a", "exit1"), "b.yaml": pod("b", "1") });
    const tested = await cluster.slipway("test", "it", ...place);
    expect(tested.code).toBe(1);
    expect(tested.err).toMatch(/^Error: test hook Pod \S+\/a: pod a, container c: .*FATAL: DATABASE_URL is not set/);
    expect(tested.out).toMatch(/^b +Pod +Not run/m);
    expect(await phases(place)).toEqual({ a: "Failed", b: "" });
  });

  test("runs those that the filters leave", async () => {
    const { place } = await released({ "a.yaml": pod("a", "exit1"), "b.yaml": pod("b", "1") });
    expect((await cluster.slipway("test", "it", ...place, "--filter", "!name=a")).code).toBe(0);
    expect((await cluster.slipway("test", "it", ...place, "--filter", "name=b,name=c")).code).toBe(0);
    expect(await phases(place)).toEqual({ a: "", b: "Succeeded" });
    const none = await cluster.slipway("test", "it", ...place, "--filter", "name=c");
    expect(none.code).toBe(0);
    expect(none.out).toContain("No test of it is left by the filters; its tests are a, b");
  });

  test("a release that is not there", async () => {
    const missing = await cluster.slipway("test", "nobody");
    expect(missing.code).toBe(1);
    expect(missing.err).toContain("RELEASE_NOT_FOUND");
  });
});

describe.concurrent("slipway deploy --test", () => {
  test("counts a test that fails as a failed deploy, and takes it back", async () => {
    const { place, chart, ended } = await released({ "a.yaml": pod("a", "{{ .Values.tag | default 1 }}") }, "--test");
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(await phases(place)).toEqual({ a: "Succeeded" });
    const failed = await cluster.slipway("deploy", "it", chart, ...place, "--test", "--set", "tag=exit1");
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^Error: test hook Pod \S+\/a: .*FATAL/);
    expect(failed.err).toContain("Release it was rolled back to revision 1");
  });
});

describe.concurrent("a Job that an earlier run left behind, with no policy that takes it away", () => {
  const job = (tag: string) => ({
    "job.yaml": `apiVersion: batch/v1
kind: Job
metadata: {name: once, annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: hook-succeeded}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example/it:${tag}"}]}}}
`,
  });

  test("is replaced where it is the release's", async () => {
    const { place } = await released(job("exit1"));
    const upgrade = (tag: string) =>
      cluster.slipway("deploy", "it", cluster.chart({ ...job(tag), "p.yaml": configMap("plain", "{a: b}") }), ...place);
    expect((await upgrade("exit1")).code).toBe(1);
    const mended = await upgrade("1");
    expect(mended).toMatchObject({ code: 0, err: "" });
    expect(mended.out).toMatch(/Hook Job \S+\/once was left behind by an earlier revision; it is replaced/);
  });

  test("is left alone where nobody knows whose it is", async () => {
    const { place } = await released({});
    const foreign = { metadata: { name: "once", namespace: place[1] ?? "" }, apiVersion: "batch/v1", kind: "Job" };
    const containers = [{ name: "c", image: "registry.example/other:1" }];
    const made = await cluster.kube.create({
      ...foreign,
      spec: { template: { spec: { restartPolicy: "Never", containers } } },
    });
    const refused = await cluster.slipway("deploy", "it", cluster.chart(job("1")), ...place, "--on-failure=keep");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^Error: Could not create hook Job \S+\/once: .*exists/);
    expect((await cluster.kube.get({ ...foreign, ...foreign.metadata }))?.metadata.uid).toBe(made.metadata.uid);
  });
});

test.each([
  [["name=a", "!name=b", "! name=c"], { only: ["a"], except: ["b", "c"] }],
  [[], { only: [], except: [] }],
])("filters %j", (texts, filters) => {
  expect(testFilters(texts)).toEqual(filters);
});

test("a filter that can't be read is refused", () => {
  expect(() => testFilters(["label=x"])).toThrow('--filter can\'t be "label=x"');
});
