import { fromBytes, toBytes } from "../../base/go-string.ts";
import type { FunctionTable } from "../function.ts";
import { fn } from "./define.ts";

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decoding gives the error's text where the input is broken. */
export const encodingFunctions: FunctionTable = {
  b64enc: fn(["string"], (text: string) => toBytes(text).toString("base64")),
  b64dec: fn(["string"], (text: string) => {
    const bytes = decodeBase64(text);
    return typeof bytes === "number" ? illegalAt("base64", bytes) : fromBytes(bytes);
  }),
  b32enc: fn(["string"], encodeBase32),
  b32dec: fn(["string"], decodeBase32),
};

export function illegalAt(encoding: "base32" | "base64", offset: number): string {
  return `illegal ${encoding} data at input byte ${offset}`;
}

/** The bytes, or the offset at which Go finds the text illegal. Line ends are skipped. */
export function decodeBase64(text: string): Buffer | number {
  const input = toBytes(text).toString("latin1");
  const packed = /[\r\n]/.test(input) ? input.replace(/[\r\n]/g, "") : input;
  return whole.test(packed) ? Buffer.from(packed, "base64") : illegalOffset(input);
}

/** Where Go's decoder stops: it reads groups of characters and allows padding only where a group may end. */
function illegalOffset(input: string): number {
  let inGroup = 0;
  for (let at = 0; at < input.length; at++) {
    const character = input[at] ?? "";
    if (character === "\n" || character === "\r") continue;
    if (base64Alphabet.includes(character)) {
      inGroup = (inGroup + 1) % 4;
    } else if (character === "=") {
      return paddingError(input, at, inGroup);
    } else {
      return at;
    }
  }
  return input.length - inGroup;
}

function paddingError(input: string, at: number, inGroup: number): number {
  if (inGroup < 2) return at;
  let next = at + 1;
  if (inGroup === 2) {
    while (input[next] === "\n" || input[next] === "\r") next++;
    if (next >= input.length) return input.length;
    if (input[next] !== "=") return next - 1;
    next++;
  }
  while (input[next] === "\n" || input[next] === "\r") next++;
  return next;
}

function encodeBase32(text: string): string {
  let bits = 0;
  let pending = 0;
  let result = "";
  for (const byte of toBytes(text)) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) result += base32Alphabet[(pending >> (bits - 5)) & 31];
  }
  if (bits > 0) result += base32Alphabet[(pending << (5 - bits)) & 31];
  return result.padEnd(Math.ceil(result.length / 8) * 8, "=");
}

function decodeBase32(text: string): string {
  const input = toBytes(text)
    .toString("latin1")
    .replace(/[\r\n]/g, "");
  const end = input.search(/[^A-Z2-7]/);
  const length = end < 0 ? input.length : end;
  const failure = end < 0 ? missingPadding(length) : base32Failure(input, end);
  return failure === undefined ? unpackBase32(input.slice(0, length)) : illegalAt("base32", failure);
}

function missingPadding(length: number): number | undefined {
  return length % 8 === 0 ? undefined : length - (length % 8);
}

/** Where Go's decoder stops at the first character, at `end`, that is none of the alphabet's. */
function base32Failure(input: string, end: number): number | undefined {
  const inGroup = end % 8;
  const rest = input.slice(end + 1);
  if (input[end] !== "=" || inGroup < 2 || rest.length >= 8) return end;
  if (rest.length + inGroup < 7) return input.length;
  const bad = rest.slice(0, 7 - inGroup).search(/[^=]/);
  if (bad >= 0) return end + bad;
  return inGroup === 3 || inGroup === 6 ? end : undefined;
}

function unpackBase32(characters: string): string {
  let bits = 0;
  let pending = 0;
  const bytes: number[] = [];
  for (const character of characters) {
    pending = ((pending << 5) | base32Alphabet.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((pending >> bits) & 0xff);
  }
  return fromBytes(Uint8Array.from(bytes));
}
