import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { ApiError, badRequest, invalid, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { clone } from "../json.ts";
import { applyServerSide } from "../objects/apply.ts";
import { fromStorage } from "../objects/convert.ts";
import { deleteObject } from "../objects/delete.ts";
import { patched, patchTypeOf } from "../objects/patch.ts";
import { toScale, withScale } from "../objects/scale.ts";
import { createObject, updateObject, type WriteOptions } from "../objects/write.ts";
import type { FieldValidation } from "../schema/check.ts";
import { type Answer, ok, warningHeaders } from "./answer.ts";
import { parseBody } from "./body.ts";
import { presentation } from "./present.ts";
import { header, isDryRun, type ResourceRequest } from "./request.ts";

export function createAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace } = request;
  if (request.subresource === "eviction") return evict(cluster, request);
  const { options, warnings } = writeOptions(request);
  const body = parseBody(request, type.kind);
  const created = warning(warnings, () => createObject(cluster, { type, namespace }, body as KubeObject, options));
  return written(request, created, { code: 201, warnings });
}

export function updateAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "", subresource } = request;
  const { options, warnings } = writeOptions(request);
  const body = parseBody(request, type.kind);
  if (!isJsonObject(body)) throw badRequest("the body is not an object");
  if (subresource === "finalize") return finalize(cluster, request, body);
  const target = { type, namespace, name };
  if (subresource === "scale") {
    return ok(
      toScale(
        updateObject(cluster, target, (live) => withScale(live, body), options),
        type,
      ),
    );
  }
  const updated = warning(warnings, () => updateObject(cluster, target, () => named(body, name), options));
  return written(request, updated, { code: 200, warnings });
}

// A body without a name takes the name on the URL.
function named(body: JsonObject, name: string): KubeObject {
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  return { ...body, metadata: { ...metadata, name: metadata["name"] ?? name } } as KubeObject;
}

export function patchAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "", subresource } = request;
  const { options, warnings } = writeOptions(request);
  const target = { type, namespace, name };
  const kind = patchTypeOf(header(request, "content-type"), type);
  const patch = parseBody(request, type.kind);
  if (kind === "apply") {
    requireManager(request);
    const force = request.query.get("force") === "true";
    const { object, created } = applyServerSide(cluster, target, patch, { ...options, force });
    return written(request, object, { code: created ? 201 : 200, warnings });
  }
  const change = (live: KubeObject): KubeObject => {
    if (subresource === "scale") return withScale(live, patched(toScale(live, type), patch, kind));
    return patched(live, patch, kind);
  };
  const updated = warning(warnings, () => updateObject(cluster, target, change, options));
  if (subresource === "scale") return ok(toScale(updated, type));
  return written(request, updated, { code: 200, warnings });
}

function requireManager(request: ResourceRequest): void {
  if ((request.query.get("fieldManager") ?? "") !== "") return;
  throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
    { reason: "FieldValueRequired", message: "Required value: is required for apply patch", field: "fieldManager" },
  ]);
}

function writeOptions(request: ResourceRequest): { options: WriteOptions; warnings: string[] } {
  const warnings: string[] = [];
  const { query, subresource } = request;
  const validation = query.get("fieldValidation") ?? "Warn";
  if (!["Ignore", "Warn", "Strict"].includes(validation)) {
    throw badRequest(`fieldValidation: Unsupported value: "${validation}"`);
  }
  const agent = header(request, "user-agent").split("/")[0] ?? "";
  const options: WriteOptions = {
    manager: query.get("fieldManager") || agent || "unknown",
    dryRun: isDryRun(request),
    subresource: subresource === "finalize" ? "" : subresource,
    fieldValidation: validation as FieldValidation,
    warn: (message) => warnings.push(message),
  };
  return { options, warnings };
}

function written(request: ResourceRequest, object: KubeObject, how: { code: number; warnings: string[] }): Answer {
  const seen = presentation(request).one(fromStorage(object, request.type));
  return { code: how.code, json: seen, headers: warningHeaders(how.warnings) };
}

// A write that fails has its warnings too.
function warning<T>(warnings: string[], write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof ApiError) error.warnings = warnings;
    throw error;
  }
}

function evict(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "" } = request;
  deleteObject(cluster, { type, namespace, name }, { dryRun: isDryRun(request) });
  return ok({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, 201);
}

// A namespace goes when whoever holds it lets go of its spec's finalizers.
function finalize(cluster: Cluster, request: ResourceRequest, body: JsonObject): Answer {
  const { type, name = "" } = request;
  const live = cluster.store.get(type.key, undefined, name);
  if (live === undefined) throw notFound(type, name);
  const spec = isJsonObject(body["spec"]) ? clone(body["spec"]) : {};
  return ok(cluster.store.put(type.key, { ...live, spec }));
}
