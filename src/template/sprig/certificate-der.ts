import type { KeyObject } from "node:crypto";
import { isAscii, toBytes } from "../../base/go-string.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import { FunctionError } from "../function.ts";
import { quote } from "../quote.ts";
import { derBitString, derElement, derInteger, derOid, derSequence, derTag, readDer } from "./der.ts";

export type CertificateRequest = {
  commonName: string;
  /** Each as its 4 or 16 bytes. */
  addresses: Uint8Array[];
  dnsNames: string[];
  validMs: number;
  isCa: boolean;
};

/** Who signs: the subject as DER, and the key's identifier where the signer's certificate has one. */
export type Issuer = { subject: Buffer; keyId: Buffer | undefined; key: KeyObject };

const empty = derSequence();

/** An X.509 v3 certificate, as Go's x509.CreateCertificate makes it from Helm's template. */
export function createCertificate(request: CertificateRequest, key: KeyObject, issuer?: Issuer): Buffer {
  const subject = nameToDer(request.commonName);
  const signer = issuer ?? { subject, keyId: undefined, key };
  const publicKey = nodeCrypto().createPublicKey(key).export({ type: "spki", format: "der" });
  const { hash, algorithm } = signatureOf(signer.key);
  const now = new Date();
  const body = derSequence(
    derElement(0xa0, derInteger(2n)),
    derInteger(BigInt(`0x${nodeCrypto().randomBytes(16).toString("hex")}`)),
    algorithm,
    signer.subject,
    derSequence(timeToDer(now), timeToDer(new Date(now.getTime() + request.validMs))),
    subject,
    publicKey,
    derElement(0xa3, derSequence(...extensions(request, { subject, publicKey, signer }))),
  );
  return derSequence(body, algorithm, derBitString(nodeCrypto().sign(hash, body, signer.key)));
}

export function nameToDer(commonName: string): Buffer {
  if (commonName === "") return empty;
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName);
  const value = derElement(isPrintable ? derTag.printableString : derTag.utf8String, toBytes(commonName));
  return derSequence(derElement(derTag.set, derSequence(derOid("2.5.4.3"), value)));
}

type Signature = { hash: string | null; algorithm: Buffer };

function signatureOf(key: KeyObject): Signature {
  if (key.asymmetricKeyType === "rsa") {
    return { hash: "sha256", algorithm: derSequence(derOid("1.2.840.113549.1.1.11"), derElement(0x05)) };
  }
  if (key.asymmetricKeyType === "ed25519") return { hash: null, algorithm: derSequence(derOid("1.3.101.112")) };
  const curve = key.asymmetricKeyType === "ec" ? key.asymmetricKeyDetails?.namedCurve : undefined;
  const [hash, oid] = (curve !== undefined && curves.get(curve)) || [];
  if (hash !== undefined && oid !== undefined) return { hash, algorithm: derSequence(derOid(oid)) };
  throw new FunctionError(
    key.asymmetricKeyType === "dsa"
      ? "error creating certificate: x509: certificate private key does not implement crypto.Signer"
      : "error creating certificate: x509: unsupported elliptic curve",
  );
}

const curves: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["secp224r1", ["sha256", "1.2.840.10045.4.3.2"]],
  ["prime256v1", ["sha256", "1.2.840.10045.4.3.2"]],
  ["secp384r1", ["sha384", "1.2.840.10045.4.3.3"]],
  ["secp521r1", ["sha512", "1.2.840.10045.4.3.4"]],
]);

// Years from 2050 on don't fit into the short form.
function timeToDer(date: Date): Buffer {
  const digits = date
    .toISOString()
    .replace(/\.[0-9]+Z$/, "Z")
    .replace(/[-:T]/g, "");
  const year = date.getUTCFullYear();
  const isShort = year >= 1950 && year < 2050;
  return derElement(isShort ? derTag.utcTime : derTag.generalizedTime, Buffer.from(isShort ? digits.slice(2) : digits));
}

type Parties = { subject: Buffer; publicKey: Buffer; signer: Issuer };

function extensions(request: CertificateRequest, { subject, publicKey, signer }: Parties): Buffer[] {
  const { isCa, dnsNames, addresses } = request;
  const serverAndClient = derSequence(derOid("1.3.6.1.5.5.7.3.1"), derOid("1.3.6.1.5.5.7.3.2"));
  const list = [
    // Bits count from the left: signatures, encipherment of keys, and for an authority signing certificates.
    extension("2.5.29.15", derBitString(Buffer.of(isCa ? 0xa4 : 0xa0), isCa ? 2 : 5), true),
    extension("2.5.29.37", serverAndClient),
    extension("2.5.29.19", isCa ? derSequence(derElement(derTag.boolean, Buffer.of(0xff))) : empty, true),
  ];
  if (isCa) list.push(extension("2.5.29.14", derElement(derTag.octetString, keyIdOf(publicKey))));
  if (signer.keyId && !signer.subject.equals(subject)) {
    list.push(extension("2.5.29.35", derSequence(derElement(0x80, signer.keyId))));
  }
  if (dnsNames.length + addresses.length > 0) {
    const names = dnsNames.map((name) => derElement(0x82, Buffer.from(checkIa5(name))));
    const isCritical = subject.equals(empty);
    list.push(
      extension("2.5.29.17", derSequence(...names, ...addresses.map((ip) => derElement(0x87, ip))), isCritical),
    );
  }
  return list;
}

function extension(oid: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [derElement(derTag.boolean, Buffer.of(0xff))] : [];
  return derSequence(derOid(oid), ...critical, derElement(derTag.octetString, value));
}

/** The first 20 bytes of the SHA-256 of the key's bits (RFC 7093). */
function keyIdOf(publicKey: Buffer): Buffer {
  const bits = readDer(readDer(publicKey)[0]?.content ?? empty)[1]?.content.subarray(1) ?? empty;
  return nodeCrypto().createHash("sha256").update(bits).digest().subarray(0, 20);
}

function checkIa5(name: string): string {
  if (isAscii(name)) return name;
  throw new FunctionError(`error creating certificate: x509: ${quote(name)} cannot be encoded as an IA5String`);
}
