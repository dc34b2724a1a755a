import { SlipwayError } from "../base/error.ts";
import type { ErrorFacts } from "../report/story.ts";
import { inInputs } from "./flag-names.ts";

/** What is told of whatever was thrown; anything but a SlipwayError is a bug, and keeps its stack. */
export function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof SlipwayError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { message: "This is a bug in slipway", detail };
  }
  const { message, code, where, hint, detail, places } = error;
  return {
    message,
    code,
    ...(where !== undefined && { where }),
    ...(hint !== undefined && { hint: inInputs(hint) }),
    ...(detail !== undefined && { detail: inInputs(detail) }),
    ...(places !== undefined && { places }),
  };
}
