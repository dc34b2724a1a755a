import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SignedRepository } from "../../../scripts/cosign-signatures.ts";
import type { ChartSource } from "../../../src/chart/chart-source.ts";
import { bundleType, isSignedBundle } from "../../../src/chart/registry/cosign-signature.ts";
import { resolveChart } from "../../../src/chart/resolve-chart.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { packed } from "../packed.ts";
import { type FakeRegistry, type Guard, serveRegistry } from "./fake-registry.ts";

/** What the real cosign left in a real registry. */
const signed: SignedRepository[] = JSON.parse(readFileSync(new URL("cosign.generated.json", import.meta.url), "utf8"));

let home: string;
const registries: FakeRegistry[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "slipway-cosign-"));
});
afterEach(async () => {
  await Promise.all(registries.splice(0).map((registry) => registry.close()));
  rmSync(home, { recursive: true, force: true });
});

function named(name: string): SignedRepository {
  const found = signed.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

async function serve({ repository, digest, manifests, blobs }: SignedRepository, guard?: Guard): Promise<FakeRegistry> {
  const served = await serveRegistry(guard);
  registries.push(served);
  for (const [name, text] of Object.entries(manifests)) {
    served.manifests.set(`${repository}/shop:${name}`, Buffer.from(text));
  }
  served.manifests.set(`${repository}/shop:${digest}`, Buffer.from(manifests["1.0.0"] ?? ""));
  for (const [name, content] of Object.entries(blobs)) served.blobs.set(name, Buffer.from(content, "base64"));
  return served;
}

async function verified(served: FakeRegistry, { repository }: SignedRepository, cosignKey: string, tag = "1.0.0") {
  const source: ChartSource = {
    reference: `oci://${served.host}/${repository}/shop:${tag}`,
    env: { HOME: home },
    access: { plainHttp: true },
    cosignKey,
  };
  return (await resolveChart(source, { clock: fakeClock() })).metadata.name;
}

const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString();

describe("what the real cosign signed", () => {
  const checkable = signed.filter(({ name }) => !name.startsWith("Ed25519") && !name.endsWith("attestation"));

  test.each(checkable)("passes: $name", async (one) => {
    const served = await serve(one);
    expect(await verified(served, one, one.publicKey)).toBe("shop");
  });

  test.each(checkable)("does not pass with another key: $name", async (one) => {
    const served = await serve(one);
    await expect(verified(served, one, stranger)).rejects.toMatchObject({ code: "CHART_UNVERIFIED" });
  });

  test("passes where the registry lists what refers to the chart", async () => {
    const one = named("P-256, bundle");
    const tag = one.digest.replace(":", "-");
    const list = one.manifests[tag] ?? "";
    const { [tag]: _, ...manifests } = one.manifests;
    const served = await serve({ ...one, manifests }, ({ path }, answer) => {
      if (!path.includes("/referrers/")) return false;
      answer(200, {}, list);
      return true;
    });
    expect(await verified(served, one, one.publicKey)).toBe("shop");
    const asked = served.seen.find(({ path }) => path.includes("/referrers/"));
    expect(asked?.path).toBe(
      `/v2/p256/bundle/shop/referrers/${one.digest}?artifactType=${encodeURIComponent(bundleType)}`,
    );
  });

  test("with Ed25519ph is refused with a reason", async () => {
    const one = named("Ed25519, bundle");
    await expect(verified(await serve(one), one, one.publicKey)).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      hint: expect.stringContaining("Ed25519ph"),
    });
  });

  test("as an attestation is no signature", async () => {
    const one = named("P-256, attestation");
    await expect(verified(await serve(one), one, one.publicKey)).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      message: expect.stringContaining("none of its signatures"),
    });
  });
});

