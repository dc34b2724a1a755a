import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeRelease, encodeRelease } from "../../src/release/codec.ts";
import { recordedSecret, recordedText, release } from "./releases.ts";

const unzip = (text: string) => JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString());
const textOf = (json: unknown) => gzipSync(JSON.stringify(json)).toString("base64");

describe("records of the real Helm", () => {
  test.each(["helm3-1", "helm3-3", "helm4-1", "helm4-3"] as const)(
    "%s says the same after reading and writing",
    async (name) => {
      const text = recordedText(recordedSecret(name));
      const read = await decodeRelease(text, {});
      const before = unzip(text);
      const after = unzip(await encodeRelease(read));
      // Helm 3 writes times that are not set as empty text; Helm 4 leaves them out, and so do we.
      if (before.info.deleted === "") delete before.info.deleted;
      expect(after).toEqual(before);
      expect(Object.keys(after)).toEqual(Object.keys(before));
    },
  );

  test("a first revision", async () => {
    const read = await decodeRelease(recordedText(recordedSecret("helm4-1")), { team: "shop" });
    expect(read).toMatchObject({
      name: "tiny",
      namespace: "helm4",
      revision: 1,
      status: "superseded",
      description: "First",
      notes: "Thanks for tiny\n",
      config: { replicas: 2 },
      labels: { team: "shop" },
      applyMethod: "ssa",
      chart: { metadata: { name: "tiny", version: "0.1.0" } },
    });
    expect(read.firstDeployed).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(read.manifest).toContain("# Source: tiny/templates/config.yaml");
    expect(read.hooks).toHaveLength(1);
    expect(read.hooks[0]).toMatchObject({
      name: "tiny-hook",
      kind: "ConfigMap",
      path: "tiny/templates/hook.yaml",
      events: ["pre-install", "post-upgrade"],
      weight: -2,
      deletePolicies: ["before-hook-creation", "hook-succeeded"],
      lastRun: { phase: "Succeeded" },
    });
  });

  test("a rollback names where it led", async () => {
    const helm4 = await decodeRelease(recordedText(recordedSecret("helm4-3")), {});
    expect(helm4).toMatchObject({ status: "deployed", description: "Rollback to 1", rollbackRevision: 1 });
    const helm3 = await decodeRelease(recordedText(recordedSecret("helm3-3")), {});
    expect(helm3).toMatchObject({ status: "deployed", description: "Rollback to 1" });
    expect(helm3).not.toHaveProperty("applyMethod");
  });
});

test("what Slipway does not know survives a change of status", async () => {
  const wire = {
    name: "shop",
    version: 2,
    info: { status: "deployed", shiny: { a: 1 } },
    hooks: [{ name: "h", kind: "Job", events: ["post-moon"], glow: true }],
    chart: { metadata: { name: "shop" }, aura: "blue" },
    future: [1, 2],
  };
  const read = await decodeRelease(textOf(wire), {});
  const written = unzip(await encodeRelease({ ...read, status: "superseded" }));
  expect(written).toMatchObject({ ...wire, info: { status: "superseded", shiny: { a: 1 } } });
});

test("what Helm leaves out when empty is left out", async () => {
  const hook = {
    name: "h",
    kind: "Job",
    path: "p",
    manifest: "m",
    weight: 0,
    deletePolicies: [],
    outputLogPolicies: [],
  };
  const bare = release(1, "pending-install", { description: "", hooks: [{ ...hook, events: ["test"] }] });
  const written = unzip(await encodeRelease(bare));
  expect(Object.keys(written)).toEqual(["name", "info", "chart", "hooks", "version", "namespace"]);
  expect(Object.keys(written.info)).toEqual(["first_deployed", "last_deployed", "status"]);
  expect(written.hooks[0].last_run).toEqual({ phase: "" });
});

test("JSON that is not gzipped is read too", async () => {
  const json = Buffer.from(JSON.stringify({ name: "old", version: 1, info: { status: "deployed" } })).toString(
    "base64",
  );
  expect(await decodeRelease(json, {})).toMatchObject({ name: "old", revision: 1, status: "deployed" });
});

test("names like __proto__ are ordinary", async () => {
  const text = gzipSync(
    '{"name":"x","version":1,"info":{"status":"deployed"},"config":{"__proto__":{"polluted":1},"constructor":2}}',
  );
  const read = await decodeRelease(text.toString("base64"), {});
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(JSON.stringify(read.config)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
  expect(gunzipSync(Buffer.from(await encodeRelease(read), "base64")).toString()).toContain(
    '"__proto__":{"polluted":1}',
  );
});

describe("what is no record is refused", () => {
  const info = { status: "deployed" };
  test.each([
    ["nothing", ""],
    ["no base64", "!!!"],
    ["no JSON", Buffer.from("hello").toString("base64")],
    ["broken gzip", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]).toString("base64")],
    ["a list", textOf([])],
    ["no name", textOf({ version: 1, info })],
    ["no revision", textOf({ name: "x", info })],
    ["a revision that is no number", textOf({ name: "x", version: "1", info })],
    ["a fractional revision", textOf({ name: "x", version: 1.5, info })],
    ["no state", textOf({ name: "x", version: 1 })],
    ["a bomb", gzipSync(Buffer.alloc(70 * 1024 * 1024)).toString("base64")],
  ])("%s", async (_, text) => {
    await expect(decodeRelease(text, {})).rejects.toMatchObject({ code: "RELEASE_INVALID" });
  });
});

test("fields of a wrong type count as absent", async () => {
  const wire = {
    name: "x",
    version: 1,
    info: { status: "odd", notes: 3 },
    chart: [],
    config: "c",
    hooks: [1, null, {}],
    manifest: {},
  };
  expect(await decodeRelease(textOf(wire), {})).toMatchObject({
    status: "unknown",
    notes: "",
    chart: {},
    config: {},
    manifest: "",
    hooks: [{ name: "", events: [] }],
  });
});

test("values nested beyond all measure are refused, not a crash", async () => {
  let config: Record<string, unknown> = {};
  for (let depth = 0; depth < 200_000; depth++) config = { deeper: config };
  await expect(encodeRelease(release(1, "deployed", { config }))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});
