import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeRelease, encodeRelease } from "../../src/release/codec.ts";
import { readHelm2Release } from "../../src/release/helm2/read-release.ts";

/** As Helm 2's own code wrote them: scripts/helm2-records makes them again. */
const texts = readFileSync(new URL("fixtures/helm2.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): string => JSON.parse(line).data.release);
const [first = "", second = "", third = ""] = texts;

test("a record of Helm 2's is read as Helm 3 would have recorded it", async () => {
  const read = await readHelm2Release(second);
  expect(read).toMatchObject({
    name: "old",
    namespace: "legacy",
    revision: 2,
    status: "failed",
    description: 'Upgrade "old" failed: timed out',
    firstDeployed: "2017-03-23T21:57:40.123456789Z",
    lastDeployed: "2017-03-23T21:59:40Z",
    notes: "It is color: broken\n",
    config: { color: "broken" },
    labels: {},
  });
  expect(read.manifest).toContain("name: old-settings");
  expect(read.chart).toEqual({
    metadata: {
      name: "old",
      version: "0.4.3",
      description: "An old chart",
      keywords: ["a", "b"],
      maintainers: [{ name: "Ann", email: "ann@example.com", url: "https://example.com" }],
      apiVersion: "v1",
      appVersion: "4.7",
      deprecated: true,
      annotations: { a: "1", b: "2" },
      type: "application",
    },
    lock: null,
    templates: [{ name: "templates/settings.yaml", data: expect.stringMatching(/^YXBpVmVyc2lvbj/) }],
    values: { color: "red", sizes: [1, 2.5] },
    schema: null,
    files: [{ name: "README.md", data: "IyBPbGQK" }],
  });
  expect(read.hooks).toEqual([
    {
      name: "old-hook",
      kind: "ConfigMap",
      path: "old/templates/hook.yaml",
      manifest: expect.stringContaining("helm.sh/hook: post-upgrade"),
      events: ["post-upgrade", "test"],
      weight: -5,
      deletePolicies: ["hook-succeeded", "before-hook-creation"],
      outputLogPolicies: [],
      lastRun: { startedAt: "2017-03-23T22:01:00Z", completedAt: "2017-03-23T22:01:00Z", phase: "Succeeded" },
    },
  ]);
});

test("every revision has its state, and is written and read again as it is", async () => {
  const all = await Promise.all([first, second, third].map(readHelm2Release));
  expect(all.map(({ revision, status }) => [revision, status])).toEqual([
    [1, "superseded"],
    [2, "failed"],
    [3, "deployed"],
  ]);
  for (const release of all) {
    const { unknown: _, hooks, ...again } = await decodeRelease(await encodeRelease(release), {});
    expect({ ...again, hooks: hooks.map(({ unknown: __, ...hook }) => hook) }).toEqual(release);
  }
});

test("a record from before Helm compressed them is read, too", async () => {
  const plain = gunzipSync(Buffer.from(third, "base64")).toString("base64");
  expect(await readHelm2Release(plain)).toEqual(await readHelm2Release(third));
});

describe("what is no record of Helm 2's is refused", () => {
  const zip = (bytes: number[]) => gzipSync(Uint8Array.from(bytes)).toString("base64");
  const whole = gunzipSync(Buffer.from(first, "base64"));
  test.each([
    ["nothing", ""],
    ["no base64", "!!!"],
    ["broken gzip", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]).toString("base64")],
    ["a record of Helm 3's", gzipSync('{"name":"x","version":1,"info":{}}').toString("base64")],
    ["a message that ends too early", gzipSync(whole.subarray(0, whole.length - 20)).toString("base64")],
    ["a number without an end", zip([8, ...Array<number>(20).fill(0xff)])],
    ["a text longer than the record", zip([10, 0xff, 0xff, 0xff, 0xff, 0x0f, 65])],
    ["a group", zip([11, 12])],
    ["no revision", zip([10, 1, 65])],
    ["a revision that is negative", zip([10, 1, 65, 56, ...Array<number>(9).fill(0xff), 1])],
    ["more fields than a release has", gzipSync(Buffer.alloc(400_000, Buffer.from([8, 1]))).toString("base64")],
    ["a bomb", gzipSync(Buffer.alloc(70 * 1024 * 1024)).toString("base64")],
  ])("%s", async (_, text) => {
    await expect(readHelm2Release(text)).rejects.toMatchObject({ code: "RELEASE_INVALID" });
  });
});
