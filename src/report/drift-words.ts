import type { DriftReport, ReleaseDrift } from "../deploy/drift/types.ts";
import { describeRef } from "../kube/ref.ts";
import type { FieldDrift, LeftOut, ObjectDrift } from "../plan/drift/types.ts";

export type DriftCounts = {
  releases: number;
  compared: number;
  drifted: number;
  corrected: number;
  failed: number;
  skipped: number;
  /** Objects that are not as recorded, still, and those that were set back. */
  objects: number;
  correctedObjects: number;
};

export function countDrift({ releases }: DriftReport): DriftCounts {
  const objects = releases.flatMap((release) => release.objects);
  const corrected = objects.filter(({ outcome }) => outcome === "corrected").length;
  const inState = (state: ReleaseDrift["state"]) => releases.filter((release) => release.state === state).length;
  return {
    releases: releases.length,
    compared: releases.reduce((sum, release) => sum + release.compared, 0),
    drifted: releases.filter(isStillDrifted).length,
    corrected: inState("corrected"),
    failed: inState("failed"),
    skipped: inState("skipped"),
    objects: objects.length - corrected,
    correctedObjects: corrected,
  };
}

export function isStillDrifted({ objects }: ReleaseDrift): boolean {
  return objects.some(({ outcome }) => outcome !== "corrected");
}

/** How it is in one line: how many releases drifted, and what became of that. */
export function driftHeadline(report: DriftReport): string {
  const counts = countDrift(report);
  const { releases, compared, drifted, corrected, failed, skipped, objects, correctedObjects } = counts;
  const found = drifted + corrected;
  const parts =
    found === 0
      ? [`No drift: ${many(compared, "object")} of ${many(releases, "release")} are as recorded`]
      : [
          `${found} of ${many(releases, "release")} drifted: ${many(objects + correctedObjects, "object")} not as recorded`,
        ];
  if (releases === 0) parts[0] = "There are no releases to check";
  if (correctedObjects > 0) parts.push(`${objects === 0 ? "all" : correctedObjects} set back`);
  if (report.correct && objects > 0) parts.push(`${objects} still differ`);
  if (failed > 0) parts.push(`${many(failed, "release")} failed`);
  if (skipped > 0) parts.push(`${many(skipped, "release")} skipped`);
  return parts.join(", ");
}

export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The releases that differ or failed, which come first, and the others of which there is something to say. */
export function toldReleases({ releases }: DriftReport): { found: ReleaseDrift[]; others: ReleaseDrift[] } {
  const isFound = ({ objects, error }: ReleaseDrift) => objects.length > 0 || error !== undefined;
  const others = releases.filter((release) => !isFound(release) && remark(release) !== "");
  return { found: releases.filter(isFound), others };
}

/** Why a release was skipped, or what else there is to say of one that does not differ; empty where nothing is. */
export function remark({ reason, warnings }: ReleaseDrift): string {
  return [...(reason ? [`skipped: ${reason}`] : []), ...warnings].join("; ");
}

/** `shop in namespace prod, revision 3 of 2026-11-21 16:40:00: 2 of 7 objects`. */
export function releaseTitle({ release, namespace, revision, deployed, objects, compared }: ReleaseDrift): string {
  const which = revision === undefined ? "" : `, revision ${revision}${deployed ? ` of ${shortTime(deployed)}` : ""}`;
  const what = objects.length > 0 ? `: ${objects.length} of ${many(compared, "object")}` : "";
  return `${release} in namespace ${namespace}${which}${what}`;
}

/** What is wrong with the object as a whole, in a few words behind its name; nothing where its fields say it. */
export function objectState({ kind, outcome, note }: ObjectDrift): string {
  const gone = kind === "missing" ? [outcome === "corrected" ? "was gone" : "is gone"] : [];
  const became = outcome === "corrected" ? ["set back"] : outcome === "failed" ? ["could NOT be set back"] : [];
  return [...gone, ...became, ...(note ? [note] : [])].join(", ");
}

/** `recorded X, live Y`. */
export function fieldValues({ recorded, live }: FieldDrift): string {
  return `recorded ${recorded ?? "nothing"}, live ${live ?? "nothing"}`;
}

/** `kubectl-edit, 2026-11-21 16:45:12`; empty where nobody knows. */
export function fieldWriter({ writer }: FieldDrift): string {
  if (writer === undefined) return "";
  return [writer.manager, ...(writer.time ? [shortTime(writer.time)] : [])].join(", ");
}

const reasons: Record<LeftOut["reason"], string> = {
  rule: "by rules",
  annotation: "by annotations",
  controller: "that controllers keep",
  autoscaler: "that autoscalers keep",
  finished: "that ended as they should",
};

/** `Left out: 2 by rules, 1 that autoscalers keep`; `undefined` where nothing is. */
export function leftOutLine(releases: readonly ReleaseDrift[]): string | undefined {
  const all = releases.flatMap(({ leftOut }) => leftOut);
  const counts = Object.entries(reasons).flatMap(([reason, words]) => {
    const count = all.filter((one) => one.reason === reason).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return counts.length === 0 ? undefined : `Left out: ${counts.join(", ")}`;
}

/** The report as data, for programs. */
export function driftData(report: DriftReport) {
  const { releases, correct } = report;
  return { ...countDrift(report), mode: correct ? "correct" : "detect", found: releases.map(releaseData) };
}

function releaseData(release: ReleaseDrift) {
  const { objects, leftOut, ...facts } = release;
  return {
    ...facts,
    objects: objects.map(({ kind, ...object }) => ({ ...object, change: kind })),
    leftOut,
  };
}

/** `2026-05-01 12:00:05`, in UTC. */
export function shortTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

export function objectName({ ref }: ObjectDrift): string {
  return describeRef(ref);
}
