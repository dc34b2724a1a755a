import { mapConcurrently } from "../../base/concurrency.ts";
import { compareReleases } from "./compare-releases.ts";
import { correctRelease } from "./correct.ts";
import { findReleases } from "./find-releases.ts";
import type { DriftOptions, DriftReport, DriftSession, ReleaseDrift } from "./types.ts";

const releasesAtOnce = 500;
const correctionsAtOnce = 4;

/**
 * Compares the live objects of releases with the manifests of their last deployed revisions, as a server-side dry run of
 * these would change them, and sets them back where that is asked for. A release that can't be read is told and stops no
 * other. No revision is recorded.
 */
export async function drift(session: DriftSession, options: DriftOptions): Promise<DriftReport> {
  const found = await findReleases(session, options);
  session.emit({ type: "phase", phase: "plan", message: `Compare ${counted(found.length)} with what is recorded` });
  const releases: ReleaseDrift[] = [];
  for (let at = 0; at < found.length; at += releasesAtOnce) {
    releases.push(...(await compareReleases(session, options, found.slice(at, at + releasesAtOnce))));
  }
  if (!options.correct) return { releases, correct: false };
  const drifted = releases.filter(({ objects }) => objects.length > 0).length;
  if (drifted > 0) session.emit({ type: "phase", phase: "apply", message: `Set back ${counted(drifted)}` });
  const corrected = await mapConcurrently(releases, correctionsAtOnce, async (seen) =>
    seen.objects.length === 0 ? seen : await (seen.failed ? leftAlone(seen) : correctRelease(session, options, seen)),
  );
  return { releases: corrected, correct: true };
}

// Who deployed it knows what is to become of it.
function leftAlone({ failed, ...seen }: ReleaseDrift): ReleaseDrift {
  const why = `it is not set back: revision ${failed} failed, deploy it again or roll it back`;
  return { ...seen, warnings: [...seen.warnings, why], ...(failed ? { failed } : {}) };
}

function counted(count: number): string {
  return count === 1 ? "1 release" : `${count} releases`;
}
