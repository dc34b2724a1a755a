import { fieldManager } from "../apply/context.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { answered } from "../plan/answered.ts";
import type { Change } from "../plan/types.ts";
import type { Session } from "./options.ts";

const maxConcurrentRequests = 16;

/**
 * The changes as the server would carry them out, told by a dry run of each patch. Where it may not be asked, what we
 * worked out ourselves stands; what it would refuse is told.
 */
export async function askServer(session: Session, changes: readonly Change[]): Promise<Change[]> {
  return await mapConcurrently(changes, maxConcurrentRequests, (change) => askAbout(session, change));
}

async function askAbout({ kube, signal }: Session, change: Change): Promise<Change> {
  const { patch, ref } = change;
  if (patch === undefined) return change;
  try {
    return answered(change, await kube.patch(ref, patch.type, patch.body, { dryRun: true, fieldManager, signal }));
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    return wouldBeRefused(error) ? { ...change, reason: `the server would refuse it: ${error.message}` } : change;
  }
}

// Without permission for dry runs, or behind a webhook that has none, nothing is known.
function wouldBeRefused(error: SlipwayError): boolean {
  return hasCode(error, "KUBE_INVALID", "KUBE_CONFLICT") && !/dry.?run/i.test(error.message);
}
