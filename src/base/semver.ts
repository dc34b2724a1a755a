/** A version as Helm reads it: `v1.2` is fine and means 1.2.0; `original` keeps what was written. */
export type Version = {
  major: bigint;
  minor: bigint;
  patch: bigint;
  pre: string;
  metadata: string;
  original: string;
};

/** Why a version or a constraint could not be read, in the words that Helm uses. */
export class SemverError extends Error {}

const maxVersionLength = 256;
const maxUint64 = (1n << 64n) - 1n;
const looseVersion =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const digits = /^[0-9]*$/;
const identifier = /^[0-9A-Za-z-]*$/;

/** Reads a version leniently: a leading `v`, missing segments and leading zeros are accepted. */
export function parseVersion(text: string): Version {
  if (Buffer.byteLength(text) > maxVersionLength) throw tooLong();
  const match = looseVersion.exec(text);
  if (!match || text.endsWith("\n")) throw new SemverError("invalid semantic version");
  const version: Version = {
    major: segment(match[1] ?? ""),
    minor: segment(match[2]?.slice(1) ?? "0"),
    patch: segment(match[3]?.slice(1) ?? "0"),
    pre: match[4] ?? "",
    metadata: match[5] ?? "",
    original: text,
  };
  if (version.pre !== "") checkPrerelease(version.pre);
  return version;
}

/** Reads a version by the letter of the specification: three segments, no `v`, no leading zeros. */
export function parseStrictVersion(text: string): Version {
  if (text === "") throw new SemverError("version string empty");
  if (Buffer.byteLength(text) > maxVersionLength) throw tooLong();
  const [major, minor, ...tail] = text.split(".");
  if (major === undefined || minor === undefined || tail.length === 0)
    throw new SemverError("invalid semantic version");
  const [beforePlus, metadata] = cut(tail.join("."), "+");
  if (metadata !== undefined) checkMetadata(metadata);
  const [patch, pre] = cut(beforePlus, "-");
  if (pre !== undefined) checkPrerelease(pre);
  for (const part of [major, minor, patch]) {
    if (!digits.test(part)) throw new SemverError("invalid characters in version");
    if (part.length > 1 && part.startsWith("0")) throw new SemverError("version segment starts with 0");
  }
  return {
    major: parseUint(major),
    minor: parseUint(minor),
    patch: parseUint(patch),
    pre: pre ?? "",
    metadata: metadata ?? "",
    original: text,
  };
}

/** The version in full, without a leading `v`. */
export function formatVersion(version: Version): string {
  const pre = version.pre === "" ? "" : `-${version.pre}`;
  const metadata = version.metadata === "" ? "" : `+${version.metadata}`;
  return `${version.major}.${version.minor}.${version.patch}${pre}${metadata}`;
}

/** Negative, zero or positive as `a` comes before, with or after `b`; metadata doesn't count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.major, b.major) ||
    compare(a.minor, b.minor) ||
    compare(a.patch, b.patch) ||
    comparePrerelease(a.pre, b.pre)
  );
}

/** Orders prereleases; none at all comes after any. */
export function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const aNumber = asUint(a);
  const bNumber = asUint(b);
  if (aNumber === undefined && bNumber === undefined) return a > b ? 1 : -1;
  if (bNumber === undefined) return -1;
  if (aNumber === undefined) return 1;
  return aNumber > bNumber ? 1 : -1;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function asUint(text: string): bigint | undefined {
  if (text === "" || !digits.test(text)) return undefined;
  const value = BigInt(text);
  return value > maxUint64 ? undefined : value;
}

function segment(text: string): bigint {
  const value = asUint(text);
  if (value === undefined) throw new SemverError(`error parsing version segment: ${rangeError(text)}`);
  return value;
}

function parseUint(text: string): bigint {
  const value = asUint(text);
  if (value !== undefined) return value;
  throw new SemverError(text === "" ? 'strconv.ParseUint: parsing "": invalid syntax' : rangeError(text));
}

function rangeError(text: string): string {
  return `strconv.ParseUint: parsing "${text}": value out of range`;
}

function tooLong(): SemverError {
  return new SemverError(`version string is too long (max ${maxVersionLength} bytes)`);
}

function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function checkPrerelease(pre: string): void {
  for (const part of pre.split(".")) {
    if (part === "" || !identifier.test(part)) throw new SemverError("invalid prerelease string");
    if (part.length > 1 && part.startsWith("0") && digits.test(part)) {
      throw new SemverError("version segment starts with 0");
    }
  }
}

function checkMetadata(metadata: string): void {
  for (const part of metadata.split(".")) {
    if (part === "" || !identifier.test(part)) throw new SemverError("invalid metadata string");
  }
}
