import { applyChanges } from "../apply/apply-plan.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { objectKey, refOf } from "../kube/ref.ts";
import type { Change } from "../plan/types.ts";
import { mergeBase, revisionsToPrune, revisionsToPruneAfter } from "../release/history.ts";
import type { Release } from "../release/types.ts";
import { applyContext } from "./carry-out.ts";
import { readManifest } from "./objects.ts";
import type { CarryOutOptions, Session } from "./options.ts";
import { locateRecorded } from "./recorded-objects.ts";

type PruneOptions = CarryOutOptions & { historyMax: number };

/** Makes room for one more revision, as far as nothing is known by the records that go alone. */
export async function prune(session: Session, history: Release[], max: number): Promise<void> {
  await remove(session, revisionsToPrune(history, max));
}

/**
 * Deletes the oldest revisions above the limit when the newest was carried out, or gave up on the way (`isWhole` is
 * false then). In that case, what only the failed revisions that go had added is swept first, since nobody would know of
 * it any more. Failing to is told, and no reason to fail a deploy.
 */
export async function pruneAfter(
  session: Session,
  options: PruneOptions,
  done: { history: readonly Release[]; release: Release; changes: readonly Change[]; isWhole: boolean },
): Promise<void> {
  const all = [...done.history, done.release];
  const going = revisionsToPruneAfter(all, options.historyMax);
  if (going.length === 0) return;
  try {
    if (!done.isWhole) await sweepOrphans(session, options, { ...done, going });
    await remove(session, going);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    tellNotPruned(session, done.release.name, error);
  }
}

type Going = { history: readonly Release[]; release: Release; changes: readonly Change[]; going: readonly Release[] };

async function sweepOrphans(session: Session, options: CarryOutOptions, input: Going): Promise<void> {
  const { history, release, changes, going } = input;
  const staying = mergeBase([...history]).filter((revision) => !going.includes(revision));
  const known = new Set((await Promise.all([...staying, release].map((of) => keysOf(session, of)))).flat());
  const orphans = changes.filter(({ action, ref }) => action === "delete" && !known.has(objectKey(ref)));
  await applyChanges(applyContext(session, options), orphans, { release: release.name, namespace: release.namespace });
}

async function keysOf({ kube }: Session, { manifest, namespace }: Release): Promise<string[]> {
  const scope = { discovery: kube.discovery, namespace, coming: new Map() };
  const objects = await locateRecorded(readManifest(manifest), scope, () => {});
  return objects.map(({ object }) => objectKey(refOf(object)));
}

async function remove(session: Session, revisions: readonly Release[]): Promise<void> {
  for (const { name, revision } of revisions) {
    try {
      await session.driver.delete(name, revision);
    } catch (error) {
      if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
      return tellNotPruned(session, name, error);
    }
  }
}

function tellNotPruned({ emit }: Session, name: string, { message }: SlipwayError): void {
  emit({ type: "warning", message: `Old revisions of ${name} can't be deleted: ${message}` });
}
