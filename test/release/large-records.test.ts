import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { configMapsDriver } from "../../src/release/configmaps-driver.ts";
import { fitRecord } from "../../src/release/fit-record.ts";
import { placeOfParts, readPartsPlace } from "../../src/release/parts-place.ts";
import type { UnreadableRecord } from "../../src/release/records-driver.ts";
import { secretsDriver } from "../../src/release/secrets-driver.ts";
import type { Release } from "../../src/release/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { release } from "./releases.ts";

/** Text that does not compress to less than this many MiB of base64. */
const noise = (mib: number) => randomBytes(mib * 0.75 * 1024 * 1024).toString("base64");
const file = (name: string, mib: number) => ({ name, data: noise(mib) });
const limit = 1024 * 1024;

describe("of a chart that is too large for one record", () => {
  const small = { metadata: { name: "shop", version: "1.0.0" }, values: { a: 1 } };
  const templates = [file("templates/a.yaml", 0.01)];
  test.each([
    ["nothing is left out that has room", { files: [file("a", 0.5)], templates }, []],
    ["the files are", { files: [file("a", 2)], templates }, ["its files"]],
    ["definitions stay where they fit", { files: [file("a", 2), file("crds/a.yaml", 0.1)], templates }, ["its files"]],
    ["then the schema", { files: [file("a", 1)], schema: noise(2) }, ["its files", "its schema"]],
    ["then the templates", { templates: [file("templates/a", 2)] }, ["its templates"]],
    ["at last definitions", { files: [file("crds/a", 2)], templates }, ["its templates", "its definitions (CRDs)"]],
  ])("%s", async (_, chart, leftOut) => {
    const fitted = await fitRecord(release(1, "deployed", { chart: { ...small, ...chart }, manifest: "a: 1\n" }));
    expect(fitted.leftOut).toEqual(leftOut);
    expect(fitted.parts).toEqual([]);
    expect(fitted.text.length).toBeLessThanOrEqual(limit);
  });

  test("a manifest beyond all measure is refused", async () => {
    await expect(fitRecord(release(1, "deployed", { manifest: noise(20) }))).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
  });
});

test("what stands in a manifest's place is told from a manifest", () => {
  const place = { count: 12, sha256: "a".repeat(64) };
  const text = placeOfParts({ name: "shop" }, place);
  expect(readPartsPlace(text)).toEqual(place);
  for (const other of [`${text}---\na: 1\n`, `a: 1\n${text}`, text.replace("parts: 12", "parts: 120"), ""])
    expect(readPartsPlace(other)).toBeUndefined();
});

let sandbox: Sandbox;
let kube: KubeClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  kube = await connect({ kubeconfig: sandbox.kubeconfig });
});
afterAll(async () => {
  kube.close();
  await sandbox.close();
});

describe.each(["Secret", "ConfigMap"] as const)("a manifest of 3 MiB, kept in %ss", (kind) => {
  const namespace = `large-${kind.toLowerCase()}`;
  const told: UnreadableRecord[] = [];
  const driver = () =>
    (kind === "Secret" ? secretsDriver : configMapsDriver)(kube, namespace, {
      onUnreadable: (record) => told.push(record),
    });
  const large = (revision: number, more: Partial<Release> = {}) =>
    release(revision, "deployed", { namespace, manifest: `# ${noise(3)}\n`, config: { a: 1 }, ...more });
  const names = async () =>
    (await kube.list("v1", kind, { namespace })).items
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== "kube-root-ca.crt");
  beforeAll(async () => {
    await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  });

  test("is read whole, changed, and removed with all its parts", async () => {
    const hooks: Release["hooks"] = [
      {
        name: "h",
        kind: "Job",
        path: "shop/templates/h.yaml",
        manifest: "a: 1",
        events: ["pre-delete"],
        weight: 0,
        deletePolicies: [],
        outputLogPolicies: [],
      },
    ];
    const first = large(1, { hooks, notes: "Hello" });
    await driver().create(first);
    await driver().create(large(2));
    expect(await names()).toHaveLength(2 + 2 * 4);
    const [read] = await driver().history("shop");
    expect(read).toMatchObject({ manifest: first.manifest, hooks, config: { a: 1 }, notes: "Hello" });

    const again = driver();
    const [before] = await again.history("shop");
    if (before) await again.update({ ...before, status: "superseded" });
    const [after] = await driver().history("shop");
    expect(after).toMatchObject({ status: "superseded", manifest: first.manifest });
    expect(await names()).toHaveLength(2 + 2 * 4);
    expect((await driver().list({ latest: true })).map(({ revision }) => revision)).toEqual([2]);

    const last = driver();
    await last.history("shop");
    await last.delete("shop", 1);
    expect(await names()).toHaveLength(1 + 4);
    await last.delete("shop", 2);
    expect(await names()).toEqual([]);
  });

  test("lacking a part, keeps its number and blocks nothing", async () => {
    await driver().create(large(1));
    await driver().create(release(2, "failed", { namespace }));
    const part = (await names()).find((name) => name.endsWith(".2")) ?? "";
    await kube.delete({ apiVersion: "v1", kind, namespace, name: part });
    const history = await driver().history("shop");
    expect(history.map(({ revision, isUnreadable }) => [revision, isUnreadable])).toEqual([
      [1, true],
      [2, undefined],
    ]);
    expect(told.at(-1)?.error.message).toContain(part);
    for (const revision of [1, 2]) await driver().delete("shop", revision);
    await driver().sweep("shop");
    expect(await names()).toEqual([]);
  });

  test("left behind by a killed run, is swept; what a record names stays", async () => {
    await driver().create(large(1));
    await driver().create(large(2));
    await kube.delete({ apiVersion: "v1", kind, namespace, name: "sh.helm.release.v1.shop.v2" });
    expect(await names()).toHaveLength(1 + 4 + 4);
    await driver().sweep("shop");
    expect(await names()).toHaveLength(1 + 4);
    expect((await driver().history("shop")).map(({ isUnreadable }) => isUnreadable)).toEqual([undefined]);
  });

  test("is shared by revisions that are the same, until the last of them goes", async () => {
    const one = driver();
    const [first] = (await one.history("shop")) as [Release];
    await one.create({ ...first, revision: 2, status: "failed" });
    expect(await names()).toHaveLength(2 + 4);
    const other = driver();
    expect((await other.history("shop")).map(({ manifest }) => manifest === first.manifest)).toEqual([true, true]);
    await other.delete("shop", 1);
    expect((await driver().history("shop")).map(({ manifest }) => manifest === first.manifest)).toEqual([true]);
    await other.delete("shop", 2);
    expect(await names()).toEqual([]);
  });
});
