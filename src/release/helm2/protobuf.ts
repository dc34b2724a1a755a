import { SlipwayError } from "../../base/error.ts";

/** The fields of one protobuf message by their numbers, each as often as it came; scalars are numbers, all else bytes. */
export type Message = ReadonlyMap<number, readonly (Uint8Array | bigint)[]>;

const maxFields = 100_000;
const utf8 = new TextDecoder();

/** Reads one message, and none that is in it. RELEASE_INVALID where the bytes are none. */
export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, (Uint8Array | bigint)[]>();
  let at = 0;
  for (let count = 0; at < bytes.length; count += 1) {
    if (count > maxFields) throw invalid("has too many fields");
    const tag = varint();
    const number = Number(tag >> 3n);
    const value = field(Number(tag & 7n));
    const before = fields.get(number);
    if (before) before.push(value);
    else fields.set(number, [value]);
  }
  return fields;

  function field(wireType: number): Uint8Array | bigint {
    if (wireType === 0) return varint();
    if (wireType === 1) return take(8);
    if (wireType === 2) return take(Number(varint()));
    if (wireType === 5) return take(4);
    throw invalid(`has a field of wire type ${wireType}`);
  }

  function take(length: number): Uint8Array {
    const end = at + length;
    if (end > bytes.length) throw invalid("ends too early");
    const part = bytes.subarray(at, end);
    at = end;
    return part;
  }

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw invalid("ends too early");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw invalid("has a number that is too long");
  }
}

/** Of a field that comes once; the last where it came more often. */
export function bytesOf(message: Message, number: number): Uint8Array {
  const value = message.get(number)?.at(-1);
  return value instanceof Uint8Array ? value : new Uint8Array();
}

export function textOf(message: Message, number: number): string {
  return utf8.decode(bytesOf(message, number));
}

/** A signed number, as int32 and int64 are written; 0 where it is absent. */
export function numberOf(message: Message, number: number): number {
  return asNumber(message.get(number)?.at(-1));
}

export function messageOf(message: Message, number: number): Message {
  return readMessage(bytesOf(message, number));
}

export function messagesOf(message: Message, number: number): Message[] {
  const values = message.get(number) ?? [];
  return values.filter((value) => value instanceof Uint8Array).map(readMessage);
}

export function textsOf(message: Message, number: number): string[] {
  const values = message.get(number) ?? [];
  return values.filter((value) => value instanceof Uint8Array).map((value) => utf8.decode(value));
}

/** A repeated number, which is written one by one, or packed in bytes. */
export function numbersOf(message: Message, number: number): number[] {
  return (message.get(number) ?? []).flatMap((value) =>
    value instanceof Uint8Array ? unpacked(value) : asNumber(value),
  );
}

// Each of the numbers looks like field 0 of wire type 0 with a tag in front of it.
function unpacked(bytes: Uint8Array): number[] {
  const tagged = Array.from(bytes).flatMap((byte, at) =>
    at === 0 || (bytes[at - 1] ?? 0) < 0x80 ? [0, byte] : [byte],
  );
  return (readMessage(Uint8Array.from(tagged)).get(0) ?? []).map(asNumber);
}

function asNumber(value: Uint8Array | bigint | undefined): number {
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}

function invalid(what: string): SlipwayError {
  return new SlipwayError("RELEASE_INVALID", `The record is no protobuf: it ${what}`);
}
