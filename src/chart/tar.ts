import { SlipwayError } from "../base/error.ts";

/** One file of a tar archive. `data` is a view of the archive's bytes, not a copy. */
export type TarEntry = {
  name: string;
  isFolder: boolean;
  data: Uint8Array;
  /** Where a link leads. */
  link?: string;
  /** A device, a pipe or the like. */
  isSpecial?: true;
};

const block = 512;
const folderType = 0x35;
const typesWithoutContent = new Set(["g", "1", "2", "3", "4", "6"]);
const links = new Set(["1", "2"]);
const specials = new Set(["3", "4", "6", "S"]);

/** What a header says of the file behind it. */
type Pending = { path?: string; size?: number; link?: string };

/** Reads ustar, GNU and pax archives that are wholly in memory; every length is checked against what is there. */
export function readTar(bytes: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  let pending: Pending = {};
  let offset = 0;
  while (offset + block <= bytes.length) {
    const header = bytes.subarray(offset, offset + block);
    offset += block;
    if (isZero(header)) break;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = pending.size ?? sizeOf(header);
    const hasContent = !typesWithoutContent.has(type) || type === "g";
    const length = hasContent ? size : 0;
    if (offset + length > bytes.length) throw damaged("it ends in the middle of a file");
    const data = bytes.subarray(offset, offset + length);
    offset += Math.ceil(length / block) * block;
    if (type === "g") continue;
    if (type === "L") {
      pending = { ...pending, path: textUntilZero(data) };
      continue;
    }
    if (type === "K") {
      pending = { ...pending, link: textUntilZero(data) };
      continue;
    }
    if (type === "x") {
      pending = { ...pending, ...readPax(data) };
      continue;
    }
    const name = pending.path ?? nameOf(header);
    entries.push({
      name,
      isFolder: header[156] === folderType || name.endsWith("/"),
      data,
      ...(links.has(type) && { link: pending.link ?? textUntilZero(header.subarray(157, 257)) }),
      ...(specials.has(type) && { isSpecial: true as const }),
    });
    pending = {};
  }
  return entries;
}

function isZero(header: Uint8Array): boolean {
  return header.every((byte) => byte === 0);
}

function checkSum(header: Uint8Array): void {
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] ?? 0);
  if (sum !== octal(header.subarray(148, 156))) throw damaged("a header's checksum is wrong");
}

function sizeOf(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) === 0) return octal(field);
  // GNU's base-256 form, for files over 8 GiB; only the last six bytes can matter here.
  let size = 0;
  for (const byte of field.subarray(1)) size = size * 256 + byte;
  return size;
}

function octal(field: Uint8Array): number {
  const text = textUntilZero(field).trim();
  if (text === "") return 0;
  if (!/^[0-7]+$/.test(text)) throw damaged("a number in a header is not octal");
  return Number.parseInt(text, 8);
}

function nameOf(header: Uint8Array): string {
  const name = textUntilZero(header.subarray(0, 100));
  const isUstar = textUntilZero(header.subarray(257, 263)) === "ustar";
  const prefix = isUstar ? textUntilZero(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textUntilZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8(end < 0 ? bytes : bytes.subarray(0, end));
}

// Records are `LENGTH key=value\n`, where LENGTH counts the whole record.
function readPax(bytes: Uint8Array): Pending {
  const found: Pending = {};
  let offset = 0;
  while (offset < bytes.length) {
    const space = bytes.indexOf(0x20, offset);
    const length = space < 0 ? Number.NaN : Number(utf8(bytes.subarray(offset, space)));
    if (!Number.isInteger(length) || length < 4 || offset + length > bytes.length)
      throw damaged("a pax record is broken");
    const record = utf8(bytes.subarray(space + 1, offset + length - 1));
    const equals = record.indexOf("=");
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (key === "path") found.path = value;
    if (key === "linkpath") found.link = value;
    if (key === "size") found.size = checkedSize(value);
    offset += length;
  }
  return found;
}

function checkedSize(value: string): number {
  const size = Number(value);
  if (!Number.isSafeInteger(size) || size < 0) throw damaged("a pax record's size is no number");
  return size;
}

function damaged(why: string): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot read the archive: ${why}`);
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}
