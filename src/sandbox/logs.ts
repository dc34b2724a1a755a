import { numberAt, valueAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";
import { badRequest, notFound } from "./api/status.ts";
import type { Cluster } from "./cluster.ts";
import type { Answer } from "./http/answer.ts";
import type { ResourceRequest } from "./http/request.ts";
import { dictAt, dictsAt, textAt } from "./json.ts";

const contentType = "text/plain; charset=utf-8";

/** What a container has printed: `starting`, and before it dies why. */
export function logAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "", query } = request;
  const pod = cluster.store.get(type.key, namespace, name);
  if (pod === undefined) throw notFound(type, name);
  const container = containerOf(pod, query.get("container") ?? "");
  const previous = query.get("previous") === "true";
  const lines = linesOf(pod, container, previous);
  const tail = query.get("tailLines");
  const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  const stamp = query.get("timestamps") === "true" ? `${startedAt(pod, container)} ` : "";
  const text = shown.map((line) => `${stamp}${line}\n`).join("");
  const runs = textAt(pod, "status", "phase") === "Running";
  if (query.get("follow") !== "true" || previous || !runs) return { code: 200, text, contentType };
  return followed(cluster, pod, text);
}

// Nothing more is ever printed: a follower waits for the container's end.
function followed(cluster: Cluster, pod: KubeObject, text: string): Answer {
  return {
    stream(response) {
      response.writeHead(200, { "Content-Type": contentType });
      response.write(text);
      response.flushHeaders();
      const unsubscribe = cluster.store.subscribe((event) => {
        if (event.object.metadata.uid !== pod.metadata.uid) return;
        const ended = event.type === "DELETED" || textAt(event.object, "status", "phase") !== "Running";
        if (ended) response.end();
      });
      response.on("close", unsubscribe);
    },
  };
}

function containerOf(pod: KubeObject, asked: string): string {
  const containers = ["initContainers", "containers"].flatMap((list) => dictsAt(pod, "spec", list));
  const names = containers.map((container) => textAt(container, "name"));
  const pods = pod.metadata.name;
  if (asked !== "") {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pods}`);
  }
  const main = dictsAt(pod, "spec", "containers").map((container) => textAt(container, "name"));
  if (main.length === 1) return main[0] ?? "";
  throw badRequest(`a container name must be specified for pod ${pods}, choose one of: [${names.join(" ")}]`);
}

function statusOf(pod: KubeObject, container: string): unknown {
  const all = [...dictsAt(pod, "status", "containerStatuses"), ...dictsAt(pod, "status", "initContainerStatuses")];
  return all.find((status) => status["name"] === container);
}

function linesOf(pod: KubeObject, container: string, previous: boolean): string[] {
  const status = statusOf(pod, container);
  const last = valueAt(status, "lastState", "terminated");
  const where = `container "${container}" in pod "${pod.metadata.name}"`;
  if (previous && last === undefined)
    throw badRequest(`previous terminated ${where.replace(" in pod", " in pod")} not found`);
  if (previous) return output(valueAt(last, "exitCode"));
  const waiting = textAt(status, "state", "waiting", "reason");
  if (waiting === "ImagePullBackOff" || waiting === "ErrImagePull") {
    throw badRequest(`${where} is waiting to start: trying and failing to pull image`);
  }
  if (status === undefined || (waiting !== "" && last === undefined)) {
    throw badRequest(`${where} is waiting to start: ${waiting === "" ? "ContainerCreating" : waiting}`);
  }
  return output(valueAt(dictAt(status, "state"), "terminated", "exitCode") ?? valueAt(last, "exitCode"));
}

function output(exitCode: unknown): string[] {
  const died = typeof exitCode === "number" && exitCode !== 0;
  return died ? ["starting", "FATAL: DATABASE_URL is not set"] : ["starting"];
}

function startedAt(pod: KubeObject, container: string): string {
  const status = statusOf(pod, container);
  const running = textAt(status, "state", "running", "startedAt") || textAt(status, "state", "terminated", "startedAt");
  return running || textAt(pod, "metadata", "creationTimestamp") || String(numberAt(pod, "metadata", "generation"));
}
