import { sha256 } from "../../base/sha256.ts";
import { apiVersionOf, type ResourceType } from "../api/resources.ts";
import { noSuchPath } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { type Answer, ok } from "../http/answer.ts";
import type { HttpRequest } from "../http/request.ts";
import { typeOf } from "../objects/decode.ts";
import { version } from "./answer.ts";
import { byVersion } from "./documents.ts";
import { openApiSchemas, schemaName } from "./openapi-schemas.ts";

/** The OpenAPI documents: version 3 by group, made when asked for; version 2 without types, which no client misses. */
export function openApiAnswer(cluster: Cluster, request: HttpRequest): Answer | undefined {
  const { path } = request;
  if (path === "/openapi/v2") return secondVersion(request);
  if (path === "/openapi/v3" || path === "/openapi/v3/") return ok({ paths: index(cluster) });
  if (!path.startsWith("/openapi/v3/")) return undefined;
  const apiVersion = path.slice("/openapi/v3/".length).replace(/^apis?\//, "");
  const types = byVersion(cluster.resources.all()).get(apiVersion);
  if (types === undefined) throw noSuchPath();
  return ok(document(types));
}

function index(cluster: Cluster): Record<string, { serverRelativeURL: string }> {
  const entries = [...byVersion(cluster.resources.all())].map(([apiVersion, types]) => {
    const path = pathOf(apiVersion);
    // The hash says when a client's copy is stale: here, when the version serves other kinds.
    const kinds = types.map((type) => [type.plural, type.custom?.schema]);
    const hash = sha256(JSON.stringify(kinds));
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
  });
  return Object.fromEntries(entries);
}

function pathOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

function document(types: ResourceType[]): unknown {
  const paths = types
    .filter((type) => type.verbs.includes("patch"))
    .map((type) => [itemPath(type), { patch: patchOf(type) }]);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: version.gitVersion },
    paths: Object.fromEntries(paths),
    components: { schemas: openApiSchemas(types.map((type) => ({ type, schema: typeOf(type) }))) },
  };
}

function itemPath(type: ResourceType): string {
  const scope = type.namespaced ? "namespaces/{namespace}/" : "";
  return `/${pathOf(apiVersionOf(type))}/${scope}${type.plural}/{name}`;
}

const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
  name,
  in: "query",
  schema: { type: name === "force" ? "boolean" : "string" },
}));

function patchOf(type: ResourceType): unknown {
  const { group, version: apiVersion, kind } = type;
  const accepted = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];
  const content = Object.fromEntries(accepted.map((name) => [name, { schema: { type: "object" } }]));
  const answer = { schema: { $ref: `#/components/schemas/${schemaName(type)}` } };
  return {
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": { group, version: apiVersion, kind },
    parameters,
    requestBody: { content, required: true },
    responses: { 200: { description: "OK", content: { "application/json": answer } } },
  };
}

function secondVersion(request: HttpRequest): Answer {
  const accept = request.headers["accept"] ?? "";
  if (!String(accept).includes("protobuf")) {
    const info = { title: "Kubernetes", version: version.gitVersion };
    return ok({ swagger: "2.0", info, paths: {}, definitions: {} });
  }
  // Field 1, `swagger`, is all that the document needs: clients then fall back to the types that they know.
  const text = Buffer.from([0x0a, 0x03, ...Buffer.from("2.0")]);
  return { code: 200, text, contentType: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" };
}
