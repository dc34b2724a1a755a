import type { KeyObject } from "node:crypto";
import { nodeCrypto } from "../../base/node-library.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { fn } from "./define.ts";
import { type DerElement, derInteger, derSequence, fromPem, readDer, toPem } from "./der.ts";

export const keyFunctions: FunctionTable = {
  genPrivateKey: fn(["string"], generateKey),
};

/** An unknown type is told in the result, as Helm does. */
function generateKey(type: string): string {
  if (type === "" || type === "rsa") return keyToPem(newRsaKey(4096));
  if (type === "dsa")
    return keyToPem(nodeCrypto().generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).privateKey);
  if (type === "ecdsa") return keyToPem(nodeCrypto().generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
  return type === "ed25519" ? keyToPem(nodeCrypto().generateKeyPairSync("ed25519").privateKey) : `Unknown type ${type}`;
}

export function newRsaKey(bits: number): KeyObject {
  return nodeCrypto().generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
}

/** In each type's own old format, and in PKCS#8 where there is none. */
export function keyToPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "dsa":
      return toPem("DSA PRIVATE KEY", dsaToDer(key));
    default:
      return key.export({ type: "pkcs8", format: "pem" }).toString();
  }
}

function dsaToDer(key: KeyObject): Buffer {
  const [, algorithm, secret] = children(key.export({ type: "pkcs8", format: "der" }));
  const [p = 0n, q = 0n, g = 0n] = nested(nested(algorithm)[1]).map(toBigInt);
  const x = toBigInt(nested(secret)[0]);
  return derSequence(...[0n, p, q, g, powerModulo(g, x, p), x].map(derInteger));
}

function children(bytes: Buffer): DerElement[] {
  return nested(readDer(bytes)[0]);
}

function nested(element: DerElement | undefined): DerElement[] {
  return element ? readDer(element.content) : [];
}

function toBigInt(element: DerElement | undefined): bigint {
  return BigInt(`0x${element?.content.toString("hex") || "0"}`);
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

const formats: Readonly<Record<string, { type: "pkcs1" | "sec1" | "pkcs8"; complaint: string }>> = {
  "PRIVATE KEY": { type: "pkcs8", complaint: "decoding PEM as PKCS#8" },
  "RSA PRIVATE KEY": { type: "pkcs1", complaint: "parsing RSA private key from PEM" },
  "EC PRIVATE KEY": { type: "sec1", complaint: "parsing EC private key from PEM" },
};

/** Reads a private key; throws Helm's error. */
export function parsePrivateKey(pem: string): KeyObject {
  const block = fromPem(pem);
  if (!block) throw new FunctionError("no PEM data in input");
  const { label, bytes } = block;
  if (!/(?:^| )PRIVATE KEY$/.test(label)) {
    throw new FunctionError(`no private key data in PEM block of type ${label}`);
  }
  if (label === "DSA PRIVATE KEY")
    return readKey(() => nodeCrypto().createPrivateKey(toPem(label, bytes)), "parsing DSA private key from PEM");
  const format = Object.hasOwn(formats, label) ? formats[label] : undefined;
  if (!format) throw new FunctionError(`invalid private key type ${label}`);
  return readKey(
    () => nodeCrypto().createPrivateKey({ key: bytes, format: "der", type: format.type }),
    format.complaint,
  );
}

function readKey(read: () => KeyObject, complaint: string): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new FunctionError(`${complaint}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
