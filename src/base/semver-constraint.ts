import { comparePrerelease, compareVersions, parseVersion, SemverError, type Version } from "./semver.ts";

/** What a version must be: any of the groups, every one of a group's conditions. */
export type Constraint = { groups: readonly (readonly Condition[])[] };

type Condition = {
  test: Test;
  version: Version;
  /** A segment is a wildcard or missing: any of them, the minor one, the patch one. */
  dirty: boolean;
  minorDirty: boolean;
  patchDirty: boolean;
};
type Test = (version: Version, condition: Condition) => boolean;

const maxLength = 512;
const maxGroups = 32;

// Helm's pattern has the bar inside its classes, so that `1.2||2 - 3` reads as a range that begins at `1.2||2`.
const versionPattern = String.raw`v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?`;
const wholeVersion = new RegExp(`^${versionPattern}$`);
const hyphenRange = new RegExp(
  `[\\t\\n\\f\\r ]*(${versionPattern})[\\t\\n\\f\\r ]+-[\\t\\n\\f\\r ]+(${versionPattern})[\\t\\n\\f\\r ]*`,
  "g",
);
const term = /[\t\n\f\r ]*([=!<>~^]*)[\t\n\f\r ]*([^\t\n\f\r ,]+)([\t\n\f\r ]*)(,?)/y;

const tests: Readonly<Record<string, Test>> = {
  "": equalOrTilde,
  "=": equalOrTilde,
  "!=": notEqual,
  ">": greater,
  "<": (version, { version: bound }) => compareVersions(version, bound) < 0,
  ">=": (version, { version: bound }) => compareVersions(version, bound) >= 0,
  "=>": (version, { version: bound }) => compareVersions(version, bound) >= 0,
  "<=": lessOrEqual,
  "=<": lessOrEqual,
  "~": tilde,
  "~>": tilde,
  "^": caret,
};

/** Reads a constraint: operators, wildcards, `a - b`, comma or blank as «and», `||` as «or». */
export function parseConstraint(text: string): Constraint {
  if (Buffer.byteLength(text) > maxLength) {
    throw new SemverError(`constraint string is too long (max ${maxLength} bytes)`);
  }
  const groups = rewriteRanges(text).split("||");
  if (groups.length > maxGroups) throw new SemverError(`too many constraint groups (max ${maxGroups})`);
  return { groups: groups.map(parseGroup) };
}

/** Whether the version is allowed. A prerelease is, only where its group names a prerelease itself. */
export function satisfies(version: Version, constraint: Constraint): boolean {
  return constraint.groups.some((group) => {
    if (version.pre !== "" && !group.some((condition) => condition.version.pre !== "")) return false;
    return group.every((condition) => condition.test(version, condition));
  });
}

function rewriteRanges(text: string): string {
  let result = text;
  for (const match of text.matchAll(hyphenRange)) {
    result = result.replace(match[0], () => `>= ${match[1]}, <= ${match[7]} `);
  }
  return result;
}

function parseGroup(text: string): Condition[] {
  const conditions: Condition[] = [];
  let at = 0;
  let separated = true;
  while (at < text.length || separated) {
    term.lastIndex = at;
    const match = term.exec(text);
    const [whole, operator = "", version = "", blanks = "", comma = ""] = match ?? [];
    const test = Object.hasOwn(tests, operator) ? tests[operator] : undefined;
    const parts = wholeVersion.exec(version);
    if (whole === undefined || !separated || !test || !parts) throw improper(text);
    conditions.push(toCondition(test, parts));
    at += whole.length;
    separated = comma !== "" || (blanks !== "" && at < text.length);
  }
  return conditions;
}

function improper(text: string): SemverError {
  return new SemverError(`improper constraint: ${JSON.stringify(text)}`);
}

function toCondition(test: Test, [, major = "", minor = "", patch = "", pre = ""]: RegExpExecArray): Condition {
  const base = { test, dirty: true, minorDirty: false, patchDirty: false };
  if (isWildcard(major)) return { ...base, version: bound(`0.0.0${pre}`) };
  if (isWildcard(minor)) return { ...base, minorDirty: true, version: bound(`${major}.0.0${pre}`) };
  if (isWildcard(patch)) return { ...base, patchDirty: true, version: bound(`${major}${minor}.0${pre}`) };
  return { ...base, dirty: false, version: bound(`${major}${minor}${patch}${pre}`) };
}

function bound(text: string): Version {
  try {
    return parseVersion(text);
  } catch (cause) {
    if (cause instanceof SemverError) throw new SemverError("constraint parser error");
    throw cause;
  }
}

function isWildcard(part: string): boolean {
  return /^\.?[xX*]?$/.test(part);
}

function notEqual(version: Version, { version: other, dirty, minorDirty, patchDirty }: Condition): boolean {
  if (dirty) {
    if (version.major !== other.major) return true;
    if (version.minor !== other.minor && !minorDirty) return true;
    if (minorDirty) return false;
    if (version.patch !== other.patch && !patchDirty) return true;
    if (patchDirty) return (version.pre !== "" || other.pre !== "") && comparePrerelease(version.pre, other.pre) !== 0;
  }
  return compareVersions(version, other) !== 0;
}

function greater(version: Version, { version: other, dirty, minorDirty, patchDirty }: Condition): boolean {
  if (dirty) {
    if (version.major !== other.major) return version.major > other.major;
    if (minorDirty) return false;
    if (patchDirty) return version.minor > other.minor;
  }
  return compareVersions(version, other) > 0;
}

function lessOrEqual(version: Version, { version: other, dirty, minorDirty }: Condition): boolean {
  if (!dirty) return compareVersions(version, other) <= 0;
  if (version.major > other.major) return false;
  return !(version.major === other.major && version.minor > other.minor && !minorDirty);
}

function equalOrTilde(version: Version, condition: Condition): boolean {
  return condition.dirty ? tilde(version, condition) : compareVersions(version, condition.version) === 0;
}

function tilde(version: Version, { version: other, minorDirty, patchDirty }: Condition): boolean {
  if (compareVersions(version, other) < 0) return false;
  const zero = other.major === 0n && other.minor === 0n && other.patch === 0n;
  // `~0.0.0` and `*` allow every version.
  if (zero && !minorDirty && !patchDirty) return true;
  return version.major === other.major && (version.minor === other.minor || minorDirty);
}

function caret(version: Version, { version: other, minorDirty, patchDirty }: Condition): boolean {
  if (compareVersions(version, other) < 0) return false;
  if (other.major > 0n || minorDirty) return version.major === other.major;
  if (version.major > 0n) return false;
  if (other.minor > 0n || patchDirty) return version.minor === other.minor;
  return version.minor === 0n && version.patch === other.patch;
}
