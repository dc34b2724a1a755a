import { Buffer, isUtf8 } from "node:buffer";

const maybeBytes = /[\udc80-\udcff]/;
const surrogates = /[\ud800-\udfff]/;

/** What Go's `len` says of a string: its UTF-8 bytes, where a lone U+DC80…U+DCFF is one raw byte. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else if (isPair(text, i)) {
      length += 2;
      i++;
    } else if (!isRawByte(unit)) length += 2;
  }
  return length;
}

/** The string's bytes as Go holds them. */
export function toBytes(text: string): Uint8Array {
  if (!maybeBytes.test(text)) return Buffer.from(text, "utf8");
  const bytes = Buffer.alloc(byteLength(text));
  let at = 0;
  for (const char of text) {
    const unit = char.charCodeAt(0);
    if (char.length === 1 && isRawByte(unit)) bytes[at++] = unit & 0xff;
    else at += bytes.write(char, at, "utf8");
  }
  return bytes;
}

/** A Go string of these bytes: what is not UTF-8 becomes lone U+DC80…U+DCFF. */
export function fromBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let text = "";
  for (let i = 0; i < buffer.length; ) {
    const width = runeWidth(buffer, i);
    text += width === 0 ? String.fromCharCode(0xdc00 + (buffer[i] ?? 0)) : buffer.toString("utf8", i, i + width);
    i += width || 1;
  }
  return text;
}

/** Go's `s[from:to]`, by byte. */
export function sliceBytes(text: string, from: number, to: number): string {
  return byteLength(text) === text.length && !maybeBytes.test(text)
    ? text.slice(from, to)
    : fromBytes(toBytes(text).subarray(from, to));
}

/** Joins raw bytes that stand beside each other to the characters they form. */
export function normalizeBytes(text: string): string {
  return maybeBytes.test(text) ? fromBytes(toBytes(text)) : text;
}

/** How many runes Go counts: a code point or a raw byte is one. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) if (isPair(text, i)) count--;
  return count;
}

/** Go's order of strings: by byte. */
export function compareGoStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogates.test(a) || surrogates.test(b)) return Buffer.compare(toBytes(a), toBytes(b));
  return a < b ? -1 : 1;
}

/** A map's keys in the order in which Go's templates and printing visit them. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  const keys = [...map.keys()];
  return keys.some((key) => surrogates.test(key)) ? keys.sort(compareGoStrings) : keys.sort();
}

function isRawByte(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

// The bytes of the valid UTF-8 sequence at `at`, or 0.
function runeWidth(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return width > 0 && at + width <= bytes.length && isUtf8(bytes.subarray(at, at + width)) ? width : 0;
}
