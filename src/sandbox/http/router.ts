import { ApiError, forbidden } from "../api/status.ts";
import { discoveryAnswer } from "../discovery/answer.ts";
import { openApiAnswer } from "../discovery/openapi.ts";
import { logAnswer } from "../logs.ts";
import type { Answer } from "./answer.ts";
import type { Api } from "./api.ts";
import { deleteAnswer, deleteCollectionAnswer } from "./delete.ts";
import { getAnswer, listAnswer } from "./read.ts";
import { type HttpRequest, type ResourceRequest, resourceRequest } from "./request.ts";
import { reviewAnswer } from "./review.ts";
import { isDenied, user } from "./rules.ts";
import { watchAnswer } from "./watch.ts";
import { createAnswer, patchAnswer, updateAnswer } from "./write.ts";

/** Answers one request, or throws an ApiError. */
export function route(api: Api, request: HttpRequest): Answer {
  if (["/readyz", "/livez", "/healthz"].includes(request.path)) {
    return { code: 200, text: "ok", contentType: "text/plain; charset=utf-8" };
  }
  const document = openApiAnswer(api.cluster, request) ?? discoveryAnswer(api.cluster, request);
  if (document !== undefined) return document;
  const wanted = resourceRequest(request, api.cluster.resources);
  if (wanted === undefined)
    return { code: 404, text: "404 page not found\n", contentType: "text/plain; charset=utf-8" };
  checkAllowed(api, wanted);
  return handle(api, wanted);
}

function handle(api: Api, request: ResourceRequest): Answer {
  const { cluster } = api;
  const review = reviewAnswer(api, request);
  if (review !== undefined) return review;
  if (request.subresource === "log") return logAnswer(cluster, request);
  if (!["", "status", "scale", "finalize", "eviction"].includes(request.subresource)) {
    throw new ApiError(
      501,
      "NotImplemented",
      `the sandbox does not serve ${request.type.plural}/${request.subresource}`,
    );
  }
  switch (request.verb) {
    case "get":
      return getAnswer(cluster, request);
    case "list":
      return listAnswer(cluster, request);
    case "watch":
      return watchAnswer(cluster, request);
    case "create":
      return createAnswer(cluster, request);
    case "update":
      return updateAnswer(cluster, request);
    case "patch":
      return patchAnswer(cluster, request);
    case "delete":
      return deleteAnswer(cluster, request);
    default:
      return deleteCollectionAnswer(cluster, request);
  }
}

function checkAllowed({ deny }: Api, request: ResourceRequest): void {
  const { type, namespace, name = "", verb, subresource } = request;
  const resource = subresource === "" ? type.plural : `${type.plural}/${subresource}`;
  if (!isDenied(deny, { verb, resource, namespace: namespace ?? "" })) return;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = `cannot ${verb} resource "${resource}" in API group "${type.group}"`;
  throw forbidden(type, name, `User "${user}" ${what} ${where}`);
}
