import { toBytes } from "../../base/go-string.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import type { FunctionTable } from "../function.ts";
import { fn } from "./define.ts";

const adlerBase = 65521;

export const hashFunctions: FunctionTable = {
  sha1sum: fn(["string"], (text: string) => hash("sha1", text)),
  sha256sum: fn(["string"], (text: string) => hash("sha256", text)),
  sha512sum: fn(["string"], (text: string) => hash("sha512", text)),
  adler32sum: fn(["string"], adler32),
};

function hash(algorithm: string, text: string): string {
  return nodeCrypto().createHash(algorithm).update(toBytes(text)).digest("hex");
}

function adler32(text: string): string {
  let low = 1;
  let high = 0;
  for (const byte of toBytes(text)) {
    low = (low + byte) % adlerBase;
    high = (high + low) % adlerBase;
  }
  return String(high * 65536 + low);
}
