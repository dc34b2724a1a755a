import { SlipwayError } from "../../base/error.ts";
import { pendingRevisions } from "../../release/history.ts";
import { readPartsPlace } from "../../release/parts-place.ts";
import type { ListOptions, Release, ReleaseStatus } from "../../release/types.ts";
import type { DriftSession, ReleaseDrift } from "./types.ts";

/** A release with the revision to compare with; or what there is to say of it in place of that. */
export type Found = { release: Release; warnings: string[]; failed?: number } | { told: ReleaseDrift };

type Where = { releases?: readonly string[]; namespace?: string };

const unfinished: ReleaseStatus[] = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];
const namePattern = /^[a-z0-9](?:[-a-z0-9.]{0,51}[a-z0-9])?$/;
// Selectors go into an address, which has its limits.
const maxNames = 50;

/**
 * The releases with their last deployed revisions, by namespace and name: two lists of records, without those that were
 * superseded.
 */
export async function findReleases(session: DriftSession, { releases, namespace }: Where): Promise<Found[]> {
  const wrong = releases?.find((name) => !namePattern.test(name));
  if (wrong !== undefined) {
    const hint = "See which there are with: slipway list -A.";
    throw new SlipwayError("INPUT_INVALID", `"${wrong}" can't be the name of a release`, { hint });
  }
  const driver = session.driverOf(namespace);
  const options: ListOptions = {
    latest: true,
    withoutCharts: true,
    unreadable: true,
    ...(releases && releases.length <= maxNames ? { names: releases } : {}),
  };
  const [deployed, others] = await Promise.all([
    driver.list({ ...options, statuses: ["deployed"] }),
    driver.list({ ...options, statuses: [...unfinished, "failed"] }),
  ]);
  const groups = new Map<string, Known>();
  for (const release of deployed) groups.set(keyOf(release), { deployed: release });
  for (const release of others) groups.set(keyOf(release), { ...groups.get(keyOf(release)), other: release });
  const found = await Promise.all([...groups.values()].map((known) => settle(session, known)));
  const wanted = found.filter((one) => releases?.includes(nameOf(one).release) ?? true);
  const names = new Set(wanted.map((one) => nameOf(one).release));
  const missing = (releases ?? []).filter((name) => !names.has(name));
  return [...wanted, ...missing.map((name) => notThere(name, namespace ?? ""))].sort(byPlace);
}

type Known = { deployed?: Release; other?: Release };

function keyOf({ namespace, name }: Release): string {
  return `${namespace}/${name}`;
}

export function nameOf(found: Found): { release: string; namespace: string } {
  if ("told" in found) return found.told;
  return { release: found.release.name, namespace: found.release.namespace };
}

function byPlace(a: Found, b: Found): number {
  const [left, right] = [nameOf(a), nameOf(b)].map(({ namespace, release }) => `${namespace}/${release}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

async function settle(session: DriftSession, { deployed, other }: Known): Promise<Found> {
  const newest = other && other.revision > (deployed?.revision ?? 0) ? other : undefined;
  if (newest && (pendingRevisions([newest]).length > 0 || newest.status === "uninstalling")) {
    const reason = `revision ${newest.revision} is ${newest.status}: another run is changing it, or was killed`;
    return { told: toldOf(newest, { state: "skipped", reason }) };
  }
  const release = deployed ?? newest;
  if (release === undefined) throw new Error("A release without a revision");
  if (release.isUnreadable) {
    const error = { code: "RELEASE_INVALID", message: `Nobody can read the record of revision ${release.revision}` };
    return { told: toldOf(release, { state: "failed", error }) };
  }
  if (deployed === undefined) {
    const reason = `no revision of it is deployed (revision ${release.revision} is ${release.status})`;
    return { told: toldOf(release, { state: "skipped", reason }) };
  }
  const found = await whole(session, deployed);
  if (newest === undefined || "told" in found) return found;
  return { ...found, failed: newest.revision, warnings: [`revision ${newest.revision} ${newest.status} after that`] };
}

// A large manifest lies in parts beside its record, which a list leaves there.
async function whole(session: DriftSession, release: Release): Promise<Found> {
  if (readPartsPlace(release.manifest) === undefined) return { release, warnings: [] };
  try {
    const history = await session.driverOf(release.namespace).history(release.name);
    const found = history.find(({ revision }) => revision === release.revision);
    if (found && !found.isUnreadable) return { release: { ...found, chart: {}, config: {} }, warnings: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    return { told: toldOf(release, { state: "failed", error: factsOf(error) }) };
  }
  const error = { code: "RELEASE_INVALID", message: `The manifest of revision ${release.revision} can't be read` };
  return { told: toldOf(release, { state: "failed", error }) };
}

function notThere(release: string, namespace: string): Found {
  const message = `There is no release ${release} in namespace ${namespace}`;
  const error = {
    code: "RELEASE_NOT_FOUND",
    message,
    hint: "List the releases of all namespaces with: slipway list -A.",
  };
  return { told: { ...noDrift, release, namespace, state: "failed", error } };
}

const noDrift = { compared: 0, objects: [], leftOut: [], warnings: [] };

/** What is told of a release that was not compared. */
export function toldOf(
  { name, namespace }: Pick<Release, "name" | "namespace">,
  told: Pick<ReleaseDrift, "state" | "reason" | "error">,
): ReleaseDrift {
  return { ...noDrift, release: name, namespace, ...told };
}

export function factsOf({ message, code, hint }: SlipwayError): NonNullable<ReleaseDrift["error"]> {
  return { message, code, ...(hint ? { hint } : {}) };
}
