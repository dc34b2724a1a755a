import type { Offset, Zone } from "./zone.ts";
import { parseZoneRule } from "./zone-rule.ts";

type Counts = { isUt: number; isStd: number; leaps: number; times: number; types: number; characters: number };
type Block = { transitions: number[]; indices: number[]; offsets: Offset[]; footer: string };

const headerLength = 44;

/** Reads a compiled zone (RFC 8536). Throws where the bytes are none. */
export function parseZoneFile(name: string, bytes: Buffer): Zone {
  const { transitions, indices, offsets, footer } = readBlocks(bytes);
  const first = offsets.find((offset) => !offset.isDst) ?? offsets[0];
  if (!first) throw new Error("the file has no zone");
  const rule = footer === "" ? undefined : parseZoneRule(footer);
  const last = transitions.at(-1);
  const at = (seconds: number): Offset => {
    if (rule && (last === undefined || seconds >= last)) return rule(seconds);
    return offsets[indices[lastIndex(transitions, seconds)] ?? -1] ?? first;
  };
  return { name, at, named: (wanted, seconds) => findNamed(offsets, wanted, (offset) => at(seconds - offset)) };
}

function findNamed(offsets: Offset[], name: string, at: (seconds: number) => Offset): number | undefined {
  const named = offsets.filter((offset) => offset.name === name);
  return (named.find((offset) => at(offset.seconds).name === name) ?? named[0])?.seconds;
}

/** The index of the last transition that is not after `seconds`, or -1. */
function lastIndex(transitions: number[], seconds: number): number {
  let low = 0;
  let high = transitions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((transitions[middle] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function readBlocks(bytes: Buffer): Block {
  if (bytes.toString("latin1", 0, 4) !== "TZif") throw new Error("the file is no zone");
  const counts = readCounts(bytes, 0);
  if ((bytes[4] ?? 0) < 0x32) return { ...readBlock(bytes, headerLength, counts, 4), footer: "" };
  const second = headerLength + blockLength(counts, 4);
  const wide = readCounts(bytes, second);
  const start = second + headerLength;
  const end = start + blockLength(wide, 8);
  const footer = bytes.toString("latin1", end + 1, Math.max(end + 1, bytes.lastIndexOf(10)));
  return { ...readBlock(bytes, start, wide, 8), footer };
}

function readCounts(bytes: Buffer, at: number): Counts {
  const [isUt = 0, isStd = 0, leaps = 0, times = 0, types = 0, characters = 0] = [20, 24, 28, 32, 36, 40].map(
    (offset) => bytes.readUInt32BE(at + offset),
  );
  return { isUt, isStd, leaps, times, types, characters };
}

function blockLength({ isUt, isStd, leaps, times, types, characters }: Counts, width: 4 | 8): number {
  return times * (width + 1) + types * 6 + characters + leaps * (width + 4) + isStd + isUt;
}

function readBlock(bytes: Buffer, start: number, counts: Counts, width: 4 | 8): Omit<Block, "footer"> {
  const indicesAt = start + counts.times * width;
  const typesAt = indicesAt + counts.times;
  const namesAt = typesAt + counts.types * 6;
  const transitions = Array.from({ length: counts.times }, (_, index) =>
    width === 8 ? Number(bytes.readBigInt64BE(start + index * 8)) : bytes.readInt32BE(start + index * 4),
  );
  const offsets = Array.from({ length: counts.types }, (_, index) => {
    const at = typesAt + index * 6;
    const nameAt = namesAt + bytes.readUInt8(at + 5);
    const name = bytes.toString("latin1", nameAt, bytes.indexOf(0, nameAt));
    return { seconds: bytes.readInt32BE(at), isDst: bytes.readUInt8(at + 4) !== 0, name };
  });
  return { transitions, indices: [...bytes.subarray(indicesAt, typesAt)], offsets };
}
