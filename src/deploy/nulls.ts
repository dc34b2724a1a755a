import { isJsonObject } from "../base/json-path.ts";
import { patchSchemaOf } from "../kube/patch/schema.ts";
import type { KubeObject } from "../kube/types.ts";

/**
 * The object with its nulls as the API server reads them: in a map of texts the empty text, in a map of quantities none
 * at all, elsewhere nothing. Helm 3 writes the same when it creates, but deletes such keys with the next upgrade. A custom
 * kind says itself what null means to it.
 */
export function readNulls(object: KubeObject): KubeObject {
  const { creationTimestamp, ...metadata } = object.metadata;
  const created = creationTimestamp === null ? { ...object, metadata } : object;
  const { apiVersion, kind } = created;
  if (patchSchemaOf(apiVersion, kind) !== undefined) return read(created, [kind]) as KubeObject;
  return { ...created, metadata: read(created.metadata, [kind, "metadata"]) } as KubeObject;
}

function read(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => read(item, path));
  if (!isJsonObject(value)) return value;
  const zero = zeroIn(path);
  const entries = Object.entries(value).flatMap(([key, member]) => {
    if (member !== null) return [[key, read(member, [...path, key])]];
    return zero === undefined ? [] : [[key, zero]];
  });
  return Object.fromEntries(entries);
}

const quantityMaps = new Set(["limits", "requests", "hard", "capacity"]);
const textMaps = new Set(["matchLabels", "nodeSelector"]);
const textMapsOfMetadata = new Set(["labels", "annotations"]);
const textMapsOfKinds = new Set([
  "ConfigMap data",
  "ConfigMap binaryData",
  "Secret data",
  "Secret stringData",
  "Service spec selector",
  "ReplicationController spec selector",
  "StorageClass parameters",
]);

/** What null means to a member of the map at this place; `undefined` where it is no such map. */
function zeroIn(path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? "";
  if (quantityMaps.has(name)) return "0";
  const isOfMetadata = textMapsOfMetadata.has(name) && path.at(-2) === "metadata";
  return textMaps.has(name) || isOfMetadata || textMapsOfKinds.has(path.join(" ")) ? "" : undefined;
}
