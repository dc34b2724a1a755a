/** One element of DER: its tag, its content and all its bytes. */
export type DerElement = { tag: number; content: Buffer; bytes: Buffer };

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export function derElement(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthBytes(content.length), content]);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

export function derSequence(...contents: Uint8Array[]): Buffer {
  return derElement(derTag.sequence, ...contents);
}

/** A number that is not negative. */
export function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return derElement(derTag.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), bytes);
}

export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return derElement(derTag.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

export function derBitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return derElement(derTag.bitString, Buffer.of(unusedBits), bytes);
}

/** The elements that lie one behind the other in these bytes. Throws where they are no DER. */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.readUInt8(at + 1);
    const extra = first < 0x80 ? 0 : first & 0x7f;
    if (extra > 4) throw new RangeError("the element is too long");
    const length = extra === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, extra);
    const start = at + 2 + extra;
    const end = start + length;
    if (end > bytes.length) throw new RangeError("the element ends too early");
    elements.push({ tag: bytes.readUInt8(at), content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** The bytes as PEM, in lines of 64 characters. */
export function toPem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The first PEM block of a text. */
export function fromPem(text: string): { label: string; bytes: Buffer } | undefined {
  const match =
    /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n(?:[^\n]*: [^\n]*\n)*([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(text);
  return match ? { label: match[1] ?? "", bytes: Buffer.from(match[2] ?? "", "base64") } : undefined;
}
