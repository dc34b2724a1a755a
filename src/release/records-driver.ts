import { type Clock, systemClock } from "../base/clock.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { stringAt, stringMapAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject, ObjectRef } from "../kube/types.ts";
import { decodeRelease } from "./codec.ts";
import { fitRecord } from "./fit-record.ts";
import { recordName, systemLabels } from "./name.ts";
import { recordParts } from "./record-parts.ts";
import type { ListOptions, Release, ReleaseDriver } from "./types.ts";
import { unreadableRevision } from "./unreadable.ts";

/** How one kind of object carries the text of a record. */
export type RecordFormat = {
  kind: "Secret" | "ConfigMap";
  /** The fields beside metadata. */
  write(text: string): Record<string, unknown>;
  /** `undefined` where the object carries none. */
  read(object: KubeObject): string | undefined;
};

export type UnreadableRecord = { name: string; namespace: string; error: SlipwayError };

export type RecordsDriverOptions = {
  /** Records that are skipped because nobody can read them, as in Helm. */
  onUnreadable?: (record: UnreadableRecord) => void;
  /** What of a chart is left out of a new record, so that it fits into one object. */
  onLeftOut?: (release: Release, what: readonly string[]) => void;
  clock?: Clock;
};

const decodersAtOnce = 4;

/** On the object that keeps a record: who recorded the revision, for whoever finds it there meanwhile. */
const recordedBy = "slipway.dev/recorded-by";
const maxNameLength = 300;

/** What the drivers that keep each revision in one object of the cluster have in common. */
export function recordsDriver(
  format: RecordFormat,
  kube: KubeClient,
  namespace: string | undefined,
  { onUnreadable, onLeftOut, clock = systemClock }: RecordsDriverOptions,
): ReleaseDriver {
  const parts = recordParts(format, kube);

  async function find(labels: Record<string, string>, labelSelector?: string): Promise<KubeObject[]> {
    const selection = {
      labels: { owner: "helm", ...labels },
      ...(labelSelector && { labelSelector }),
      ...(namespace === undefined ? {} : { namespace }),
    };
    return (await kube.list("v1", format.kind, selection)).items;
  }

  /** `undefined`, and told, where nobody can read it. */
  async function read(object: KubeObject): Promise<Release | undefined> {
    const found = await decodeRecord(format, object);
    if (!("error" in found)) return found;
    onUnreadable?.(found);
    return undefined;
  }

  async function readWhole(object: KubeObject): Promise<Release[]> {
    const release = await read(object);
    try {
      if (release !== undefined) return [await parts.complete(release, object.metadata.namespace ?? "")];
    } catch (error) {
      if (!hasCode(error, "RELEASE_INVALID")) throw error;
      onUnreadable?.({ ...identityOf(object), error });
    }
    return unreadableRevision(object);
  }

  async function newestReadable(objects: readonly KubeObject[], options: ListOptions): Promise<Release[]> {
    for (const object of objects) {
      const release = await read(object);
      if (release !== undefined) return [options.withoutCharts ? { ...release, chart: {}, config: {} } : release];
    }
    return options.unreadable ? objects.slice(0, 1).flatMap(unreadableRevision) : [];
  }

  async function write(release: Release, stamp: "createdAt" | "modifiedAt"): Promise<KubeObject> {
    const { text, parts: texts, place, leftOut } = await fitRecord(release);
    if (stamp === "createdAt" && leftOut.length > 0) onLeftOut?.(release, leftOut);
    const seconds = Math.floor(clock.now() / 1000);
    const { apiVersion, kind, ...identity } = refTo(release.name, release.revision, release.namespace);
    if (place) await parts.write({ ...release, namespace: identity.namespace ?? "" }, place, texts);
    const annotations = release.recordedBy ? { annotations: { [recordedBy]: release.recordedBy } } : {};
    const metadata = {
      ...identity,
      ...annotations,
      labels: { ...release.labels, [stamp]: `${seconds}`, ...labelsOf(release) },
    };
    return { apiVersion, kind, metadata, ...format.write(text) };
  }

  function refTo(name: string, revision: number, ownNamespace: string): ObjectRef {
    return {
      apiVersion: "v1",
      kind: format.kind,
      namespace: namespace ?? ownNamespace,
      name: recordName(name, revision),
    };
  }

  async function recorderOf(object: KubeObject): Promise<string | undefined> {
    const { apiVersion, kind } = object;
    const found = await kube.get({ apiVersion, kind, ...identityOf(object) }).catch(() => undefined);
    return stringAt(found, "metadata", "annotations", recordedBy)?.slice(0, maxNameLength);
  }

  return {
    records: format.kind,

    async create(release) {
      const object = await write(release, "createdAt");
      try {
        await kube.create(object, { fieldManager: "helm" });
      } catch (cause) {
        if (!hasCode(cause, "KUBE_CONFLICT")) throw cause;
        throw new SlipwayError("RELEASE_EXISTS", `Cannot record revision ${release.revision} of ${release.name}`, {
          hint: `${(await recorderOf(object)) ?? "Another deploy of this release"} has recorded it. Wait for that run to finish, then retry.`,
          cause,
        });
      }
    },

    async update(release) {
      const object = await write(release, "modifiedAt");
      try {
        await kube.replace(object, { fieldManager: "helm" });
      } catch (cause) {
        if (!hasCode(cause, "KUBE_NOT_FOUND")) throw cause;
        throw new SlipwayError("RELEASE_NOT_FOUND", `Revision ${release.revision} of ${release.name} is not recorded`, {
          cause,
        });
      }
    },

    async history(name) {
      const found = await mapConcurrently(await find({ name }), decodersAtOnce, readWhole);
      return found.flat().sort((a, b) => a.revision - b.revision);
    },

    async list(options: ListOptions = {}) {
      const objects = await find({}, selectorOf(options));
      const groups = options.latest ? byRelease(objects) : objects.map((object) => [object]);
      const found = await mapConcurrently(groups, decodersAtOnce, (group) => newestReadable(group, options));
      return found.flat().sort((a, b) => a.revision - b.revision);
    },

    async delete(name, revision) {
      await kube.delete(refTo(name, revision, kube.defaultNamespace));
      await parts.remove(name, revision);
    },

    async sweep(name) {
      const records = await Promise.all((await find({ name })).map((object) => decodeRecord(format, object)));
      const readable = records.filter((record): record is Release => !("error" in record));
      await parts.sweep({ name, namespace: namespace ?? kube.defaultNamespace }, readable);
    },
  };
}

