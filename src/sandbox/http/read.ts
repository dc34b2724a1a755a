import type { KubeObject } from "../../kube/types.ts";
import { apiVersionOf } from "../api/resources.ts";
import { ApiError, badRequest, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { parseJson, textAt } from "../json.ts";
import { fromStorage } from "../objects/convert.ts";
import { toScale } from "../objects/scale.ts";
import { fieldSelector, labelSelector, type Matcher } from "../store/selectors.ts";
import { idOf } from "../store/store.ts";
import { type Answer, ok } from "./answer.ts";
import { presentation } from "./present.ts";
import type { ResourceRequest } from "./request.ts";

export function getAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "", subresource } = request;
  const object = cluster.store.get(type.key, namespace, name);
  if (object === undefined) throw notFound(type, name);
  if (subresource === "scale") return ok(toScale(object, type));
  const seen = fromStorage(object, type);
  return ok(presentation(request).one(seen));
}

export function listAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, query } = request;
  const matches = matcherOf(request);
  const all = cluster.store.list(type.key, namespace).filter(matches);
  const { page, rest, token } = cut(all, query, cluster.store.version());
  const metadata = {
    resourceVersion: String(cluster.store.version()),
    ...(token === undefined ? {} : { continue: token, remainingItemCount: rest }),
  };
  const items = page.map((object) => fromStorage(object, type));
  return ok(presentation(request).list({ ...listKind(request), metadata, items }));
}

/** The kind of a list of what the request is about. */
export function listKind({ type }: ResourceRequest): { apiVersion: string; kind: string } {
  return { apiVersion: apiVersionOf(type), kind: `${type.kind}List` };
}

/** What the request's selectors, and a name in its path, leave. */
export function matcherOf({ query, type, name }: ResourceRequest): Matcher {
  const matchers: Matcher[] = [];
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  if (labels !== "") matchers.push(labelSelector(labels));
  if (fields !== "") matchers.push(fieldSelector(fields, type.key));
  if (name !== undefined) matchers.push((object) => object.metadata.name === name);
  return (object) => matchers.every((matches) => matches(object));
}

type Page = { page: KubeObject[]; rest: number; token?: string };

// The token remembers the last object, so that objects which come or go meanwhile don't shift the pages.
function cut(all: KubeObject[], query: URLSearchParams, version: number): Page {
  const limit = Number(query.get("limit") ?? 0);
  const after = query.get("continue") ?? "";
  if (!Number.isInteger(limit) || limit < 0) throw badRequest(`unable to parse limit "${query.get("limit")}"`);
  const last = after === "" ? "" : lastId(after);
  const from = all.filter((object) => objectId(object) > last);
  if (limit === 0 || from.length <= limit) return { page: from, rest: 0 };
  const page = from.slice(0, limit);
  const id = page.map(objectId).at(-1) ?? "";
  const token = Buffer.from(JSON.stringify({ v: version, id })).toString("base64url");
  return { page, rest: from.length - limit, token };
}

function objectId(object: KubeObject): string {
  return idOf(object.metadata.namespace, object.metadata.name);
}

function lastId(token: string): string {
  try {
    return textAt(parseJson(Buffer.from(token, "base64url").toString()), "id");
  } catch {
    throw new ApiError(400, "BadRequest", "continue key is not valid");
  }
}
