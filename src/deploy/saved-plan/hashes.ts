import { createHash, createHmac, scrypt } from "node:crypto";

/**
 * Sixteen bits: enough to say which value is another one now, too few to tell by them what a value was. What decides is
 * `slowHash`.
 */
export function shortHash(salt: string, ...parts: string[]): string {
  return createHmac("sha256", salt).update(parts.join("\0")).digest("hex").slice(0, 4);
}

/** Of what may hold a secret: each guess at it costs a moment and 16 MiB. */
export async function slowHash(salt: string, text: string): Promise<string> {
  const digest = createHash("sha256").update(text).digest();
  const options = { N: 2 ** 14, r: 8, p: 1, maxmem: 32 * 1024 * 1024 };
  return await new Promise((resolve, reject) => {
    scrypt(digest, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key.toString("hex"))));
  });
}

export function fullHash(salt: string, text: string | Uint8Array): string {
  return createHmac("sha256", salt).update(text).digest("hex");
}
