import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enums, generateKey, type PrivateKey, revokeKey } from "openpgp";
import { afterAll, describe, expect, test } from "vitest";
import type { SignedCharts } from "../../../scripts/signed-chart.ts";
import { readKeyring } from "../../../src/chart/provenance/keyring.ts";
import { signChart } from "../../../src/chart/provenance/sign-chart.ts";
import { verifyBytes } from "../../../src/chart/provenance/verify-chart.ts";
import type { Chart } from "../../../src/chart/types.ts";

/** What the real GnuPG and the real Helm made. */
const signed: SignedCharts = JSON.parse(readFileSync(new URL("signed.generated.json", import.meta.url), "utf8"));
const keybox = Buffer.from(signed.keybox, "base64");
const keyrings = {
  "GnuPG's keybox": keybox,
  "a binary keyring": Buffer.from(signed.keyring, "base64"),
  "an armored keyring": Buffer.from(signed.armored),
  "several armored keyrings": Buffer.from(`${signed.armored}\n${signed.armored}`),
};
const fileName = "shop-1.0.0.tgz";
const stranger = await publicKey(await newKey("Stranger"));

const folder = mkdtempSync(join(tmpdir(), "slipway-signed-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(keyrings))("what Helm signed, by %s", (_name, keyring) => {
  test.each(signed.charts)("is good: $signer", async ({ archive, provenance, signer, fingerprint }) => {
    const verified = await verifyBytes(Buffer.from(archive, "base64"), Buffer.from(provenance), { fileName, keyring });
    expect(verified).toMatchObject({ signers: [signer], fingerprint });
  });
});

describe("what is not exactly what somebody known signed is refused", () => {
  const [{ archive, provenance } = { archive: "", provenance: "" }] = signed.charts;
  const bytes = Buffer.from(archive, "base64");
  const good = { bytes, provenance, fileName, keyring: keybox as Uint8Array };
  const digest = /sha256:([0-9a-f]{64})/.exec(provenance)?.[1] ?? "";

  test.each<[string, Partial<typeof good>, RegExp]>([
    [
      "a changed archive",
      { bytes: Buffer.concat([bytes, Buffer.from([0])]) },
      /has the digest sha256:.*, what is here/,
    ],
    ["another digest", { provenance: provenance.replace(digest, "0".repeat(64)) }, /signed digest did not match/],
    ["other metadata", { provenance: provenance.replace("version: 1.0.0", "version: 1.0.1") }, /did not match/],
    ["another signature", { provenance: provenance.replace(/^(=?\w{4,})$/m, "AAAA$1") }, /signature/],
    ["a signature cut off", { provenance: provenance.slice(0, -120) }, /holds no signature|signature/],
    ["a text without a signature", { provenance: "files: {}" }, /holds no signature/],
    ["nothing", { provenance: "" }, /holds no signature/],
    ["another file's name", { fileName: "shop-1.0.1.tgz" }, /is for another file/],
    ["a stranger", { keyring: stranger }, /could not find signing key/i],
    ["an empty keyring", { keyring: new Uint8Array(0) }, /./],
  ])("%s", async (_name, changed, message) => {
    const { provenance: text, ...rest } = { ...good, ...changed };
    const failing = verifyBytes(rest.bytes, Buffer.from(text), rest);
    await expect(failing).rejects.toMatchObject({ code: "CHART_UNVERIFIED", message: expect.stringMatching(message) });
  });

  test("a missing provenance file", async () => {
    await expect(verifyBytes(bytes, undefined, good)).rejects.toMatchObject({ code: "CHART_UNVERIFIED" });
  });
});

describe("a key that is no longer good", () => {
  const day = 86_400_000;
  const longAgo = new Date(Date.now() - 10 * day);

  test.each<[string, () => Promise<{ signer: PrivateKey; keyring: Uint8Array }>, RegExp]>([
    [
      "it expired since",
      async () => {
        const signer = await newKey("Late", { date: longAgo, keyExpirationTime: 20 * 24 * 3600 });
        return { signer, keyring: await publicKey(await shortened(signer)) };
      },
      /primary key is expired/,
    ],
    ["it was given up", () => revoked("keyRetired"), /primary key is revoked/],
    ["it was stolen", () => revoked("keyCompromised"), /primary key is revoked/],
  ])("signs nothing any more: %s", async (_name, make, message) => {
    const { signer, keyring } = await make();
    const { bytes, provenance } = await signedBy(signer);
    const good = { fileName, keyring: await publicKey(signer) };
    await expect(verifyBytes(bytes, provenance, good)).resolves.toMatchObject({ signers: signer.getUserIDs() });
    await expect(verifyBytes(bytes, provenance, { fileName, keyring })).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      message: expect.stringMatching(message),
    });
  });

  async function revoked(flag: "keyRetired" | "keyCompromised") {
    const signer = await newKey("Revoked", { date: longAgo });
    const reasonForRevocation = { flag: enums.reasonForRevocation[flag] };
    const { publicKey: key } = await revokeKey({ key: signer, reasonForRevocation, format: "object" });
    return { signer, keyring: key.write() as Uint8Array };
  }

  /** The same key, as its owner publishes it after letting it end yesterday. */
  async function shortened(key: PrivateKey): Promise<PrivateKey> {
    const { reformatKey } = await import("openpgp");
    const options = { privateKey: key, userIDs: [{ name: "Late" }], date: longAgo, keyExpirationTime: 9 * 24 * 3600 };
    return (await reformatKey({ ...options, format: "object" })).privateKey;
  }
});

describe("keyrings", () => {
  test.each([
    ["cut off", keybox.subarray(0, -10), 1],
    ["with a record of no length", Buffer.concat([keybox, Buffer.alloc(64)]), 2],
    ["with a record that is longer than the file", Buffer.concat([keybox, Buffer.alloc(64, 0xff)]), 2],
  ])("a keybox %s gives what it holds", async (_name, bytes, count) => {
    expect(await readKeyring(bytes)).toHaveLength(count);
  });

  test.each([
    ["that is missing", join(folder, "missing.gpg")],
    ["that is something else", "package.json"],
  ])("one %s says what to do", async (_name, path) => {
    await expect(readKeyring(path)).rejects.toMatchObject({
      code: "CHART_UNVERIFIED",
      hint: expect.stringContaining("gpg --export >"),
    });
  });

  test("one without a secret key says how to get it", async () => {
    const path = join(folder, "public.kbx");
    writeFileSync(path, keybox);
    const signer = { name: "Rsa Signer", keyring: path, passphrase: undefined };
    await expect(signChart(packed, chart.metadata, signer)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      hint: expect.stringContaining("gpg --export-secret-keys"),
    });
  });
});

const chart: Chart = { metadata: { apiVersion: "v2", name: "shop", version: "1.0.0" } } as Chart;
const packed = { fileName, bytes: Buffer.from("an archive") };

type KeyOptions = { date?: Date; keyExpirationTime?: number };

async function newKey(name: string, options: KeyOptions = {}): Promise<PrivateKey> {
  const { privateKey } = await generateKey({ userIDs: [{ name }], format: "object", ...options });
  return privateKey;
}

async function publicKey(key: PrivateKey): Promise<Uint8Array> {
  return key.toPublic().write() as Uint8Array;
}

async function signedBy(key: PrivateKey) {
  const path = join(folder, "secret.gpg");
  writeFileSync(path, key.write() as Uint8Array);
  const name = key.getUserIDs()[0] ?? "";
  const provenance = await signChart(packed, chart.metadata, { name, keyring: path, passphrase: undefined });
  return { bytes: packed.bytes, provenance: Buffer.from(provenance) };
}
