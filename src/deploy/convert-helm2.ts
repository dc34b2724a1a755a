import { hasCode, SlipwayError } from "../base/error.ts";
import { findHelm2Records, type Helm2Record } from "../release/helm2/find-records.ts";
import { readable } from "../release/history.ts";
import { checkReleaseName } from "../release/name.ts";
import type { Release, ReleaseDriver } from "../release/types.ts";
import type { Session } from "./options.ts";

export type ConvertOptions = {
  /** All of them where empty. */
  releases: readonly string[];
  tillerNamespace: string;
  dryRun: boolean;
  /** Removes Helm 2's records of what was converted. */
  deletes: boolean;
  /** Where records are kept, by their namespace. */
  driverOf: (namespace: string) => ReleaseDriver;
};

/** What became of one revision. */
export type Converted = {
  release: Release;
  /** `present`: it had been converted before. */
  outcome: "converted" | "present" | "would be converted";
};

/**
 * Records again what Helm 2's Tiller recorded, in each release's own namespace and in Helm 3's form. The objects stay as
 * they are until the next deploy, which finds them in the records and marks them as its own. It can be run again. Throws
 * RELEASE_EXISTS where another release has the name, and RELEASE_NOT_FOUND where Tiller has none of that name.
 */
export async function convertHelm2(session: Session, options: ConvertOptions): Promise<Converted[]> {
  const records = chosen(await findRecords(session, options), options);
  const missing = new Set<Release>();
  for (const group of byRelease(records)) for (const release of await missingOf(group, options)) missing.add(release);
  const converted: Converted[] = [];
  for (const { release } of records) {
    const isMissing = missing.has(release);
    if (isMissing && !options.dryRun) await create(options, release);
    converted.push({ release, outcome: isMissing ? (options.dryRun ? "would be converted" : "converted") : "present" });
  }
  // Only when all of it is there: a run that is killed before leaves Helm 2's records whole.
  if (options.deletes && !options.dryRun) for (const { ref } of records) await session.kube.delete(ref);
  return converted;
}

async function findRecords({ kube, emit }: Session, { tillerNamespace }: ConvertOptions): Promise<Helm2Record[]> {
  return await findHelm2Records(kube, {
    tillerNamespace,
    onUnreadable: (name, { message }) =>
      emit({ type: "warning", message: `Helm 2's record ${name} is skipped, nobody can read it: ${message}` }),
  });
}

function chosen(records: readonly Helm2Record[], { releases, tillerNamespace }: ConvertOptions): Helm2Record[] {
  const missing = releases.filter((name) => !records.some(({ release }) => release.name === name));
  if (missing.length > 0 || records.length === 0) {
    const what = missing.length > 0 ? `release ${missing.join(", ")}` : "release";
    throw new SlipwayError("RELEASE_NOT_FOUND", `Helm 2 has no ${what} in namespace ${tillerNamespace}`, {
      hint: "Name Tiller's namespace with --tiller-namespace; its records have the label OWNER=TILLER.",
    });
  }
  const wanted = records.filter(({ release }) => releases.length === 0 || releases.includes(release.name));
  for (const { release } of wanted) checkReleaseName(release.name);
  return wanted;
}

function byRelease(records: readonly Helm2Record[]): Release[][] {
  const groups = new Map<string, Release[]>();
  for (const { release } of records) {
    const key = `${release.namespace}/${release.name}`;
    groups.set(key, [...(groups.get(key) ?? []), release]);
  }
  return [...groups.values()];
}

/** What of one release is still to be recorded. RELEASE_EXISTS where what is there is something else. */
async function missingOf(revisions: readonly Release[], { driverOf }: ConvertOptions): Promise<Release[]> {
  const { name, namespace } = revisions[0] ?? { name: "", namespace: "" };
  const history = await driverOf(namespace).history(name);
  if (history.length === 0) return [...revisions];
  const recorded = new Map(readable(history).map((release) => [release.revision, release]));
  const known = revisions.filter(({ revision }) => recorded.has(revision));
  if (known.length === 0 || known.some(({ revision, manifest }) => recorded.get(revision)?.manifest !== manifest)) {
    throw new SlipwayError("RELEASE_EXISTS", `Namespace ${namespace} has another release ${name} already`, {
      hint: `Look at it with: slipway history ${name} -n ${namespace}. Convert the others by their names.`,
    });
  }
  // It has gone on since it was converted: what is missing was pruned.
  if ((history.at(-1)?.revision ?? 0) > (revisions.at(-1)?.revision ?? 0)) return [];
  return revisions.filter(({ revision }) => !recorded.has(revision));
}

async function create({ driverOf }: ConvertOptions, release: Release): Promise<void> {
  const { name, namespace } = release;
  try {
    await driverOf(namespace).create(release);
  } catch (cause) {
    if (!hasCode(cause, "KUBE_NOT_FOUND")) throw cause;
    throw new SlipwayError("KUBE_NOT_FOUND", `The namespace ${namespace} of release ${name} is not there`, {
      hint: "Create it, or convert the other releases by their names.",
      cause,
    });
  }
}
