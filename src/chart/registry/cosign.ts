import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import { checkDigest } from "../content-cache.ts";
import { checkStatus } from "../remote/check-status.ts";
import { openRegistry, pullScope } from "./client.ts";
import { mediaTypes, readManifest } from "./manifest.ts";
import { fetchBlob, type PulledChart, type PullOptions } from "./pull.ts";
import { formatReference } from "./reference.ts";

const signatureAnnotation = "dev.cosignproject.cosign/signature";
const payloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
const limitBytes = 4 * 1024 * 1024;

/** Throws CHART_UNVERIFIED unless cosign signed exactly this chart with the key's other half. */
export async function verifyCosign(pulled: PulledChart, publicKeyPem: string, options: PullOptions): Promise<void> {
  const key = readPublicKey(publicKeyPem);
  const { reference, digest } = pulled;
  const what = formatReference(reference);
  const registry = openRegistry(reference.host, options);
  const tag = `${digest.replace(":", "-")}.sig`;
  const answer = await registry.ask({
    path: `${reference.repository}/manifests/${tag}`,
    scope: pullScope(reference),
    headers: { accept: mediaTypes.manifest },
    limitBytes,
  });
  try {
    checkStatus(answer, `fetch the signature of ${what}`);
  } catch (error) {
    if (hasCode(error, "CHART_NOT_FOUND")) throw unverified(what, "it has no signature", error);
    throw error;
  }
  const said = answer.headers["docker-content-digest"];
  if (typeof said === "string") checkDigest(answer.body, said, `The signature of ${what}`);
  for (const layer of readManifest(answer.body, what).layers) {
    const signature = stringAt(layer.annotations, signatureAnnotation);
    if (layer.mediaType !== payloadType || signature === undefined) continue;
    const payload = await fetchBlob(registry, reference, layer, options.cache);
    if (
      isSigned(payload, signature, key) &&
      stringAt(parse(payload), "critical", "image", "docker-manifest-digest") === digest
    )
      return;
  }
  throw unverified(what, "none of its signatures was made with this key for this chart");
}

function isSigned(payload: Buffer, signature: string, key: KeyObject): boolean {
  // Ed25519 hashes by itself.
  const algorithm = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(algorithm, payload, key, Buffer.from(signature, "base64"));
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", "The cosign key is not a public key in PEM form", { cause });
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return undefined;
  }
}

function unverified(what: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("CHART_UNVERIFIED", `Cannot verify ${what}: ${why}`, {
    hint: "Sign it with `cosign sign --key`, or name the right public key.",
    cause,
  });
}
