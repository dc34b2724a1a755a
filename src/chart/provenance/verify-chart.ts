import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { PublicKey } from "openpgp";
import { SlipwayError } from "../../base/error.ts";
import { sha256 } from "../../base/sha256.ts";
import { readYaml } from "../../base/yaml/read.ts";
import type { LocatedChart } from "../surroundings.ts";
import { type Keyring, readKeyring } from "./keyring.ts";
import { reasonOf } from "./reason.ts";

/** Who signed a chart, and what exactly. */
export type Verification = { signers: string[]; fingerprint: string; digest: string };

const separator = "\n...\n";

/** Throws CHART_UNVERIFIED unless a key of the keyring signed exactly this chart. */
export async function verifyLocated(located: LocatedChart, keyring: Keyring): Promise<Verification> {
  if (located.kind === "local") return await verifyFile(located.path, keyring);
  return await verifyBytes(located.bytes, await provenanceOf(located), { fileName: located.fileName, keyring });
}

/** A packed chart here, with its provenance file beside it. */
export async function verifyFile(path: string, keyring: Keyring): Promise<Verification> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw unverified(path, "it is a folder, and only packed charts are signed");
  }
  const bytes = readOr(path, "there is no such file");
  const provenance = readOr(`${path}.prov`, `its provenance file "${path}.prov" is missing`);
  return await verifyBytes(bytes, provenance, { fileName: basename(path), keyring });
}

type Against = { fileName: string; keyring: Keyring };

export async function verifyBytes(
  bytes: Uint8Array,
  provenance: Uint8Array | undefined,
  { fileName, keyring }: Against,
): Promise<Verification> {
  if (provenance === undefined) throw unverified(fileName, "it has no provenance file");
  const { text, ...signed } = await checkSignature(provenance, fileName, keyring);
  const digest = `sha256:${sha256(bytes)}`;
  const promised = promisedDigest(text, fileName);
  if (promised !== digest) {
    throw unverified(fileName, `what was signed has the digest ${promised}, what is here ${digest}`);
  }
  return { ...signed, digest };
}

type Signed = { text: string; signers: string[]; fingerprint: string };

async function checkSignature(provenance: Uint8Array, fileName: string, keyring: Keyring): Promise<Signed> {
  const [{ readCleartextMessage, verify }, keys] = await Promise.all([import("openpgp"), readKeyring(keyring)]);
  const cleartextMessage = Buffer.from(provenance).toString("utf8");
  let message: Awaited<ReturnType<typeof readCleartextMessage>>;
  try {
    message = await readCleartextMessage({ cleartextMessage });
  } catch (cause) {
    throw unverified(fileName, "its provenance file holds no signature", cause);
  }
  const verificationKeys: PublicKey[] = keys.map((key) => key.toPublic());
  const { signatures } = await verify({ message, verificationKeys });
  let failure: unknown;
  for (const { verified, keyID } of signatures) {
    try {
      await verified;
      const key = verificationKeys.find((candidate) => candidate.getKeys(keyID).length > 0);
      if (key === undefined) continue;
      // As in Helm, what somebody signed is good for as long as their key is.
      await key.getSigningKey(keyID);
      return {
        text: message.getText(),
        signers: key.getUserIDs(),
        fingerprint: key.getFingerprint().toUpperCase(),
      };
    } catch (error) {
      failure = error;
    }
  }
  throw unverified(fileName, reasonOf(failure), failure);
}

function promisedDigest(text: string, fileName: string): string {
  const document = readYaml(text.replaceAll("\r\n", "\n").split(separator)[1] ?? "");
  const files = document instanceof Map ? document.get("files") : undefined;
  const digest = files instanceof Map ? files.get(fileName) : undefined;
  if (typeof digest === "string") return digest;
  throw unverified(fileName, "its provenance file is for another file");
}

async function provenanceOf(located: Extract<LocatedChart, { kind: "remote" }>): Promise<Buffer | undefined> {
  try {
    return await located.provenance();
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "CHART_NOT_FOUND") return undefined;
    throw error;
  }
}

function readOr(path: string, why: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unverified(basename(path), why, cause);
  }
}

function unverified(what: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("CHART_UNVERIFIED", `Cannot verify "${what}": ${why}`, {
    hint: "Use only charts that somebody whom you trust has signed, or leave --verify out.",
    cause,
  });
}
