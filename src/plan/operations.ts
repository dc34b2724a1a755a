import jsonpatch from "fast-json-patch";
import { isJsonObject, valueAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";
import type { Change, JsonPatchOperation } from "./types.ts";

const hidden = "(hidden)";
const changed = "(changed)";

/**
 * RFC 6902 operations that lead from one state of an object to the next, without what the server manages. A Secret's
 * values are not in them, a change of one is still told.
 */
export function operationsBetween(live: KubeObject, after: KubeObject): JsonPatchOperation[] {
  const [from, to] = [withoutSecretValues(live), withoutSecretValues(after, live)];
  return jsonpatch.compare(withoutServerFields(from), withoutServerFields(to)).map((operation): JsonPatchOperation => {
    const { op, path } = operation;
    return op === "add" || op === "replace" ? { op, path, value: operation.value } : { op: "remove", path };
  });
}

/** The change as one RFC 6902 patch of the live object, which is null where there is none. */
export function patchOf({ action, operations, after, desired }: Change): JsonPatchOperation[] {
  const made = after ?? desired;
  if (action === "delete") return [{ op: "remove", path: "" }];
  if (action !== "create" || made === undefined) return operations;
  return [{ op: "add", path: "", value: withoutServerFields(withoutSecretValues(made)) }];
}

const serverFields = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];

/** The object as people write it. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !serverFields.includes(key)));
  return { ...rest, metadata: { ...metadata, name: object.metadata.name } } as KubeObject;
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The object with a Secret's values replaced, equal ones by equal text, so that a diff tells which key changed. What
 * kubectl notes in an annotation has them once more.
 */
export function withoutSecretValues(object: KubeObject, other?: KubeObject): KubeObject {
  if (object.kind !== "Secret") return object;
  const { annotations } = object.metadata;
  const told = (path: string[], value: unknown) =>
    other === undefined || valueAt(other, ...path) === value ? hidden : changed;
  const hide = (field: "data" | "stringData") => {
    const values = object[field];
    if (values === undefined || values === null) return {};
    if (!isJsonObject(values)) return { [field]: hidden };
    const entries = Object.entries(values).map(([key, value]) => [key, told([field, key], value)]);
    return { [field]: Object.fromEntries(entries) };
  };
  const noted = annotations?.[lastApplied];
  const note = noted === undefined ? {} : { [lastApplied]: told(["metadata", "annotations", lastApplied], noted) };
  const metadata =
    noted === undefined ? object.metadata : { ...object.metadata, annotations: { ...annotations, ...note } };
  return { ...object, metadata, ...hide("data"), ...hide("stringData") };
}
