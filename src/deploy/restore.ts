import { SlipwayError } from "../base/error.ts";
import type { Manner } from "../plan/as-told.ts";
import type { Change } from "../plan/types.ts";
import { nextRevision, readable } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { replaceRefused } from "./assess.ts";
import { carryOut, type Outcome } from "./carry-out.ts";
import { cleanUp } from "./clean-up.ts";
import { withKnown } from "./known-hooks.ts";
import { readManifest } from "./objects.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import { type Origin, originLabels, withOrigin } from "./origin.ts";
import { locateRecordedHooks, planRevision } from "./plan-revision.ts";
import { prune, pruneAfter } from "./prune-history.ts";
import { begin, record, recordSuccess } from "./records.ts";

type RestoreOptions = CarryOutOptions & { historyMax: number; description?: string; origin?: Origin };
type RestoreInput = { history: Release[]; target: Release };
export type Restored = { release: Release; changes: Change[]; outcome: Outcome };

/** What going back to a recorded revision would change. */
export async function planRestore(
  session: Session,
  { history, target }: RestoreInput,
  manner: Manner = {},
): Promise<Change[]> {
  const { name, namespace, manifest, applyMethod } = target;
  return await planRevision(session, {
    release: name,
    namespace,
    desired: readManifest(manifest),
    history,
    method: applyMethod ?? "csa",
    takeOwnership: false,
    manner,
    restores: target.revision,
  });
}

/** Deploys a recorded manifest as a new revision, as Helm's rollback does, and watches that too. */
export async function restore(session: Session, options: RestoreOptions, input: RestoreInput): Promise<Restored> {
  const { history, target } = input;
  const changes = await replaceRefused(session, options, await planRestore(session, input, options));
  const { origin } = options;
  const description = options.description ?? withOrigin(`Rollback to ${target.revision}`, origin);
  const { deleted: _, ...restored } = target;
  const release: Release = {
    ...restored,
    revision: nextRevision(history),
    status: "pending-rollback",
    description,
    labels: { ...target.labels, ...originLabels(origin, {}) },
    firstDeployed: readable(history)[0]?.firstDeployed ?? target.firstDeployed,
    lastDeployed: new Date(session.clock.now()).toISOString(),
    // How they ran last stays recorded with those that a rollback does not run, as in Helm.
    hooks: target.hooks.map((hook) => ({ ...hook })),
    rollbackRevision: target.revision,
  };
  const hooks = withKnown(await locateRecordedHooks(session, { ...target, hooks: release.hooks }), history);
  await prune(session, history, options.historyMax);
  await begin(session, release);
  const owner = { release: release.name, namespace: release.namespace };
  const work = { owner, changes, hooks, before: "pre-rollback", after: "post-rollback" } as const;
  const outcome = await carryOut(session, work, options);
  if (outcome.ok) await recordSuccess(session, release, history, description);
  else await record(session, release, "failed", `Rollback "${release.name}" failed: ${outcome.cause}`);
  if (!outcome.ok && options.cleanupOnFail) await cleanUp(session, options, { release, changes });
  const isWhole = outcome.ok || outcome.isApplied === true;
  if (!session.signal.aborted) await pruneAfter(session, options, { history, release, changes, isWhole });
  return { release, changes, outcome };
}

/** The revision a rollback goes to: the named one, else the last that was good before the present one. */
export function rollbackTarget(history: readonly Release[], name: string, revision: number | undefined): Release {
  const present = history.at(-1);
  if (present === undefined) {
    throw new SlipwayError("RELEASE_NOT_FOUND", `There is no release ${name}`, {
      hint: "List the releases of all namespaces with: slipway list -A.",
    });
  }
  const isGood = (release: Release) => release.status === "superseded" || release.status === "deployed";
  const target =
    revision === undefined
      ? history.slice(0, -1).findLast(isGood)
      : readable(history).find((release) => release.revision === revision);
  if (target) return target;
  const known = readable(history)
    .map((release) => release.revision)
    .join(", ");
  throw new SlipwayError(
    "RELEASE_NOT_FOUND",
    revision === undefined ? `${name} has no earlier revision that was good` : `${name} has no revision ${revision}`,
    { hint: `Its revisions are ${known}. See them with: slipway history ${name}.` },
  );
}
