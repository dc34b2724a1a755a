import type { ServerResponse } from "node:http";
import type { KubeObject } from "../../kube/types.ts";
import { apiVersionOf } from "../api/resources.ts";
import { badRequest, expired } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { fromStorage } from "../objects/convert.ts";
import type { Matcher } from "../store/selectors.ts";
import type { StoreEvent } from "../store/store.ts";
import type { Answer } from "./answer.ts";
import { presentation } from "./present.ts";
import { matcherOf } from "./read.ts";
import type { ResourceRequest } from "./request.ts";

type Change = { type: string; object: KubeObject };

const bookmarkEveryMs = 60_000;
// A client that doesn't read is cut off rather than kept in memory.
const unreadLimitBytes = 64 * 1024 * 1024;

/** Streams what happens after a version, or from now on with what there is, until the client or the timeout ends it. */
export function watchAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { query, type, namespace } = request;
  const matches = matcherOf(request);
  const inNamespace: Matcher = (object) => namespace === undefined || object.metadata.namespace === namespace;
  const wanted: Matcher = (object) => inNamespace(object) && matches(object);
  const from = query.get("resourceVersion") ?? "";
  if (from !== "" && !/^\d+$/.test(from)) throw badRequest(`Invalid value: "${from}": invalid resource version`);
  const initial = query.get("sendInitialEvents") === "true";
  const replay = initial || from === "" || from === "0";
  const past = replay ? [] : cluster.store.since(Number(from));
  const existing = replay ? cluster.store.list(type.key, namespace).filter(matches) : [];
  return {
    stream(response) {
      response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache, private" });
      response.flushHeaders();
      const write = writer(response, request);
      if (past === undefined) {
        response.end(`${JSON.stringify({ type: "ERROR", object: expired().status })}\n`);
        return;
      }
      for (const object of existing) write({ type: "ADDED", object });
      const marks = { "k8s.io/initial-events-end": "true" };
      if (initial) write({ type: "BOOKMARK", object: bookmark(cluster, request, marks) });
      for (const event of past) forward(event, type.key, wanted, write);
      follow(cluster, request, { response, write, wanted });
    },
  };
}

type Stream = { response: ServerResponse; write: (change: Change) => void; wanted: Matcher };

function follow(cluster: Cluster, request: ResourceRequest, { response, write, wanted }: Stream): void {
  const { query, type } = request;
  const unsubscribe = cluster.store.subscribe((event) => forward(event, type.key, wanted, write));
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  const timer = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined;
  const marks = query.get("allowWatchBookmarks") === "true";
  const interval = marks
    ? setInterval(() => write({ type: "BOOKMARK", object: bookmark(cluster, request) }), bookmarkEveryMs)
    : undefined;
  response.on("close", () => {
    unsubscribe();
    clearTimeout(timer);
    clearInterval(interval);
  });
}

// An object that a change takes out of the selection is, for this watch, deleted; one that it brings in is added.
function forward(event: StoreEvent, key: string, wanted: Matcher, write: (change: Change) => void): void {
  if (event.key !== key) return;
  const is = wanted(event.object);
  if (event.type === "MODIFIED") {
    const was = event.previous !== undefined && wanted(event.previous);
    if (is) write({ type: was ? "MODIFIED" : "ADDED", object: event.object });
    else if (was) write({ type: "DELETED", object: event.object });
  } else if (is) {
    write({ type: event.type, object: event.object });
  }
}

function writer(response: ServerResponse, request: ResourceRequest): (change: Change) => void {
  const { one } = presentation(request);
  return ({ type, object }) => {
    if (response.writableLength > unreadLimitBytes) {
      response.destroy();
      return;
    }
    const seen = type === "BOOKMARK" ? object : one(fromStorage(object, request.type));
    response.write(`${JSON.stringify({ type, object: seen })}\n`);
  };
}

function bookmark(cluster: Cluster, { type }: ResourceRequest, annotations?: Record<string, string>): KubeObject {
  const metadata = {
    resourceVersion: String(cluster.store.version()),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { apiVersion: apiVersionOf(type), kind: type.kind, metadata } as unknown as KubeObject;
}