describe("what is not signed so is refused", () => {
  test("a chart without a signature", async () => {
    const one = named("P-256, tag");
    const served = await serve({ ...one, manifests: { "1.0.0": one.manifests["1.0.0"] ?? "" } });
    await expect(verified(served, one, one.publicKey)).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      message: expect.stringContaining("it has no signature"),
    });
  });

  test.each(["P-256, bundle", "P-256, tag"])("another chart under the signature of this one: %s", async (name) => {
    const one = named(name);
    const served = await serve(one);
    const digest = served.put(`${one.repository}/shop`, "6.6.6", packed("shop", "6.6.6"));
    for (const suffix of ["", ".sig"]) {
      const moved = served.manifests.get(`${one.repository}/shop:${one.digest.replace(":", "-")}${suffix}`);
      if (moved) served.manifests.set(`${one.repository}/shop:${digest.replace(":", "-")}${suffix}`, moved);
    }
    await expect(verified(served, one, one.publicKey, "6.6.6")).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      message: expect.stringContaining("none of its signatures"),
    });
  });

  test.each(["P-256, bundle", "P-256, tag"])("a signature that was changed in the registry: %s", async (name) => {
    const one = named(name);
    const served = await serve(one);
    for (const [digest, bytes] of served.blobs) {
      const text = bytes.toString("utf8");
      if (/dsseEnvelope|critical/.test(text)) served.blobs.set(digest, Buffer.from(`${text} `));
    }
    await expect(verified(served, one, one.publicKey)).rejects.toMatchObject({ code: "CHART_DIGEST" });
  });

  test.each(["tag", "bundle"])("an answer that is neither a %s nor its absence", async (kind) => {
    const one = named(`P-256, ${kind}`);
    const served = await serve(one, ({ path }, answer) => {
      if (!/sha256-|referrers/.test(path)) return false;
      answer(401, {});
      return true;
    });
    await expect(verified(served, one, one.publicKey)).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
  });

  test.each([
    ["nonsense", /not a public key/],
    [generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" }).toString(), /type "x25519"/],
  ])("a key that can't sign", async (key, message) => {
    const one = named("P-256, tag");
    await expect(verified(await serve(one), one, key)).rejects.toThrow(message);
  });

  test("a chart that is in no registry, where nothing could have signed it", async () => {
    const source = { reference: "test/fixtures/charts/crds", env: { HOME: home }, cosignKey: stranger };
    await expect(resolveChart(source)).rejects.toMatchObject({ code: "CHART_UNVERIFIED" });
  });
});

describe("a bundle", () => {
  const one = named("P-256, bundle");
  const key = createPublicKey(one.publicKey);
  const text = Object.values(one.blobs)
    .map((content) => Buffer.from(content, "base64").toString("utf8"))
    .find((content) => content.includes("dsseEnvelope"));
  const bundle = JSON.parse(text ?? "");
  const statement = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString();
  const withEnvelope = (changed: object) =>
    Buffer.from(JSON.stringify({ ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, ...changed } }));
  const packedStatement = (changed: string) => Buffer.from(changed).toString("base64");

  test.each<[string, Buffer, boolean]>([
    ["as it is", withEnvelope({}), true],
    ["with one good signature of several", withEnvelope({ signatures: [{}, ...bundle.dsseEnvelope.signatures] }), true],
    ["with no signature", withEnvelope({ signatures: [] }), false],
    ["with an empty signature", withEnvelope({ signatures: [{ sig: "" }] }), false],
    ["with another type", withEnvelope({ payloadType: "text/plain" }), false],
    ["with a blank more", withEnvelope({ payload: packedStatement(`${statement} `) }), false],
    [
      "about another chart",
      withEnvelope({ payload: packedStatement(statement.replace(/[0-9a-f]{64}/, other)) }),
      false,
    ],
    ["that is no JSON", Buffer.from("no"), false],
    ["that is empty", Buffer.alloc(0), false],
  ])("%s", (_name, bytes, isGood) => {
    expect(isSignedBundle(bytes, key, one.digest)).toBe(isGood);
  });

  function other(): string {
    return createHash("sha256").update("other").digest("hex");
  }
});
