import { parseVersion, SemverError } from "../base/semver.ts";
import { parseConstraint, satisfies } from "../base/semver-constraint.ts";

/** False where the version doesn't match the constraint, and where one of the two can't be read. */
export function isCompatible(constraint: string, version: string): boolean {
  return tries(() => satisfies(parseVersion(version), parseConstraint(constraint)));
}

export function isVersion(version: string): boolean {
  return tries(() => parseVersion(version) !== undefined);
}

function tries(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof SemverError) return false;
    throw error;
  }
}
