import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { apiVersionOf, type ResourceType } from "../api/resources.ts";
import { ApiError, badRequest } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { decodeFields, type FieldValidation } from "../schema/check.ts";
import { customType } from "../schema/custom.ts";
import { builtInType, type FieldType } from "../schema/schema.ts";

const customTypes = new WeakMap<object, FieldType>();

export function typeOf(type: ResourceType): FieldType {
  if (type.custom === undefined) return builtInType(type);
  const known = customTypes.get(type.custom);
  if (known !== undefined) return known;
  const made = customType(type.custom.schema, type.kind);
  customTypes.set(type.custom, made);
  return made;
}

/** The type in the version that is stored. */
export function schemaOf(cluster: Cluster, type: ResourceType): FieldType {
  return typeOf(cluster.resources.stored(type.key));
}

type DecodeOptions = { fieldValidation?: FieldValidation; warn?: (message: string) => void };

/** Makes untrusted JSON an object of the type, or throws 400 as the server's decoder does. Changes it in place. */
export function decodeObject(body: unknown, type: ResourceType, options: DecodeOptions): KubeObject {
  const cannot = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`;
  if (!isJsonObject(body)) throw badRequest(`${cannot}: json: cannot unmarshal into Go value of type ${type.kind}`);
  const apiVersion = body["apiVersion"] ?? apiVersionOf(type);
  const kind = body["kind"] ?? type.kind;
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind) throw wrongKind(apiVersion, kind, type);
  try {
    const unknown = decodeFields(body, typeOf(type), type.custom !== undefined);
    checkBinary(body, type);
    report(unknown, cannot, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.message.startsWith(cannot)) throw error;
    throw badRequest(`${cannot}: ${error.message}`);
  }
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  return { ...body, apiVersion: apiVersionOf(type), kind: type.kind, metadata } as KubeObject;
}

const binaryFields: Record<string, string> = { "/secrets": "data", "/configmaps": "binaryData" };

function checkBinary(body: JsonObject, { key }: ResourceType): void {
  const field = Object.hasOwn(binaryFields, key) ? binaryFields[key] : undefined;
  if (field === undefined || !isJsonObject(body[field])) return;
  for (const value of Object.values(body[field])) {
    const text = String(value).replace(/[\r\n]/g, "");
    const wrong = text.search(/[^A-Za-z0-9+/=]|=(?!=?$)/);
    if (wrong >= 0) throw badRequest(`illegal base64 data at input byte ${wrong}`);
    if (text.length % 4 !== 0) throw badRequest(`illegal base64 data at input byte ${text.length - (text.length % 4)}`);
  }
}

function report(unknown: string[], cannot: string, options: DecodeOptions): void {
  if (unknown.length === 0 || options.fieldValidation === "Ignore") return;
  const messages = unknown.map((path) => `unknown field "${path}"`);
  if (options.fieldValidation === "Strict") {
    throw badRequest(`${cannot}: strict decoding error: ${messages.join(", ")}`);
  }
  for (const message of messages) options.warn?.(message);
}

function wrongKind(apiVersion: unknown, kind: unknown, type: ResourceType): ApiError {
  const version = String(apiVersion).split("/").at(-1) ?? "";
  const why =
    apiVersion === apiVersionOf(type)
      ? `converting (${version}.${kind}) to (${type.group === "" ? "core" : type.group}.${type.kind}): unknown conversion`
      : `no kind "${kind}" is registered for version "${apiVersion}"`;
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${type.kind}: ${why}`);
}

/** Reads `kind` and `apiVersion` of what may be anything. */
export function isObjectLike(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value["kind"] === "string";
}
