import { hasCode, SlipwayError } from "../base/error.ts";
import { arrayAt, stringAt } from "../base/json-path.ts";
import { describeRef } from "../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";
import { ruleFor, takeOver } from "../plan/take-over.ts";
import { type ApplyContext, fieldManager } from "./context.ts";

const maxAttempts = 5;
const shownConflicts = 20;

/** As the API server names it: `.spec.replicas`, `"autoscaler" using apps/v1`. */
export type FieldConflict = { field: string; manager: string };

/**
 * Server-side apply. Fields that the release wrote client-side are its own; those of others it takes only when told to,
 * and just those: the server can only be told to take all, so it is told so of the very state whose conflicts were read.
 */
export async function applyObject(
  context: ApplyContext,
  ref: ObjectRef,
  body: unknown,
  { dryRun = false } = {},
): Promise<KubeObject> {
  const { kube, signal, forceConflicts } = context;
  const send: Send = (force, seen) => {
    const write = { fieldManager, force, signal, ...(dryRun && { dryRun }) };
    return kube.patch(ref, "apply", seen === undefined ? body : pinned(body, seen), write);
  };
  try {
    return await send(forceConflicts === true);
  } catch (error) {
    ensureAllowed(context, ref, error);
  }
  return dryRun ? await send(true) : await takeFields(context, ref, send);
}

type Send = (force: boolean, resourceVersion?: string) => Promise<KubeObject>;

async function takeFields(context: ApplyContext, ref: ObjectRef, send: Send): Promise<KubeObject> {
  const { kube, clock, signal } = context;
  for (let attempt = 1; ; attempt++) {
    const seen = (await kube.get(ref, { signal }))?.metadata.resourceVersion;
    try {
      try {
        return await send(false, seen);
      } catch (error) {
        ensureAllowed(context, ref, error);
        return await send(true, seen);
      }
    } catch (error) {
      const isOutdated = hasCode(error, "KUBE_CONFLICT") && conflictsOf(error).length === 0;
      if (!isOutdated || attempt === maxAttempts) throw error;
      await clock.delay(20 * 2 ** attempt, signal);
    }
  }
}

/** Throws what it is given, unless it tells of conflicts alone, and each of them may be settled by taking the field. */
function ensureAllowed({ forceConflicts }: ApplyContext, ref: ObjectRef, error: unknown): void {
  const conflicts = conflictsOf(error);
  if (conflicts.length === 0) throw error;
  const allows = takeOver(forceConflicts);
  const refused = conflicts.filter(({ field, manager }) => !isOurs(manager) && !allows(ref, field));
  if (refused.length > 0) throw conflictError(ref, refused, error);
}

/** The conflicts of a refused server-side apply; none where it was refused for something else. */
export function conflictsOf(error: unknown): FieldConflict[] {
  if (!hasCode(error, "KUBE_CONFLICT")) return [];
  const answer = hasCode(error.cause, "KUBE_CONFLICT") ? error.cause.cause : error.cause;
  return arrayAt(answer, "details", "causes").flatMap((cause) => {
    const [field, message] = [stringAt(cause, "field"), stringAt(cause, "message") ?? ""];
    const isConflict = field !== undefined && stringAt(cause, "reason") === "FieldManagerConflict";
    return isConflict ? [{ field, manager: message.replace(/^conflict with /, "") }] : [];
  });
}

function pinned(body: unknown, resourceVersion: string): unknown {
  const object = body as KubeObject;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

function isOurs(manager: string): boolean {
  return manager === `"${fieldManager}"` || manager.startsWith(`"${fieldManager}" `);
}

function conflictError(ref: ObjectRef, refused: readonly FieldConflict[], cause: unknown): SlipwayError {
  const shown = refused.slice(0, shownConflicts);
  const more = refused.length > shown.length ? `, and ${refused.length - shown.length} more` : "";
  const managers = [...new Set(shown.map(({ manager }) => manager))];
  const told = managers.map((manager) => {
    const fields = shown.filter((conflict) => conflict.manager === manager).map(({ field }) => field);
    return `conflict${fields.length > 1 ? "s" : ""} with ${manager}: ${fields.join(", ")}`;
  });
  const flags = shown.map(({ field }) => `--force-conflicts=${shellQuoted(ruleFor(ref, field))}`);
  const [only = ""] = flags;
  const take = flags.length === 1 ? `take it over with ${only}` : "take them over, each with the flag below";
  return new SlipwayError("KUBE_CONFLICT", `Cannot apply ${describeRef(ref)}: ${told.join("; ")}${more}`, {
    where: describeRef(ref),
    hint: `Leave to the other manager what it manages, and out of the chart, or ${take}.`,
    ...(flags.length > 1 && { detail: flags.join("\n") }),
    cause,
  });
}

function shellQuoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
