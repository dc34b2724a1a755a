import { type ApplyContext, fieldManager } from "../apply/context.ts";
import { applyObject, conflictsOf } from "../apply/server-side.ts";
import { wholeObject } from "../apply/write-object.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import { objectKey } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { answered } from "../plan/answered.ts";
import { isRefusedByRule } from "../plan/hazards/permissions.ts";
import type { Answer } from "../plan/hazards/types.ts";
import { mergeStrategic } from "../plan/three-way.ts";
import type { Change } from "../plan/types.ts";
import { dryRunSupport } from "./dry-run-support.ts";
import { freshAnswer } from "./fresh-answer.ts";

const maxConcurrentRequests = 16;

/**
 * The changes as the server would carry them out, told by a dry run of each patch. Where it may not be asked, or knows no
 * dry runs, what we worked out ourselves stands; what it would refuse is told. `answers` gets what it said, by `objectKey`.
 */
export async function askServer(
  context: ApplyContext,
  changes: readonly Change[],
  answers = new Map<string, Answer>(),
): Promise<Change[]> {
  const knowsDryRuns = dryRunSupport(context.kube);
  return await mapConcurrently(changes, maxConcurrentRequests, async (change) =>
    (await knowsDryRuns(change.ref)) ? await askAbout(context, change, answers) : guessed(change),
  );
}

async function askAbout(context: ApplyContext, change: Change, answers: Map<string, Answer>): Promise<Change> {
  try {
    const { change: current, answer } = await freshAnswer(context, change, tryOut);
    if (answer !== undefined) answers.set(objectKey(change.ref), { taken: true });
    return answer === undefined ? current : answered(current, answer);
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    const refusal = refusalOf(error, change);
    if (refusal !== undefined) answers.set(objectKey(change.ref), refusal);
    const guess = guessed(change);
    return wouldBeRefused(error) ? { ...guess, reason: `the server would refuse it: ${error.message}` } : guess;
  }
}

async function tryOut(context: ApplyContext, change: Change): Promise<KubeObject | undefined> {
  const { patch, ref, live, desired, action } = change;
  const { kube, signal } = context;
  if (action === "replace") return undefined;
  if (patch?.type === "apply") return await applyObject(context, ref, patch.body, { dryRun: true });
  if (change.isWhole && live && desired)
    return await kube.replace(wholeObject(desired, live), { dryRun: true, fieldManager, signal });
  if (patch !== undefined) return await kube.patch(ref, patch.type, patch.body, { dryRun: true, fieldManager, signal });
  if (action === "create" && live === undefined && desired !== undefined)
    await kube.create(desired, { dryRun: true, fieldManager, signal });
  return undefined;
}

// What server-side apply takes away is known to the server alone.
function guessed(change: Change): Change {
  const { patch, live, desired } = change;
  if (patch?.type !== "apply" || live === undefined || desired === undefined) return change;
  return answered(change, mergeStrategic(live, desired));
}

// Without permission for dry runs, or behind a webhook that has none, nothing is known.
function wouldBeRefused(error: SlipwayError): boolean {
  return hasCode(error, "KUBE_INVALID", "KUBE_CONFLICT") && !/dry.?run/i.test(error.message);
}

/** What is sure to be refused in earnest, too. That another object is missing may change before it comes to that. */
function refusalOf(error: SlipwayError, { patch }: Change): Answer | undefined {
  if (/dry.?run/i.test(error.message)) return undefined;
  const isLasting = !/not found|was found|being terminated/.test(error.message);
  const isRefused = hasCode(error, "KUBE_FORBIDDEN")
    ? isRefusedByRule(error) && isLasting
    : hasCode(error, "KUBE_INVALID") || (hasCode(error, "KUBE_CONFLICT") && patch?.type === "apply");
  if (!isRefused) return undefined;
  const [conflict, ...others] = conflictsOf(error);
  const causes = arrayAt(error.cause, "details", "causes").flatMap((cause) => stringAt(cause, "field") ?? []);
  const fields = conflict && others.length === 0 ? [conflict.field.replace(/^\./, "")] : causes;
  const advice = [error.hint, error.detail].flatMap((text) => text ?? []).join("\n");
  const remedy = hasCode(error, "KUBE_CONFLICT") && advice ? { remedy: advice } : {};
  return { taken: false, message: error.message, fields: [...new Set(fields)], ...remedy };
}
