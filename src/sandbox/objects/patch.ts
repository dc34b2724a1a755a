import jsonPatch from "fast-json-patch";
import { hasCode } from "../../base/error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { applyJsonMergePatch } from "../../kube/patch/json-merge.ts";
import { patchSchemaOf } from "../../kube/patch/schema.ts";
import { applyStrategicMergePatch } from "../../kube/patch/strategic-merge.ts";
import type { KubeObject, PatchType } from "../../kube/types.ts";
import { patchTypes } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import { ApiError, badRequest } from "../api/status.ts";

/** Which of the four patches a content type is; 415 for any other, and for strategic merge of custom kinds. */
export function patchTypeOf(contentType: string, type: ResourceType): PatchType {
  const plain = contentType.split(";")[0]?.trim();
  const entry = Object.entries(patchTypes).find(([, name]) => name === plain);
  const found = entry?.[0] as PatchType | undefined;
  if (found !== undefined && !(found === "strategic" && type.custom !== undefined)) return found;
  const accepted = Object.entries(patchTypes)
    .filter(([name]) => !(name === "strategic" && type.custom !== undefined))
    .map(([, name]) => name);
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  throw new ApiError(415, "UnsupportedMediaType", message);
}

/** The live object with the patch on it. The live one is the caller's to change. */
export function patched(live: KubeObject, patch: unknown, kind: "json" | "merge" | "strategic"): KubeObject {
  if (kind === "json") return jsonPatched(live, patch);
  if (!isJsonObject(patch))
    throw badRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
  const result = kind === "merge" ? applyJsonMergePatch(live, patch) : strategicPatched(live, patch);
  return withMetadata(result);
}

const rejected = () =>
  new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});

function jsonPatched(live: KubeObject, patch: unknown): KubeObject {
  if (!Array.isArray(patch) || !patch.every(isJsonObject)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  if (patch.length > 10_000)
    throw new ApiError(413, "RequestEntityTooLarge", "The allowed maximum operations in a JSON patch is 10000");
  try {
    const result = jsonPatch.applyPatch(live, patch as unknown as jsonPatch.Operation[], true, true, true).newDocument;
    return withMetadata(result);
  } catch {
    throw rejected();
  }
}

function withMetadata(value: unknown): KubeObject {
  if (!isJsonObject(value) || !isJsonObject(value["metadata"])) throw rejected();
  return value as KubeObject;
}

function strategicPatched(live: KubeObject, patch: JsonObject): unknown {
  const schema = patchSchemaOf(live.apiVersion, live.kind);
  if (schema === undefined) throw badRequest(`no patch metadata for ${live.apiVersion} ${live.kind}`);
  try {
    return applyStrategicMergePatch(live, patch, schema);
  } catch (error) {
    if (hasCode(error, "KUBE_INVALID")) throw badRequest(error.message);
    throw error;
  }
}
