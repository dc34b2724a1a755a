import { nodeCrypto } from "./node-library.ts";

/** The SHA-256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return nodeCrypto().createHash("sha256").update(data).digest("hex");
}

/** That of several parts: others, which only read the same when they are joined, have another. */
export function sha256OfParts(...parts: readonly string[]): string {
  return sha256(JSON.stringify(parts));
}
