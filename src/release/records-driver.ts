import { type Clock, systemClock } from "../base/clock.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { stringMapAt } from "../base/json-path.ts";
import type { KubeClient, KubeObject, ObjectRef } from "../kube/types.ts";
import { decodeRelease, encodeRelease } from "./codec.ts";
import { recordName, systemLabels } from "./name.ts";
import type { ListOptions, Release, ReleaseDriver } from "./types.ts";

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
  clock?: Clock;
};

const decodersAtOnce = 4;

/** What the drivers that keep each revision in one object of the cluster have in common. */
export function recordsDriver(
  format: RecordFormat,
  kube: KubeClient,
  namespace: string | undefined,
  { onUnreadable, clock = systemClock }: RecordsDriverOptions,
): ReleaseDriver {
  async function decode(objects: KubeObject[]): Promise<Release[]> {
    const decoded = await mapConcurrently(objects, decodersAtOnce, (object) => decodeRecord(format, object));
    const releases: Release[] = [];
    for (const item of decoded) {
      if ("error" in item) onUnreadable?.(item);
      else releases.push(item);
    }
    return releases.sort((a, b) => a.revision - b.revision);
  }

  async function find(labels: Record<string, string>): Promise<KubeObject[]> {
    const selection = { labels: { owner: "helm", ...labels }, ...(namespace === undefined ? {} : { namespace }) };
    return (await kube.list("v1", format.kind, selection)).items;
  }

  async function toObject(release: Release, stamp: "createdAt" | "modifiedAt"): Promise<KubeObject> {
    const text = await encodeRelease(release);
    const seconds = Math.floor(clock.now() / 1000);
    const { apiVersion, kind, ...identity } = refTo(release.name, release.revision, release.namespace);
    const metadata = { ...identity, labels: { ...release.labels, [stamp]: `${seconds}`, ...labelsOf(release) } };
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

  return {
    async create(release) {
      try {
        await kube.create(await toObject(release, "createdAt"), { fieldManager: "helm" });
      } catch (cause) {
        if (!hasCode(cause, "KUBE_CONFLICT")) throw cause;
        throw new SlipwayError("RELEASE_EXISTS", `Cannot record revision ${release.revision} of ${release.name}`, {
          hint: "Another deploy of this release has recorded it. Wait for that one to finish, then retry.",
          cause,
        });
      }
    },

    async update(release) {
      try {
        await kube.replace(await toObject(release, "modifiedAt"), { fieldManager: "helm" });
      } catch (cause) {
        if (!hasCode(cause, "KUBE_NOT_FOUND")) throw cause;
        throw new SlipwayError("RELEASE_NOT_FOUND", `Revision ${release.revision} of ${release.name} is not recorded`, {
          cause,
        });
      }
    },

    async history(name) {
      return decode(await find({ name }));
    },

    async list(options: ListOptions = {}) {
      const objects = await find({});
      return decode(options.latest ? newestOfEach(objects) : objects);
    },

    async delete(name, revision) {
      await kube.delete(refTo(name, revision, kube.defaultNamespace));
    },
  };
}

async function decodeRecord(format: RecordFormat, object: KubeObject): Promise<Release | UnreadableRecord> {
  const { name, namespace = "" } = object.metadata;
  const labels = Object.entries(stringMapAt(object, "metadata", "labels")).filter(([key]) => !systemLabels.has(key));
  try {
    const release = await decodeRelease(format.read(object) ?? "", Object.fromEntries(labels));
    // Records that came from Helm 2 don't say where they lie.
    return release.namespace === "" ? { ...release, namespace } : release;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { name, namespace, error };
  }
}

function newestOfEach(objects: KubeObject[]): KubeObject[] {
  const newest = new Map<string, { revision: number; object: KubeObject }>();
  for (const object of objects) {
    const labels = stringMapAt(object, "metadata", "labels");
    const key = `${object.metadata.namespace ?? ""}/${labels["name"] ?? object.metadata.name}`;
    const revision = Number(labels["version"]) || 0;
    if (revision >= (newest.get(key)?.revision ?? 0)) newest.set(key, { revision, object });
  }
  return Array.from(newest.values(), ({ object }) => object);
}

function labelsOf(release: Release): Record<string, string> {
  return { name: release.name, owner: "helm", status: release.status, version: `${release.revision}` };
}
