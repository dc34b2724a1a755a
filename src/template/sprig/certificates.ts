import type { KeyObject, X509Certificate } from "node:crypto";
import { GoStruct } from "../../base/go-objects.ts";
import { fromBytes } from "../../base/go-string.ts";
import type { GoValue } from "../../base/go-value.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import { goText } from "../format.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { createCertificate, type Issuer } from "./certificate-der.ts";
import { fn } from "./define.ts";
import { fromPem, readDer, toPem } from "./der.ts";
import { decodeBase64 } from "./encoding.ts";
import { parseIp } from "./ip-address.ts";
import { keyToPem, newRsaKey, parsePrivateKey } from "./private-keys.ts";

const rsaBits = 2048;

type Request = { commonName: string; ips: GoValue[]; dnsNames: GoValue[]; days: bigint; isCa: boolean };

/** Each gives a struct with the PEM texts `Cert` and `Key`. */
export const certificateFunctions: FunctionTable = {
  buildCustomCert: fn(["string", "string"], buildCustom),
  genCA: fn(["string", "int"], (commonName: string, days: bigint) =>
    issue({ commonName, ips: [], dnsNames: [], days, isCa: true }, newRsaKey(rsaBits)),
  ),
  genCAWithKey: fn(["string", "int", "string"], (commonName: string, days: bigint, key: string) =>
    issue({ commonName, ips: [], dnsNames: [], days, isCa: true }, givenKey(key)),
  ),
  genSelfSignedCert: fn(
    ["string", "[]any", "[]any", "int"],
    (commonName: string, ips: GoValue[], dnsNames: GoValue[], days: bigint) =>
      issue({ commonName, ips, dnsNames, days, isCa: false }, newRsaKey(rsaBits)),
  ),
  genSelfSignedCertWithKey: fn(
    ["string", "[]any", "[]any", "int", "string"],
    (commonName: string, ips: GoValue[], dnsNames: GoValue[], days: bigint, key: string) =>
      issue({ commonName, ips, dnsNames, days, isCa: false }, givenKey(key)),
  ),
  genSignedCert: fn(
    ["string", "[]any", "[]any", "int", "sprig.certificate"],
    (commonName: string, ips: GoValue[], dnsNames: GoValue[], days: bigint, ca: GoStruct) =>
      issue({ commonName, ips, dnsNames, days, isCa: false }, newRsaKey(rsaBits), ca),
  ),
  genSignedCertWithKey: fn(
    ["string", "[]any", "[]any", "int", "sprig.certificate", "string"],
    (commonName: string, ips: GoValue[], dnsNames: GoValue[], days: bigint, ca: GoStruct, key: string) =>
      issue({ commonName, ips, dnsNames, days, isCa: false }, givenKey(key), ca),
  ),
};

function toStruct(certificate: string, key: string): GoStruct {
  return new GoStruct(
    "sprig.certificate",
    new Map([
      ["Cert", certificate],
      ["Key", key],
    ]),
  );
}

function givenKey(pem: string): KeyObject {
  return translate("parsing private key", () => parsePrivateKey(pem));
}

function issue({ ips, dnsNames, days, ...request }: Request, key: KeyObject, ca?: GoStruct): GoStruct {
  const issuer = ca && readIssuer(ca);
  const addresses = ips.map((ip) => parseIp(asString(ip, "error parsing ip")));
  const names = dnsNames.map((name) => asString(name, "error processing alternate dns name"));
  const bytes = createCertificate(
    { ...request, addresses, dnsNames: names, validMs: toMilliseconds(days) },
    key,
    issuer,
  );
  return toStruct(toPem("CERTIFICATE", bytes), keyToPem(key));
}

// Go counts the nanoseconds of so many days in 64 bits, which wrap around after 292 years.
function toMilliseconds(days: bigint): number {
  return Number(BigInt.asIntN(64, days * 86_400_000_000_000n) / 1_000_000n);
}

function asString(value: GoValue, complaint: string): string {
  if (typeof value === "string") return value;
  throw new FunctionError(`${complaint}: ${goText(value)} is not a string`);
}

function readIssuer(ca: GoStruct): Issuer {
  const block = fromPem(textOf(ca, "Cert"));
  if (!block) throw new FunctionError("unable to decode certificate");
  const parsed = readCertificate(block.bytes, "error parsing certificate: decodedSignerCert.Bytes");
  const key = translate("error parsing private key", () => parsePrivateKey(textOf(ca, "Key")));
  if (!nodeCrypto().createPublicKey(key).equals(parsed.publicKey)) {
    throw new FunctionError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  return { ...subjectOf(block.bytes), key };
}

function textOf(struct: GoStruct, field: string): string {
  const value = struct.fields.get(field);
  return typeof value === "string" ? value : "";
}

function readCertificate(bytes: Buffer, complaint: string): X509Certificate {
  try {
    return new (nodeCrypto().X509Certificate)(bytes);
  } catch {
    throw new FunctionError(`${complaint}: x509: malformed certificate`);
  }
}

const subjectKeyIdOid = Buffer.from("0603551d0e", "hex");

/** The subject as it stands in the certificate, and its key's identifier from the extensions. */
function subjectOf(bytes: Buffer): { subject: Buffer; keyId: Buffer | undefined } {
  const body = readDer(readDer(readDer(bytes)[0]?.content ?? bytes)[0]?.content ?? bytes);
  // Version and serial number come first; the version may be left out.
  const subject = body[body[0]?.tag === 0xa0 ? 5 : 4]?.bytes ?? Buffer.alloc(0);
  const extensions = body.find(({ tag }) => tag === 0xa3);
  const list = extensions ? readDer(readDer(extensions.content)[0]?.content ?? Buffer.alloc(0)) : [];
  const found = list.find(({ content }) => content.subarray(0, subjectKeyIdOid.length).equals(subjectKeyIdOid));
  const value = found && readDer(found.content).at(-1);
  return { subject, keyId: value && readDer(value.content)[0]?.content };
}

function buildCustom(certificate: string, key: string): GoStruct {
  const certificateBytes = decodeBase64(certificate);
  if (typeof certificateBytes === "number") throw new FunctionError("unable to decode base64 certificate");
  const keyBytes = decodeBase64(key);
  if (typeof keyBytes === "number") throw new FunctionError("unable to decode base64 private key");
  const certificateText = fromBytes(certificateBytes);
  const keyText = fromBytes(keyBytes);
  const block = fromPem(certificateText);
  if (!block) throw new FunctionError("unable to decode certificate");
  readCertificate(block.bytes, "error parsing certificate: decodedCert.Bytes");
  translate("error parsing private key", () => parsePrivateKey(keyText));
  return toStruct(certificateText, keyText);
}

function translate<T>(complaint: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof FunctionError) throw new FunctionError(`${complaint}: ${cause.message}`);
    throw cause;
  }
}
