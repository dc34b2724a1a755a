import { byteLength, sliceBytes } from "../../base/go-string.ts";
import { runtimeError } from "./define.ts";

/** All cut by bytes, and fail as Go's slice expressions do. */
export function substring(start: bigint, end: bigint, text: string): string {
  const length = byteLength(text);
  if (start < 0n) return slice(text, 0n, end, length);
  if (end < 0n || end > length) {
    if (start > length) throw runtimeError(`slice bounds out of range [${start}:${length}]`);
    return sliceBytes(text, Number(start), length);
  }
  return slice(text, start, end, length);
}

function slice(text: string, start: bigint, end: bigint, length: number): string {
  if (end < 0n) throw runtimeError(`slice bounds out of range [:${end}]`);
  if (end > length) throw runtimeError(`slice bounds out of range [:${end}] with length ${length}`);
  if (start > end) throw runtimeError(`slice bounds out of range [${start}:${end}]`);
  return sliceBytes(text, Number(start), Number(end));
}

/** The first `count` bytes, or the last where `count` is negative. */
export function truncate(count: bigint, text: string): string {
  if (count >= 0n) {
    if (count >= text.length * 3) return text;
    return byteLength(text) > count ? sliceBytes(text, 0, Number(count)) : text;
  }
  const length = byteLength(text);
  return BigInt(length) + count > 0n ? sliceBytes(text, length + Number(count), length) : text;
}

export function abbreviate(width: bigint, text: string): string {
  return width < 4n ? text : abbreviateFrom(text, 0, Number(width));
}

export function abbreviateBoth(left: bigint, right: bigint, text: string): string {
  return right < 4n || (left > 0n && right < 7n) ? text : abbreviateFrom(text, Number(left), Number(right));
}

function abbreviateFrom(text: string, from: number, width: number): string {
  const length = byteLength(text);
  if (length <= width) return text;
  const kept = width - 3;
  let offset = Math.min(from, length);
  if (length - offset < kept) offset = length - kept;
  if (offset <= 4) return `${sliceBytes(text, 0, kept)}...`;
  if (width < 7) return "";
  if (offset + kept < length) return `...${abbreviateTail(sliceBytes(text, offset, length), kept)}`;
  return `...${sliceBytes(text, length - kept, length)}`;
}

// Helm's own recursion fails, and so gives nothing, for widths below 4.
function abbreviateTail(text: string, width: number): string {
  return width < 4 ? "" : abbreviateFrom(text, 0, width);
}
