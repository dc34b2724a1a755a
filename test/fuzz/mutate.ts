/** Numbers that follow from a seed alone, so that a finding can be had again: mulberry32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;
type Mutation = (input: Buffer, random: Random, other: Buffer, words: readonly Buffer[]) => Buffer;

const maxLength = 12_288;

const mutations: readonly Mutation[] = [
  (input, random) => withByte(input, random(input.length + 1), random(256)),
  (input, random) => flipBit(input, random),
  (input, random) => cut(input, random(input.length + 1), 1 + random(16)),
  (input, random) => cut(input, random(input.length + 1), input.length),
  (input, random) => repeatPart(input, random),
  (input, random, other) => splice(input, random, other),
  (input, random, _, words) => insert(input, random(input.length + 1), words[random(words.length)] ?? input),
  (input, random, _, words) => insert(input, random(input.length + 1), words[random(words.length)] ?? input),
  (input, random) =>
    insert(input, random(input.length + 1), Buffer.from(String(random(2) ? 2 ** random(64) : -random(1e9)))),
];

/** A seed changed in a few places; `words` are what the format is made of. */
export function mutated(seeds: readonly Buffer[], words: readonly Buffer[], random: Random): Buffer {
  const pick = () => seeds[random(seeds.length)] ?? Buffer.alloc(0);
  let result = pick();
  for (let left = 1 + random(6); left > 0; left--) {
    result = mutations[random(mutations.length)]?.(result, random, pick(), words) ?? result;
  }
  return result.subarray(0, maxLength);
}

function withByte(input: Buffer, at: number, byte: number): Buffer {
  return insert(cut(input, at, 1), at, Buffer.from([byte]));
}

function flipBit(input: Buffer, random: Random): Buffer {
  const copy = Buffer.from(input);
  const at = random(input.length + 1);
  const byte = copy[at];
  if (byte !== undefined) copy[at] = byte ^ (1 << random(8));
  return copy;
}

function cut(input: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([input.subarray(0, at), input.subarray(at + count)]);
}

function insert(input: Buffer, at: number, part: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), part, input.subarray(at)]);
}

function repeatPart(input: Buffer, random: Random): Buffer {
  const at = random(input.length + 1);
  const part = input.subarray(at, at + 1 + random(8));
  return insert(input, at, Buffer.concat(Array<Buffer>(1 + random(200)).fill(part)));
}

function splice(input: Buffer, random: Random, other: Buffer): Buffer {
  const from = random(other.length + 1);
  return insert(input, random(input.length + 1), other.subarray(from, from + 1 + random(200)));
}
