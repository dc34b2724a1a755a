import { type ForceConflicts, takeOver } from "../plan/take-over.ts";

/** What `--server-side` may be. */
export const applyMethods = { auto: "auto", true: "ssa", false: "csa" } as const;

/**
 * What `--force-conflicts` was given, one field or `true` or `false` each: the last of those two counts over all that
 * stands before it. Fails with INPUT_INVALID.
 */
export function readForceConflicts(given: readonly string[]): ForceConflicts {
  const last = given.findLastIndex((text) => text === "true" || text === "false");
  const fields = given.slice(last + 1);
  if (given[last] === "true") return true;
  takeOver(fields);
  return fields.length > 0 && fields;
}