function selectorOf({ statuses, names }: ListOptions): string | undefined {
  const oneOf = (label: string, values: readonly string[] | undefined) =>
    values === undefined ? [] : [`${label} in (${values.join(",")})`];
  return [...oneOf("status", statuses), ...oneOf("name", names)].join(",") || undefined;
}

async function decodeRecord(format: RecordFormat, object: KubeObject): Promise<Release | UnreadableRecord> {
  const labels = Object.entries(stringMapAt(object, "metadata", "labels")).filter(([key]) => !systemLabels.has(key));
  try {
    const who = stringAt(object, "metadata", "annotations", recordedBy)?.slice(0, maxNameLength);
    const decoded = await decodeRelease(format.read(object) ?? "", Object.fromEntries(labels));
    const release = who ? { ...decoded, recordedBy: who } : decoded;
    // Records that came from Helm 2 don't say where they lie.
    return release.namespace === "" ? { ...release, namespace: object.metadata.namespace ?? "" } : release;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { ...identityOf(object), error };
  }
}

function identityOf({ metadata: { name, namespace = "" } }: KubeObject) {
  return { name, namespace };
}

/** Each release's records, newest first. */
function byRelease(objects: readonly KubeObject[]): KubeObject[][] {
  const groups = new Map<string, { revision: number; object: KubeObject }[]>();
  for (const object of objects) {
    const labels = stringMapAt(object, "metadata", "labels");
    const key = `${object.metadata.namespace ?? ""}/${labels["name"] ?? object.metadata.name}`;
    const entry = { revision: Number(labels["version"]) || 0, object };
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return Array.from(groups.values(), (group) =>
    group.sort((a, b) => b.revision - a.revision).map(({ object }) => object),
  );
}

function labelsOf(release: Release): Record<string, string> {
  return { name: release.name, owner: "helm", status: release.status, version: `${release.revision}` };
}
