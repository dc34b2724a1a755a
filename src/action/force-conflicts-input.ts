import { SlipwayError } from "../base/error.ts";
import { readForceConflicts } from "../deploy/force-conflicts.ts";
import { inInputs } from "./flag-names.ts";
import { type InputValues, invalidInput } from "./read-inputs.ts";

const name = "force-conflicts";

/** What of the input is no rule for fields. */
export function forceConflictsProblems(values: InputValues): SlipwayError[] {
  try {
    readForceConflicts(values[name]);
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return [invalidInput(name, values[name].join(" "), inInputs(error.hint ?? ""))];
  }
}
