/**
 * Signs charts in a local registry with the real cosign and writes what then lies in the registry to
 * test/chart/registry/cosign.generated.json. Secret keys are made for one run and not kept.
 *
 *     COSIGN=PATH node scripts/cosign-signatures.ts
 *
 * cosign 3.1.3 made what is there: go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chartHome } from "../src/chart/home.ts";
import { pushChart } from "../src/chart/registry/push.ts";
import { packed } from "../test/chart/packed.ts";
import { freePort } from "../test/e2e/free-port.ts";
import { startRegistry } from "../test/e2e/real-registry.ts";

export type SignedRepository = {
  name: string;
  publicKey: string;
  repository: string;
  digest: string;
  /** The text of each manifest by its tag or digest. */
  manifests: Record<string, string>;
  /** In base64, by digest. */
  blobs: Record<string, string>;
};

const { COSIGN: cosign } = process.env;
if (cosign === undefined) throw new Error("usage: COSIGN=PATH node scripts/cosign-signatures.ts");
const folder = mkdtempSync(join(tmpdir(), "cosign-signatures-"));
const env = { ...process.env, HOME: folder, COSIGN_PASSWORD: "", COSIGN_YES: "true" };
const run = (...words: string[]) => execFileSync(cosign, words, { cwd: folder, env, stdio: "pipe", timeout: 60_000 });

const generated = {
  "P-256": () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  "P-384": () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
  "P-521": () => generateKeyPairSync("ec", { namedCurve: "P-521" }),
  RSA: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync("ed25519"),
};
const offline = ["--tlog-upload=false", "--use-signing-config=false", "--allow-http-registry"];
const forms: Record<string, (key: string, image: string) => void> = {
  bundle: (key, image) => run("sign", "--key", key, ...offline, image),
  tag: (key, image) => run("sign", "--key", key, "--new-bundle-format=false", ...offline, image),
  attestation: (key, image) => {
    writeFileSync(join(folder, "predicate.json"), "{}");
    run("attest", "--key", key, "--predicate", "predicate.json", ...offline, image);
  },
};

function makeKey(kind: keyof typeof generated): string {
  const pem = generated[kind]().privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(join(folder, `${kind}.pem`), pem);
  run("import-key-pair", "--key", `${kind}.pem`, "--output-key-prefix", kind);
  return readFileSync(join(folder, `${kind}.pub`), "utf8");
}

const accept =
  "application/vnd.oci.image.manifest.v1+json,application/vnd.oci.image.index.v1+json,application/vnd.docker.distribution.manifest.v2+json";

async function dump(host: string, repository: string): Promise<Pick<SignedRepository, "manifests" | "blobs">> {
  const get = async (path: string) => {
    const answer = await fetch(`http://${host}/v2/${repository}/${path}`, { headers: { accept } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const manifests: Record<string, string> = {};
  const blobs: Record<string, string> = {};
  const take = async (reference: string): Promise<void> => {
    const text = (await get(`manifests/${reference}`)).toString();
    manifests[reference] = text;
    const { layers = [], config, manifests: inner = [] } = JSON.parse(text);
    for (const { digest } of [...layers, ...(config ? [config] : [])]) {
      blobs[digest] = (await get(`blobs/${digest}`)).toString("base64");
    }
    for (const { digest } of inner) await take(digest);
  };
  const { tags } = JSON.parse((await get("tags/list")).toString());
  for (const tag of tags.sort()) await take(tag);
  return { manifests, blobs };
}

const registry = await startRegistry({ port: await freePort() });
try {
  const found: SignedRepository[] = [];
  for (const kind of Object.keys(generated) as (keyof typeof generated)[]) {
    const publicKey = makeKey(kind);
    for (const [form, signWith] of Object.entries(forms)) {
      if (form === "attestation" && kind !== "P-256") continue;
      const repository = `${kind.toLowerCase().replace("-", "")}/${form}`;
      const chart = { bytes: packed("shop", "1.0.0"), fileName: "shop-1.0.0.tgz", created: new Date(0) };
      const options = { access: { plainHttp: true }, home: chartHome(env), network: { env } };
      const { digest } = await pushChart(chart, `oci://${registry.host}/${repository}`, options);
      signWith(`${kind}.key`, `${registry.host}/${repository}/shop@${digest}`);
      const content = await dump(registry.host, `${repository}/shop`);
      found.push({ name: `${kind}, ${form}`, publicKey, repository, digest, ...content });
    }
  }
  const file = new URL("../test/chart/registry/cosign.generated.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
  console.log(`${found.length} signed charts`);
} finally {
  await registry.stop();
  rmSync(folder, { recursive: true });
}
