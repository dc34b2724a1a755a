import { mapConcurrently } from "../../base/concurrency.ts";
import { hasCode, SlipwayError } from "../../base/error.ts";
import { objectKey } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import type { DriftSession } from "./types.ts";

/** What the cluster has of an object; or why nobody knows. */
export type Live = { object: KubeObject | undefined } | { error: SlipwayError };

const maxConcurrentReads = 16;
/** From so many objects of a kind in a namespace on, a list costs less than asking for each. */
const many = { ofAll: 3, ofSome: 25 };
const manyNamespaces = 8;
// Helm marks all that it writes; an object that lost the mark is asked for by its name.
const marked = { "app.kubernetes.io/managed-by": "Helm" };

/**
 * What the cluster has of the objects, by `objectKey`: by a list where many of a kind are asked for, else one by one.
 * `asked`: whether these are the objects of all releases that a list would bring, or of some.
 */
export async function readLive(
  session: DriftSession,
  refs: readonly ObjectRef[],
  asked: keyof typeof many,
): Promise<Map<string, Live>> {
  const found = new Map<string, Live>();
  const wanted = new Map(refs.map((ref) => [objectKey(ref), ref]));
  const kinds = grouped([...wanted.values()], ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  await mapConcurrently([...kinds.values()], maxConcurrentReads, (group) =>
    readKind(session, group, { found, wanted, least: many[asked] }),
  );
  const left = [...wanted].filter(([key]) => !found.has(key));
  await mapConcurrently(left, maxConcurrentReads, async ([key, ref]) => {
    found.set(key, await readOne(session, ref));
  });
  return found;
}

type Reading = { found: Map<string, Live>; wanted: ReadonlyMap<string, ObjectRef>; least: number };

async function readKind(session: DriftSession, refs: readonly ObjectRef[], reading: Reading): Promise<void> {
  const places = grouped(refs, ({ namespace = "" }) => namespace);
  const isWide = places.size >= manyNamespaces;
  if (isWide && (await list(session, refs, { reading }))) return;
  for (const [namespace, inside] of places) {
    if (inside.length < reading.least) continue;
    await list(session, inside, { reading, ...(namespace ? { namespace } : {}) });
  }
}

/** False where it may not be listed. */
async function list(
  { kube, signal }: DriftSession,
  [first]: readonly ObjectRef[],
  { reading: { found, wanted }, namespace }: { reading: Reading; namespace?: string },
): Promise<boolean> {
  if (first === undefined) return true;
  try {
    const selection = { labels: marked, ...(namespace ? { namespace } : {}) };
    const { items } = await kube.list(first.apiVersion, first.kind, selection, { signal });
    for (const object of items) {
      const key = objectKey({ ...first, ...place(object) });
      if (wanted.has(key)) found.set(key, { object });
    }
    return true;
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    return false;
  }
}

function place({ metadata: { name, namespace } }: KubeObject): Pick<ObjectRef, "name" | "namespace"> {
  return { name, ...(namespace ? { namespace } : {}) };
}

/** What the cluster has of one object. */
export async function readOne({ kube, signal }: DriftSession, ref: ObjectRef): Promise<Live> {
  try {
    return { object: await kube.get(ref, { signal }) };
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    return { error };
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
