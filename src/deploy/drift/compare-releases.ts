import { mapConcurrently } from "../../base/concurrency.ts";
import { SlipwayError } from "../../base/error.ts";
import { describeRef, objectKey, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ManifestObject } from "../../plan/planner.ts";
import type { Release } from "../../release/types.ts";
import { readManifest } from "../objects.ts";
import { orNothing } from "../permissions.ts";
import { locateRecorded } from "../recorded-objects.ts";
import { autoscalersOf } from "./autoscalers.ts";
import { type Found, factsOf, toldOf } from "./find-releases.ts";
import { type Live, readLive } from "./live-objects.ts";
import { type LookContext, type Looked, look } from "./look.ts";
import type { DriftOptions, DriftSession, ReleaseDrift } from "./types.ts";

const dryRunsAtOnce = 16;

/** One release with the objects of its manifest, in their namespaces. */
type Read = { release: Release; warnings: string[]; failed?: number; objects: ManifestObject[] };

/** Compares the releases at once, so that objects of one kind are asked for together. */
export async function compareReleases(
  session: DriftSession,
  options: Pick<DriftOptions, "rules" | "releases">,
  found: readonly Found[],
): Promise<ReleaseDrift[]> {
  const read = await Promise.all(found.map((one) => ("told" in one ? one : readObjects(session, one))));
  const refs = read.flatMap((one) => ("told" in one ? [] : one.objects.map(({ object }) => refOf(object))));
  const live = await readLive(session, refs, options.releases === undefined ? "ofAll" : "ofSome");
  const autoscalers = autoscalersOf(session);
  const looks = read.flatMap((one) => {
    if ("told" in one) return [];
    const context: LookContext = { session, release: one.release, rules: options.rules, autoscalers };
    return one.objects.map((entry) => ({ one, entry, context }));
  });
  const looked = await mapConcurrently(looks, dryRunsAtOnce, ({ context, entry }) =>
    lookSafely(context, entry, live.get(objectKey(refOf(entry.object))) ?? noAnswer),
  );
  const byRelease = new Map<unknown, Looked[]>();
  for (const [index, { one }] of looks.entries()) {
    const result = looked[index];
    if (result) byRelease.set(one, [...(byRelease.get(one) ?? []), result]);
  }
  const told = read.map((one) => ("told" in one ? one.told : summed(one, byRelease.get(one) ?? [])));
  return await withoutGoing(session, told);
}

/** Where a namespace is being deleted, what is gone is no drift. */
async function withoutGoing({ kube, signal }: DriftSession, told: readonly ReleaseDrift[]): Promise<ReleaseDrift[]> {
  const hasMissing = ({ objects }: ReleaseDrift) => objects.some(({ kind }) => kind === "missing");
  const places = [...new Set(told.filter(hasMissing).map(({ namespace }) => namespace))];
  const going = new Set<string>();
  await mapConcurrently(places, dryRunsAtOnce, async (name) => {
    const asked = kube.get({ apiVersion: "v1", kind: "Namespace", name }, { signal });
    const live = await orNothing(asked.then((object) => ({ object })));
    const isGone = live !== undefined && live.object === undefined;
    if (isGone || live?.object?.metadata.deletionTimestamp !== undefined) going.add(name);
  });
  return told.map((one) =>
    hasMissing(one) && going.has(one.namespace)
      ? {
          ...toldOf(
            { name: one.release, namespace: one.namespace },
            { state: "skipped", reason: "its namespace is being deleted" },
          ),
        }
      : one,
  );
}

/** An object from the cluster may be nested deeper than anything can be compared: that is its release's trouble alone. */
async function lookSafely(...[context, entry, live]: Parameters<typeof look>): Promise<Looked> {
  try {
    return await look(context, entry, live);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `${describeRef(refOf(entry.object))} is nested too deep to be compared`;
    return { leftOut: [], error: new SlipwayError("LIMIT_EXCEEDED", message, { cause: error }) };
  }
}

const noAnswer: Live = { object: undefined };

/** The objects of a release's manifest that have these keys, in its order. */
export async function objectsOf(
  session: DriftSession,
  { release, keys }: { release: Release; keys: ReadonlySet<string> },
): Promise<ManifestObject[]> {
  const read = await readObjects(session, { release, warnings: [] });
  return "told" in read ? [] : read.objects.filter(({ object }) => keys.has(objectKey(refOf(object))));
}

/** Looks again at some of a release's objects. */
export async function lookAgain(
  session: DriftSession,
  options: Pick<DriftOptions, "rules">,
  { release, objects }: { release: Release; objects: readonly ManifestObject[] },
): Promise<Looked[]> {
  const live = await readLive(
    session,
    objects.map(({ object }) => refOf(object)),
    "ofSome",
  );
  const context: LookContext = { session, release, rules: options.rules, autoscalers: autoscalersOf(session) };
  return await mapConcurrently(objects, dryRunsAtOnce, (entry) =>
    lookSafely(context, entry, live.get(objectKey(refOf(entry.object))) ?? noAnswer),
  );
}

async function readObjects(
  { kube }: DriftSession,
  { release, warnings, failed }: { release: Release; warnings: string[]; failed?: number },
): Promise<Read | { told: ReleaseDrift }> {
  try {
    const scope = { discovery: kube.discovery, namespace: release.namespace, coming: new Map() };
    const missing: string[] = [];
    const objects: ManifestObject[] = [];
    for (const entry of readManifest(release.manifest)) {
      const { apiVersion, metadata } = entry.object;
      const [located] = await locateRecorded([entry], scope, () => {});
      // What a field is called may be another thing in the version that took its place.
      if (located?.object.apiVersion !== apiVersion) missing.push(notServed(entry.object));
      // One with a generated name can't be found again.
      else if (metadata.name) objects.push(located);
    }
    return { release, warnings: [...warnings, ...missing], objects, ...(failed ? { failed } : {}) };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    return { told: toldOf(release, { state: "failed", error: factsOf(error) }) };
  }
}

function notServed(object: KubeObject): string {
  return `${describeRef(refOf(object))} is not compared: the cluster does not serve ${object.apiVersion} any more`;
}

function summed({ release, warnings, objects, failed }: Read, looked: readonly Looked[]): ReleaseDrift {
  const drifts = looked.flatMap(({ drift: found }) => found ?? []);
  const error = looked.find((one) => one.error)?.error;
  const isGuessed = looked.some((one) => one.isGuessed);
  const guess =
    "the server may not be asked by dry runs (verb patch): a value that it writes otherwise may be told, too";
  return {
    release: release.name,
    namespace: release.namespace,
    state: error ? "failed" : drifts.length > 0 ? "drifted" : "clean",
    revision: release.revision,
    deployed: release.lastDeployed,
    compared: objects.length,
    objects: drifts,
    leftOut: looked.flatMap(({ leftOut }) => leftOut),
    warnings: isGuessed ? [...warnings, guess] : warnings,
    ...(failed ? { failed } : {}),
    ...(error ? { error: factsOf(error) } : {}),
  };
}
