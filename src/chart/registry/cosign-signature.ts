import { type KeyObject, verify } from "node:crypto";
import { arrayAt, stringAt } from "../../base/json-path.ts";

export const signatureAnnotation = "dev.cosignproject.cosign/signature";
export const payloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

const statementType = "application/vnd.in-toto+json";
const signPredicate = "https://sigstore.dev/cosign/sign/v1";

type Payload = { payload: Buffer; signature: string };

/** Whether a payload as cosign made it before bundles is signed by the key and is about the manifest with the digest. */
export function isSignedPayload({ payload, signature }: Payload, key: KeyObject, digest: string): boolean {
  if (!isSigned(payload, signature, key)) return false;
  return stringAt(parse(payload), "critical", "image", "docker-manifest-digest") === digest;
}

/** Whether a Sigstore bundle is signed by the key and says that the manifest with the digest is. */
export function isSignedBundle(bundle: Buffer, key: KeyObject, digest: string): boolean {
  const document = parse(bundle);
  const type = stringAt(document, "dsseEnvelope", "payloadType") ?? "";
  const payload = Buffer.from(stringAt(document, "dsseEnvelope", "payload") ?? "", "base64");
  // The pre-authentication encoding of DSSE.
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const signatures = arrayAt(document, "dsseEnvelope", "signatures").slice(0, 10);
  if (!signatures.some((one) => isSigned(signed, stringAt(one, "sig") ?? "", key))) return false;
  const statement = parse(payload);
  // What else the key has signed, such as a list of ingredients, says nothing about trust.
  if (type !== statementType || stringAt(statement, "predicateType") !== signPredicate) return false;
  const subjects = arrayAt(statement, "subject");
  return subjects.some((subject) => `sha256:${stringAt(subject, "digest", "sha256")}` === digest);
}

function isSigned(data: Buffer, signature: string, key: KeyObject): boolean {
  const bytes = Buffer.from(signature, "base64");
  return bytes.length > 0 && hashesOf(key).some((hash) => verify(hash, data, key, bytes));
}

/** Ed25519 hashes by itself. For the longer curves cosign takes the longer hash, key services often the usual one. */
function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): (string | null)[] {
  if (asymmetricKeyType === "ed25519") return [null];
  if (asymmetricKeyDetails?.namedCurve === "secp384r1") return ["sha384", "sha256"];
  if (asymmetricKeyDetails?.namedCurve === "secp521r1") return ["sha512", "sha256"];
  return ["sha256"];
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
