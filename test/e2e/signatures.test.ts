import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, type PrivateKey, reformatKey, revokeKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Place, placesIn, type Tool, writeChart } from "./chart-place.ts";

const tools: Tool[] = ["helm3", "helm4", "slipway"];
const file = "shop-1.0.0.tgz";
const day = 86_400_000;
const longAgo = new Date(Date.now() - 10 * day);

let root: string;
const makePlace = placesIn(() => root);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-signatures-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Kind = "rsa" | "curve25519";

async function newKey(type: Kind): Promise<PrivateKey> {
  const userIDs = [{ name: "Slip Way", email: "s@w.test" }];
  const options = type === "rsa" ? { type, rsaBits: 2048 } : { type: "ecc" as const, curve: "ed25519Legacy" as const };
  return (await generateKey({ userIDs, date: longAgo, format: "object", ...options })).privateKey;
}

async function signedBy(tool: Tool, kind: Kind): Promise<{ place: Place; key: PrivateKey }> {
  const place = makePlace("signed");
  const key = await newKey(kind);
  place.write("secret.gpg", key.write() as Uint8Array);
  place.write("public.gpg", key.toPublic().write() as Uint8Array);
  writeChart(place, "shop", "1.0.0");
  await place.tool(tool, "package", "shop", "--sign", "--key", "Slip Way", "--keyring", "secret.gpg");
  return { place, key };
}

const verifyWith = async (place: Place, name = file) =>
  await Promise.all(tools.map((tool) => place.run(tool, ["verify", name, "--keyring", "public.gpg"])));

type Spoil = (place: Place, key: PrivateKey) => Promise<string | undefined> | string | undefined;

const spoilt: [string, Spoil][] = [
  [
    "a changed archive",
    (place) => {
      appendFileSync(place.at(file), "x");
      return undefined;
    },
  ],
  [
    "a changed provenance file",
    (place) => {
      const text = readFileSync(place.at(`${file}.prov`), "utf8");
      writeFileSync(place.at(`${file}.prov`), text.replace("version: 1.0.0", "version: 1.0.1"));
      return undefined;
    },
  ],
  [
    "a missing provenance file",
    (place) => {
      rmSync(place.at(`${file}.prov`));
      return undefined;
    },
  ],
  [
    "another file's name",
    (place) => {
      for (const end of ["", ".prov"]) renameSync(place.at(file + end), place.at(`shop-2.0.0.tgz${end}`));
      return "shop-2.0.0.tgz";
    },
  ],
  [
    "an unknown key",
    async (place) => {
      place.write("public.gpg", (await newKey("rsa")).toPublic().write() as Uint8Array);
      return undefined;
    },
  ],
  [
    "an expired key",
    async (place, privateKey) => {
      const until = { date: longAgo, keyExpirationTime: 9 * 24 * 3600 };
      const ended = await reformatKey({ privateKey, userIDs: [{ name: "Slip Way" }], ...until, format: "object" });
      place.write("public.gpg", ended.publicKey.write() as Uint8Array);
      return undefined;
    },
  ],
  [
    "a revoked key",
    async (place, key) => {
      const { publicKey } = await revokeKey({ key, format: "object" });
      place.write("public.gpg", publicKey.write() as Uint8Array);
      return undefined;
    },
  ],
];

describe.each(tools)("what %s signed", (signer) => {
  test.each<Kind>(["rsa", "curve25519"])("with a key of %s is good to all", async (kind) => {
    const { place } = await signedBy(signer, kind);
    const [first, ...others] = await verifyWith(place);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("Signed by: Slip Way <s@w.test>") });
    for (const other of others) expect(other).toEqual(first);
  });

  test.each(spoilt)("is good to none with %s", async (_name, spoil) => {
    const { place, key } = await signedBy(signer, "rsa");
    const verdicts = await verifyWith(place, await spoil(place, key));
    expect(verdicts.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(verdicts[2]?.err).toContain("CHART_UNVERIFIED");
  });
});
