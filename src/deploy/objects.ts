import { SlipwayError } from "../base/error.ts";
import { isJsonObject, stringAt } from "../base/json-path.ts";
import { readYamlPlain } from "../base/yaml/read.ts";
import { describeRef, groupOf, objectKey, refOf } from "../kube/ref.ts";
import type { Discovery, KubeObject } from "../kube/types.ts";
import { fateOf } from "../plan/hazards/places.ts";
import type { ManifestObject } from "../plan/planner.ts";
import { splitManifests } from "../render/split-manifests.ts";
import { readNulls } from "./nulls.ts";

/** The objects of a manifest in their order, lists taken apart. Documents without content are left out. */
export function readManifest(manifest: string): ManifestObject[] {
  return splitManifests(manifest, "4").flatMap((content) => readDocument(content, sourceOf(content)));
}

function sourceOf(content: string): string {
  return /^# Source: (\S+)/m.exec(content)?.[1] ?? "the manifest";
}

/** The objects of one document. Its last line ends as Helm ends it, which a block scalar that stands there keeps. */
export function readDocument(content: string, source: string): ManifestObject[] {
  const document = readYamlPlain(content.endsWith("\n") ? content : `${content}\n`, { source });
  if (document === null || document === undefined) return [];
  return objectsOf(document, source).map((object) => ({ object, source }));
}

function objectsOf(document: unknown, source: string): KubeObject[] {
  if (!isJsonObject(document)) throw invalid(source, "is not an object");
  const items = document["items"];
  if (typeof document["kind"] === "string" && document["kind"].endsWith("List") && Array.isArray(items)) {
    return items.flatMap((item) => objectsOf(item, source));
  }
  const missing = [["apiVersion"], ["kind"]]
    .filter((path) => !stringAt(document, ...path))
    .map((path) => path.join("."));
  const isNamed = stringAt(document, "metadata", "name") || stringAt(document, "metadata", "generateName");
  if (missing.length > 0 || !isNamed)
    throw invalid(source, `has no ${[...missing, ...(isNamed ? [] : ["metadata.name"])].join(", no ")}`);
  return [readNulls(document as KubeObject)];
}

function invalid(source: string, what: string): SlipwayError {
  return new SlipwayError("RENDER_INVALID_MANIFEST", `A document of ${source} ${what}`, {
    where: source,
    hint: "Every document of a template needs apiVersion, kind and metadata.name. Look at it with: slipway template --show-only.",
  });
}

/** Kinds that the chart's own definitions bring, before the cluster serves them. */
export type ComingKinds = ReadonlyMap<string, { namespaced: boolean }>;

export function comingKinds(definitions: readonly KubeObject[]): ComingKinds {
  return new Map(
    definitions
      .filter((definition) => definition.kind === "CustomResourceDefinition")
      .map((definition) => {
        const key = `${stringAt(definition, "spec", "group")}/${stringAt(definition, "spec", "names", "kind")}`;
        return [key, { namespaced: stringAt(definition, "spec", "scope") !== "Cluster" }];
      }),
  );
}

export type Scope = { discovery: Discovery; namespace: string; coming: ComingKinds };

/** Fills the namespace in where the kind has one. Throws PLAN_UNKNOWN_KIND, naming every kind that nobody serves. */
export async function locate(objects: readonly ManifestObject[], scope: Scope): Promise<ManifestObject[]> {
  const unknown: ManifestObject[] = [];
  const located: ManifestObject[] = [];
  for (const entry of objects) {
    const { apiVersion, kind } = entry.object;
    const coming = scope.coming.get(`${groupOf(apiVersion)}/${kind}`);
    const known = (await scope.discovery.find(apiVersion, kind, { again: coming === undefined })) ?? coming;
    if (known === undefined) unknown.push(entry);
    else located.push(inNamespace(entry, known.namespaced, scope.namespace));
  }
  if (unknown.length > 0) throw unknownKinds(unknown);
  refuseTwins(located);
  return located;
}

export function inNamespace(entry: ManifestObject, namespaced: boolean, namespace: string): ManifestObject {
  const { namespace: own, ...metadata } = entry.object.metadata;
  const placed = namespaced ? { ...metadata, namespace: own || namespace } : metadata;
  return { ...entry, object: { ...entry.object, metadata: placed } };
}

function unknownKinds(entries: ManifestObject[]): SlipwayError {
  const lines = entries.map(({ object, source }) => {
    const fate = fateOf(object);
    return `${object.kind} (${object.apiVersion}) in ${source ?? "the manifest"}${fate ? `: ${fate}` : ""}`;
  });
  const [first] = entries;
  return new SlipwayError("PLAN_UNKNOWN_KIND", `The cluster does not know the kind ${[...new Set(lines)][0]}`, {
    ...(first ? { where: describeRef(refOf(first.object)) } : {}),
    ...(lines.length > 1 ? { detail: lines.join("\n") } : {}),
    places: entries.flatMap(({ object: { kind, apiVersion }, source }) =>
      source === undefined
        ? []
        : [{ where: source, message: `The cluster does not know the kind ${kind} (${apiVersion})` }],
    ),
    hint: "Install the definition (CRD) of the kind first, or use an apiVersion that the cluster serves: kubectl api-resources.",
  });
}

function refuseTwins(entries: readonly ManifestObject[]): void {
  const seen = new Map<string, ManifestObject>();
  for (const entry of entries) {
    const ref = refOf(entry.object);
    if (!ref.name) continue;
    const twin = seen.get(objectKey(ref));
    if (twin) {
      throw new SlipwayError(
        "RENDER_INVALID_MANIFEST",
        `The chart has ${describeRef(ref)} twice: in ${twin.source} and in ${entry.source}`,
        {
          where: describeRef(ref),
          places: [twin, entry].flatMap(({ source }) =>
            source === undefined ? [] : [{ where: source, message: `The chart has ${describeRef(ref)} twice` }],
          ),
          hint: "Rename one of the two, or render it only once.",
        },
      );
    }
    seen.set(objectKey(ref), entry);
  }
}
