import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, SlipwayError } from "../base/error.ts";
import { arrayAt, isJsonObject, objectAt, stringAt } from "../base/json-path.ts";
import { sha256 } from "../base/sha256.ts";
import type { KubeClient, ObjectRef } from "../kube/types.ts";
import { unzipJson } from "./codec.ts";
import { hookFromWire } from "./hook-wire.ts";
import { recordName } from "./name.ts";
import { type PartsPlace, readPartsPlace } from "./parts-place.ts";
import type { RecordFormat } from "./records-driver.ts";
import type { Release } from "./types.ts";

const partsAtOnce = 4;
// Not Helm's, which takes every object with its own owner for a release.
const owner = "slipway";
const type = "slipway/release-part.v1";

type Identity = { name: string; namespace: string };

/**
 * The objects beside a record's that keep what it has no room for. They are named after their content: revisions that
 * are the same share them, and so does the copy of a record that Helm makes when it begins a rollback.
 */
export type RecordParts = {
  /** Before the record itself, so that a record never lacks its parts. */
  write(of: Identity & { revision: number }, place: PartsPlace, texts: readonly string[]): Promise<void>;
  /** The release whole. RELEASE_INVALID where a part is missing, or not what was written. */
  complete(release: Release, namespace: string): Promise<Release>;
  /** Removes the parts that were written or read of a revision whose record is gone, and of no other. */
  remove(name: string, revision: number): Promise<void>;
  /** Removes a release's parts apart from those that one of the records names. */
  sweep(of: Identity, records: readonly Release[]): Promise<void>;
};

export function recordParts(format: RecordFormat, kube: KubeClient): RecordParts {
  const { kind } = format;
  const known = new Map<string, ObjectRef[]>();
  const refTo = ({ name, namespace }: Identity, sha256: string, number: number): ObjectRef => ({
    apiVersion: "v1",
    kind,
    namespace,
    name: `slipway.release.v1.${name}.${sha256.slice(0, 24)}.${number}`,
  });

  const isKnown = (refs: readonly ObjectRef[]) =>
    [...known.values()].some((others) => others[0] !== undefined && others[0].name === refs[0]?.name);
  const refsTo = (of: Identity, { count, sha256 }: PartsPlace) =>
    Array.from({ length: count }, (_, at) => refTo(of, sha256, at + 1));

  async function writePart(of: Identity, { sha256 }: PartsPlace, text: string, number: number): Promise<void> {
    const { apiVersion, kind: _, ...identity } = refTo(of, sha256, number);
    const labels = { owner, name: of.name, part: `${number}` };
    const object = { apiVersion, kind, metadata: { ...identity, labels }, ...format.write(text) };
    const part = kind === "Secret" ? { ...object, type } : object;
    try {
      await kube.create(part, { fieldManager: "helm" });
    } catch (error) {
      // One that a killed run left.
      if (!hasCode(error, "KUBE_CONFLICT")) throw error;
      await kube.replace(part, { fieldManager: "helm" });
    }
  }

  async function readPart(ref: ObjectRef): Promise<string> {
    const object = await kube.get(ref);
    const text = object && format.read(object);
    if (text !== undefined) return text;
    throw new SlipwayError("RELEASE_INVALID", `Its part ${ref.name} is missing`);
  }

  return {
    async write(of, place, texts) {
      const refs = refsTo(of, place);
      if (!isKnown(refs)) await mapConcurrently(texts, partsAtOnce, (text, at) => writePart(of, place, text, at + 1));
      known.set(recordName(of.name, of.revision), refs);
    },

    async complete(release, namespace) {
      const place = readPartsPlace(release.manifest);
      if (place === undefined) return release;
      const refs = refsTo({ ...release, namespace }, place);
      const texts = await mapConcurrently(refs, partsAtOnce, readPart);
      const text = texts.join("");
      if (sha256(text) !== place.sha256)
        throw new SlipwayError("RELEASE_INVALID", "Its parts are not what was written");
      known.set(recordName(release.name, release.revision), refs);
      return withBulk(release, await unzipJson(text));
    },

    async remove(name, revision) {
      const key = recordName(name, revision);
      const refs = known.get(key) ?? [];
      known.delete(key);
      if (isKnown(refs)) return;
      await mapConcurrently(refs, partsAtOnce, (ref) => kube.delete(ref));
    },

    async sweep(of, records) {
      const named = new Set(
        records.flatMap((release) => {
          const place = readPartsPlace(release.manifest);
          return place ? refsTo({ ...release, namespace: of.namespace }, place).map(({ name }) => name) : [];
        }),
      );
      const labels = { owner, name: of.name };
      const { items } = await kube.list("v1", kind, { namespace: of.namespace, labels });
      const left = items.filter((part) => !named.has(part.metadata.name));
      await mapConcurrently(left, partsAtOnce, ({ metadata: { name } }) =>
        kube.delete({ apiVersion: "v1", kind, namespace: of.namespace, name }),
      );
    },
  };
}

function withBulk(release: Release, bulk: unknown): Release {
  return {
    ...release,
    manifest: stringAt(bulk, "manifest") ?? "",
    hooks: arrayAt(bulk, "hooks").filter(isJsonObject).map(hookFromWire),
    chart: objectAt(bulk, "chart") ?? release.chart,
    config: objectAt(bulk, "config") ?? release.config,
    notes: stringAt(bulk, "notes") ?? "",
  };
}
