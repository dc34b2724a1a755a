import { createPublicKey, type KeyObject } from "node:crypto";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import { checkDigest } from "../content-cache.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { Answer } from "../remote/fetcher.ts";
import { openRegistry, pullScope, type Registry } from "./client.ts";
import { bundleType, isSignedBundle, isSignedPayload, payloadType, signatureAnnotation } from "./cosign-signature.ts";
import { type Manifest, mediaTypes, readManifest } from "./manifest.ts";
import { fetchBlob, type PulledChart, type PullOptions, pinnedManifest } from "./pull.ts";
import { formatReference, type OciReference } from "./reference.ts";

const limitBytes = 4 * 1024 * 1024;
const mostBundles = 50;

/** One chart in its registry, and the key that has to have signed it. */
type Search = { registry: Registry; reference: OciReference; digest: string; key: KeyObject; options: PullOptions };

/**
 * Throws CHART_UNVERIFIED unless cosign signed exactly this chart with the key's other half. Knows both the bundles that
 * refer to the chart (cosign 3) and the signatures under a tag of the chart's digest (before).
 */
export async function verifyCosign(pulled: PulledChart, publicKeyPem: string, options: PullOptions): Promise<void> {
  const key = readPublicKey(publicKeyPem);
  const { reference, digest } = pulled;
  const search = { registry: openRegistry(reference.host, options), reference, digest, key, options };
  const bundles = await bundlesOf(search);
  for (const bundle of bundles) if (isSignedBundle(await readBundle(search, bundle), key, digest)) return;
  const tagged = await taggedSignatures(search);
  if (tagged !== undefined && (await isSignedByTag(search, tagged))) return;
  const what = formatReference(reference);
  if (bundles.length === 0 && tagged === undefined) throw unverified(what, "it has no signature", key);
  throw unverified(what, "none of its signatures was made with this key for this chart", key);
}

/** The digests of the manifests that hold bundles; the newest come last, and are kept where there are too many. */
async function bundlesOf(search: Search): Promise<string[]> {
  const { registry, reference, digest } = search;
  const answer = await registry.ask({
    path: `${reference.repository}/referrers/${digest}?artifactType=${encodeURIComponent(bundleType)}`,
    scope: pullScope(reference),
    headers: { accept: mediaTypes.index },
    limitBytes,
  });
  const list = isUnsupported(answer)
    ? await taggedManifest(search, digest.replace(":", "-"), mediaTypes.index)
    : readReferrers(answer, search);
  const bundles = list?.manifests.filter(({ artifactType }) => artifactType === bundleType) ?? [];
  return bundles.slice(-mostBundles).map((bundle) => bundle.digest);
}

// Without the referrers API, the same list lies under a tag.
function isUnsupported({ status }: Answer): boolean {
  return status === 400 || status === 403 || status === 404 || status === 405;
}

function readReferrers(answer: Answer, { reference }: Search): Manifest {
  const what = formatReference(reference);
  checkStatus(answer, `look for signatures of ${what}`);
  return readManifest(answer.body, what);
}

async function readBundle({ registry, reference, options }: Search, digest: string): Promise<Buffer> {
  const { bytes } = await pinnedManifest(registry, reference, digest, options.cache);
  const { layers } = readManifest(bytes, `the signature of ${formatReference(reference)}`);
  const layer = layers.find(({ mediaType }) => mediaType === bundleType);
  return layer === undefined ? Buffer.alloc(0) : await fetchBlob(registry, reference, layer, options.cache);
}

async function taggedSignatures(search: Search): Promise<Manifest | undefined> {
  return await taggedManifest(search, `${search.digest.replace(":", "-")}.sig`, mediaTypes.manifest);
}

async function taggedManifest({ registry, reference }: Search, tag: string, accept: string) {
  const what = formatReference(reference);
  const answer = await registry.ask({
    path: `${reference.repository}/manifests/${tag}`,
    scope: pullScope(reference),
    headers: { accept },
    limitBytes,
  });
  try {
    checkStatus(answer, `fetch the signature of ${what}`);
  } catch (error) {
    if (hasCode(error, "CHART_NOT_FOUND")) return undefined;
    throw error;
  }
  const said = answer.headers["docker-content-digest"];
  if (typeof said === "string") checkDigest(answer.body, said, `The signature of ${what}`);
  return readManifest(answer.body, what);
}

async function isSignedByTag({ registry, reference, digest, key, options }: Search, { layers }: Manifest) {
  for (const layer of layers.slice(-mostBundles)) {
    const signature = stringAt(layer.annotations, signatureAnnotation);
    if (layer.mediaType !== payloadType || signature === undefined) continue;
    const payload = await fetchBlob(registry, reference, layer, options.cache);
    if (isSignedPayload({ payload, signature }, key, digest)) return true;
  }
  return false;
}

function readPublicKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", "The cosign key is not a public key in PEM form", { cause });
  }
  if (["ec", "rsa", "ed25519"].includes(key.asymmetricKeyType ?? "")) return key;
  throw new SlipwayError("INPUT_INVALID", `The cosign key can't be of the type "${key.asymmetricKeyType}"`);
}

function unverified(what: string, why: string, { asymmetricKeyType }: KeyObject): SlipwayError {
  return new SlipwayError("CHART_UNVERIFIED", `Cannot verify ${what}: ${why}`, {
    hint:
      asymmetricKeyType === "ed25519"
        ? "Newer versions of cosign sign with Ed25519ph, which can't be checked here: use an ECDSA key."
        : "Sign it with `cosign sign --key`, or name the right public key.",
  });
}
