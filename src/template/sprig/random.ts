import { nodeCrypto } from "../../base/node-library.ts";
import type { FunctionTable } from "../function.ts";
import { limitError } from "../state.ts";
import { checkLength, fn, runtimeError } from "./define.ts";

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");

/** Never the same twice, from the system's source of randomness. */
export const randomFunctions: FunctionTable = {
  randAlphaNum: fn(["int"], (count: bigint) => randomText(count, digits + letters)),
  randAlpha: fn(["int"], (count: bigint) => randomText(count, letters)),
  randAscii: fn(["int"], (count: bigint) => randomText(count, printable)),
  randNumeric: fn(["int"], (count: bigint) => randomText(count, digits)),
  randBytes: fn(["int"], (count: bigint) => {
    if (count < 0n) throw runtimeError("makeslice: len out of range");
    checkLength(Number(count));
    return nodeCrypto().randomBytes(Number(count)).toString("base64");
  }),
  shuffle: fn(["string"], shuffle),
  uuidv4: fn([], () => nodeCrypto().randomUUID()),
};

function randomText(count: bigint, alphabet: string): string {
  if (count <= 0n) return "";
  const length = Number(count);
  if (length > 1024 * 1024) throw limitError("made a random text of more than 1048576 characters");
  // Bytes beyond the last whole multiple of the alphabet would favour its first characters.
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of nodeCrypto().randomBytes(length - text.length + 16)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

function shuffle(text: string): string {
  const characters = Array.from(text);
  for (let i = characters.length - 1; i > 0; i--) {
    const other = nodeCrypto().randomInt(i + 1);
    const moved = characters[i] ?? "";
    characters[i] = characters[other] ?? "";
    characters[other] = moved;
  }
  return characters.join("");
}
