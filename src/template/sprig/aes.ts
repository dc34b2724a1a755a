import { fromBytes, toBytes } from "../../base/go-string.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import { FunctionError, type FunctionTable } from "../function.ts";
import { fn, runtimeError } from "./define.ts";
import { decodeBase64, illegalAt } from "./encoding.ts";

const algorithm = "aes-256-cbc";
const blockSize = 16;

export const aesFunctions: FunctionTable = {
  encryptAES: fn(["string", "string"], encrypt),
  decryptAES: fn(["string", "string"], decrypt),
};

/** The password's bytes are the key, cut or filled up with zeros. */
function toKey(password: string): Buffer {
  const key = Buffer.alloc(32);
  toBytes(password).copy(key);
  return key;
}

function encrypt(password: string, text: string): string {
  if (text === "") return "";
  const iv = nodeCrypto().randomBytes(blockSize);
  const cipher = nodeCrypto().createCipheriv(algorithm, toKey(password), iv);
  return Buffer.concat([iv, cipher.update(toBytes(text)), cipher.final()]).toString("base64");
}

function decrypt(password: string, text: string): string {
  if (text === "") return "";
  const bytes = decodeBase64(text);
  if (typeof bytes === "number") throw new FunctionError(illegalAt("base64", bytes));
  if (bytes.length < blockSize) {
    throw runtimeError(`slice bounds out of range [:${blockSize}] with capacity ${Math.floor(text.length / 4) * 3}`);
  }
  if (bytes.length % blockSize !== 0) throw new FunctionError("crypto/cipher: input not full blocks");
  const decipher = nodeCrypto()
    .createDecipheriv(algorithm, toKey(password), bytes.subarray(0, blockSize))
    .setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes.subarray(blockSize)), decipher.final()]);
  const padding = padded.at(-1);
  if (padding === undefined) throw runtimeError("index out of range [-1]");
  const length = padded.length - padding;
  if (length < 0) throw runtimeError(`slice bounds out of range [:${length}]`);
  return fromBytes(padded.subarray(0, length));
}
