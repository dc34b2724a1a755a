import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { ApiError, badRequest, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { clone, textAt } from "../json.ts";
import { toStorage } from "./convert.ts";
import { decodeObject, schemaOf } from "./decode.ts";
import { applyObject } from "./managed-fields.ts";
import { createObject, type Target, updateObject, type WriteOptions, writerOf } from "./write.ts";

/** Server-side apply: makes the object, or merges what is applied into it. */
export function applyServerSide(
  cluster: Cluster,
  target: Target & { name: string },
  patch: unknown,
  options: WriteOptions & { force: boolean },
): { object: KubeObject; created: boolean } {
  const { type, namespace, name } = target;
  if (!isJsonObject(patch)) throw badRequest("error decoding YAML: the patch is not an object");
  if (isJsonObject(patch["metadata"]) && patch["metadata"]["managedFields"] !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  if (patch["kind"] === undefined || patch["apiVersion"] === undefined) {
    throw badRequest(`invalid object type: ${patch["apiVersion"] ?? ""}/, Kind=${patch["kind"] ?? ""}`);
  }
  const unknown: string[] = [];
  const stated = decodeObject(clone(patch), type, {
    fieldValidation: "Warn",
    warn: (message) => unknown.push(message),
  });
  if (unknown.length > 0) throw untyped(patch, unknown);
  if ((stated.metadata.name ?? name) !== name) {
    throw badRequest(`the name of the object (${stated.metadata.name}) does not match the name on the URL (${name})`);
  }
  const metadata = { ...stated.metadata, name, ...(namespace === undefined ? {} : { namespace }) };
  const applied = toStorage({ ...stated, metadata }, type);
  const writer = writerOf(cluster, type, options);
  const schema = schemaOf(cluster, type);
  const live = cluster.store.get(type.key, namespace, name);
  const result = applyObject(live, applied, schema, { writer, force: options.force });
  const storedType = cluster.resources.stored(type.key);
  const write: WriteOptions = { ...options, applied: true, fieldValidation: "Ignore" };
  if (live !== undefined) {
    const object = updateObject(cluster, { type: storedType, namespace, name }, () => result, write);
    return { object, created: false };
  }
  if ((options.subresource ?? "") !== "") throw notFound(type, name);
  return { object: createObject(cluster, { type: storedType, namespace }, result, write), created: true };
}

// Apply must know the type of every field, whatever field validation the client asks for.
function untyped(patch: JsonObject, unknown: string[]): ApiError {
  const where = `${textAt(patch, "metadata", "namespace")}/${textAt(patch, "metadata", "name")}`;
  const fields = unknown.map((message) =>
    message.replace(/^unknown field "(.*)"$/, ".$1: field not declared in schema"),
  );
  const what = `${where}; ${patch["apiVersion"]}, Kind=${patch["kind"]}`;
  return new ApiError(500, "", `failed to create typed patch object (${what}): ${fields.join("\n")}`);
}
