import jsonpatch from "fast-json-patch";
import type { KubeObject } from "../kube/types.ts";
import type { JsonPatchOperation } from "./types.ts";

const hidden = "(hidden)";

/**
 * RFC 6902 operations that lead from one state of an object to the next, without what the server manages. A Secret's
 * values are hidden, a change of them is still told.
 */
export function operationsBetween(live: KubeObject, after: KubeObject): JsonPatchOperation[] {
  const operations = jsonpatch.compare(withoutServerFields(live), withoutServerFields(after));
  const told = operations.map((operation): JsonPatchOperation => {
    const { op, path } = operation;
    return op === "add" || op === "replace" ? { op, path, value: operation.value } : { op: "remove", path };
  });
  return live.kind === "Secret" ? told.map(hideSecretValue) : told;
}

function hideSecretValue(operation: JsonPatchOperation): JsonPatchOperation {
  const isValue = /^\/(data|stringData)(\/|$)/.test(operation.path);
  return isValue && "value" in operation ? { ...operation, value: hidden } : operation;
}

const serverFields = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];

/** The object as people write it. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !serverFields.includes(key)));
  return { ...rest, metadata: { ...metadata, name: object.metadata.name } } as KubeObject;
}

/** The object with a Secret's values replaced, equal ones by equal text, so that a diff tells which key changed. */
export function withoutSecretValues(object: KubeObject, other?: KubeObject): KubeObject {
  if (object.kind !== "Secret") return object;
  const hide = (field: "data" | "stringData") => {
    const values = object[field];
    if (typeof values !== "object" || values === null) return {};
    const others = other?.[field];
    const differs = (key: string, value: unknown) =>
      other !== undefined && (typeof others !== "object" || others === null || Reflect.get(others, key) !== value);
    const entries = Object.entries(values).map(([key, value]) => [key, differs(key, value) ? "(changed)" : hidden]);
    return { [field]: Object.fromEntries(entries) };
  };
  return { ...object, ...hide("data"), ...hide("stringData") };
}
