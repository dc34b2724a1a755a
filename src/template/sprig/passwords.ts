import { byteLength, toBytes } from "../../base/go-string.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import type { FunctionTable } from "../function.ts";
import { fn } from "./define.ts";
import { loadBcrypt } from "./libraries.ts";

const cost = 10;
const maxPasswordBytes = 72;
const seedPrefix = "com.lyndir.masterpassword";

/** Shapes of passwords: each letter stands for a class of characters. */
const shapes: Readonly<Record<string, string>> = {
  maximum: "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno",
  long: [
    "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv",
    "CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv",
    "CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno",
  ].join(" "),
  medium: "CvcnoCvc CvcCvcno",
  short: "Cvcn",
  basic: "aaanaaan aannaaan aaannaaa",
  pin: "nnnn",
};
const upperConsonants = "BCDFGHJKLMNPQRSTVWXYZ";
const lowerConsonants = "bcdfghjklmnpqrstvwxyz";
const letters = `AEIOUaeiou${upperConsonants}${lowerConsonants}`;
const classes: Readonly<Record<string, string>> = {
  V: "AEIOU",
  C: upperConsonants,
  v: "aeiou",
  c: lowerConsonants,
  A: `AEIOU${upperConsonants}`,
  a: letters,
  n: "0123456789",
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${letters}0123456789!@#$%^&*()`,
};

/** An error's text is the result where Helm returns it so. */
export const passwordFunctions: FunctionTable = {
  bcrypt: fn(["string"], bcrypt),
  htpasswd: fn(["string", "string"], (user: string, password: string) =>
    user.includes(":") ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`,
  ),
  derivePassword: fn(
    ["uint32", "string", "string", "string", "string"],
    (counter: bigint, type: string, password: string, user: string, site: string) =>
      derivePassword({ counter: Number(counter), type, password, user, site }),
  ),
};

function bcrypt(password: string): string {
  if (byteLength(password) > maxPasswordBytes) {
    return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
  }
  const { genSaltSync, hashSync } = loadBcrypt();
  return hashSync(password, `$2a$${genSaltSync(cost).slice("$2b$".length)}`);
}

type Derivation = { counter: number; type: string; password: string; user: string; site: string };

/** The Master Password algorithm. */
function derivePassword({ counter, type, password, user, site }: Derivation): string {
  const choices = Object.hasOwn(shapes, type) ? shapes[type]?.split(" ") : undefined;
  if (!choices) return `cannot find password template ${type}`;
  const salt = Buffer.concat([Buffer.from(seedPrefix), uint32(byteLength(user)), toBytes(user)]);
  const options = { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };
  const key = nodeCrypto().scryptSync(toBytes(password), salt, 64, options);
  const seed = nodeCrypto()
    .createHmac("sha256", key)
    .update(Buffer.concat([Buffer.from(seedPrefix), uint32(byteLength(site)), toBytes(site), uint32(counter)]))
    .digest();
  const shape = choices[(seed[0] ?? 0) % choices.length] ?? "";
  return Array.from(shape, (name, index) => {
    const characters = classes[name] ?? "";
    return characters[(seed[index + 1] ?? 0) % characters.length];
  }).join("");
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
