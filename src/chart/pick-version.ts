import { SlipwayError } from "../base/error.ts";
import { compareVersions, parseVersion, SemverError, type Version } from "../base/semver.ts";
import { type Constraint, parseConstraint, satisfies } from "../base/semver-constraint.ts";

/** A version or a range; of a range, the newest. Nothing is the newest that is no prerelease. */
export function* matchingVersions<T extends { version: string }>(
  candidates: readonly T[],
  wanted: string,
): Generator<T> {
  const constraint = readConstraint(wanted);
  const sorted = newestFirst(candidates);
  const exact = wanted === "" ? undefined : sorted.find(({ item }) => item.version === wanted);
  if (exact !== undefined) yield exact.item;
  for (const { item, version } of sorted) {
    if (item !== exact?.item && version !== undefined && satisfies(version, constraint)) yield item;
  }
}

/** The whole list, newest first; what is no version comes last. */
export function newestFirst<T extends { version: string }>(items: readonly T[]): { item: T; version?: Version }[] {
  const read = items.map((item) => {
    const version = versionOrNothing(item.version);
    return version === undefined ? { item } : { item, version };
  });
  return read.sort((a, b) => {
    if (a.version === undefined || b.version === undefined) return a.version === b.version ? 0 : a.version ? -1 : 1;
    return compareVersions(b.version, a.version);
  });
}

/** True where it names one version, so that what it leads to doesn't change. */
export function isExactVersion(wanted: string): boolean {
  return /^v?\d+\.\d+\.\d+/.test(wanted) && versionOrNothing(wanted) !== undefined;
}

export function versionOrNothing(text: string): Version | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof SemverError) return undefined;
    throw error;
  }
}

export function readConstraint(wanted: string): Constraint {
  try {
    return parseConstraint(wanted === "" ? "*" : wanted);
  } catch (error) {
    if (!(error instanceof SemverError)) throw error;
    throw new SlipwayError("INPUT_INVALID", `"${wanted}" is neither a version nor a range of versions`, {
      hint: "Write a version such as 1.2.3, or a range such as ^1.2.0 or >=1.0.0 <2.0.0.",
      cause: error,
    });
  }
}
