import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { PrivateKey, PublicKey } from "openpgp";
import { SlipwayError } from "../../base/error.ts";
import type { Env } from "../home.ts";

/** Where GnuPG keeps public keys: the older file where it is there, as in Helm. */
export function defaultKeyring(env: Env, exists: (path: string) => boolean): string {
  const folder = env["GNUPGHOME"] || join(env["HOME"] || homedir(), ".gnupg");
  const old = join(folder, "pubring.gpg");
  const box = join(folder, "pubring.kbx");
  return !exists(old) && exists(box) ? box : old;
}

/** A keyring's path, or what it holds. */
export type Keyring = string | Uint8Array;

/** Every key of a keyring: binary, armored, or a GnuPG keybox. */
export async function readKeyring(keyring: Keyring): Promise<(PublicKey | PrivateKey)[]> {
  const bytes = typeof keyring === "string" ? readKeyringFile(keyring) : Buffer.from(keyring);
  const { readKeys } = await import("openpgp");
  try {
    const keys = isArmored(bytes)
      ? await Promise.all(armorsIn(bytes).map((armoredKeys) => readKeys({ armoredKeys })))
      : [await readKeys({ binaryKeys: isKeybox(bytes) ? keysInBox(bytes) : bytes })];
    return keys.flat();
  } catch (cause) {
    throw unreadable(`Cannot read keys from ${describeKeyring(keyring)}`, keyring, cause);
  }
}

export function describeKeyring(keyring: Keyring): string {
  return typeof keyring === "string" ? `the keyring "${keyring}"` : "the keyring that was given";
}

function readKeyringFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(`Cannot read the keyring "${path}"`, path, cause);
  }
}

function unreadable(message: string, keyring: Keyring, cause: unknown): SlipwayError {
  return new SlipwayError("CHART_UNVERIFIED", message, {
    ...(typeof keyring === "string" && { where: keyring }),
    hint: "Write the signers' public keys to a file with `gpg --export > keys.gpg`, and name it with --keyring keys.gpg.",
    cause,
  });
}

function isArmored(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 200).trimStart().startsWith("-----BEGIN PGP");
}

function armorsIn(bytes: Buffer): string[] {
  return bytes.toString("utf8").match(/-----BEGIN PGP [^-]+-----[\s\S]*?-----END PGP [^-]+-----/g) ?? [];
}

const boxMagic = "KBXf";
const keyBlob = 2;

function isKeybox(bytes: Buffer): boolean {
  return bytes.toString("latin1", 8, 12) === boxMagic;
}

/** The OpenPGP keys of a keybox, one behind the other, as an old keyring has them. */
function keysInBox(bytes: Buffer): Buffer {
  const keys: Buffer[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (length < 16 || at + length > bytes.length) break;
    if (bytes[at + 4] === keyBlob) {
      const start = at + bytes.readUInt32BE(at + 8);
      keys.push(bytes.subarray(start, Math.min(start + bytes.readUInt32BE(at + 12), at + length)));
    }
    at += length;
  }
  return Buffer.concat(keys);
}
