import { isUtf8 } from "node:buffer";

/** A byte that is not UTF-8 stands in a string as a lone surrogate; a pair's halves don't match. */
const strayByte = /[\udc80-\udcff]/u;
const strayBytes = /[\udc80-\udcff]/gu;
const beyondAscii = /[^\0-\x7f]/;
const surrogate = /[\ud800-\udfff]/;
const pairs = /[\ud800-\udbff][\udc00-\udfff]/g;

export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** The number of bytes, which is what Go's `len` counts. */
export function byteLength(text: string): number {
  const length = Buffer.byteLength(text);
  if (length === text.length || !strayByte.test(text)) return length;
  // Node counts a lone surrogate as the three bytes of U+FFFD.
  return length - 2 * (text.match(strayBytes)?.length ?? 0);
}

export function toBytes(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === text.length || !strayByte.test(text)) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(strayBytes)) {
    parts.push(Buffer.from(text.slice(from, match.index)), Buffer.of(match[0].charCodeAt(0) & 0xff));
    from = match.index + 1;
  }
  parts.push(Buffer.from(text.slice(from)));
  return Buffer.concat(parts);
}

export function fromBytes(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes, at);
    text += size === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : utf8(bytes.subarray(at, at + size));
    at += size || 1;
  }
  return text;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

/** How many bytes the character at `at` takes, or 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  return size > 0 && at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)) ? size : 0;
}

/** Go's `text[start:end]`: positions count bytes and may cut a character. The caller has checked the bounds. */
export function sliceBytes(text: string, start: number, end: number): string {
  return isAscii(text) ? text.slice(start, end) : fromBytes(toBytes(text).subarray(start, end));
}

/** The text with one character per byte, so that positions in it are Go's. */
export function toByteString(text: string): string {
  return isAscii(text) ? text : toBytes(text).toString("latin1");
}

export function fromByteString(bytes: string): string {
  return isAscii(bytes) ? bytes : fromBytes(Buffer.from(bytes, "latin1"));
}

/** Bytes that are not UTF-8 become U+FFFD, as when Go ranges over a string. */
export function toValidUtf8(text: string): string {
  return strayByte.test(text) ? text.replace(strayBytes, "\ufffd") : text;
}

/** Go's order of strings: by bytes, which is by code points. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return order(left) - order(right);
  }
  return a.length - b.length;
}

// Surrogates stand for code points above every other character.
function order(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Joins raw bytes that stand beside each other to the characters they form. */
export function normalizeBytes(text: string): string {
  return strayByte.test(text) ? fromBytes(toBytes(text)) : text;
}

/** How many runes Go counts: a code point or a stray byte is one. */
export function runeCount(text: string): number {
  return text.length - (text.match(pairs)?.length ?? 0);
}

/** A map's keys in the order in which Go's templates and printing visit them. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  const keys = [...map.keys()];
  return keys.some((key) => surrogate.test(key)) ? keys.sort(compareStrings) : keys.sort();
}
