import { arrayAt, isJsonObject, type JsonObject, objectAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";

/** Where a kind keeps the spec of its pods. */
export function podSpecPath(kind: string): string[] {
  if (kind === "Pod") return ["spec"];
  if (kind === "CronJob") return ["spec", "jobTemplate", "spec", "template", "spec"];
  return ["spec", "template", "spec"];
}

const kinds = new Set([
  "Pod",
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "ReplicationController",
]);
const groups = /^(v1|apps\/|batch\/)/;

/** The spec of the pods that an object of a built-in kind runs. */
export function podSpecOf(object: KubeObject | undefined): JsonObject | undefined {
  if (object === undefined || !kinds.has(object.kind) || !groups.test(object.apiVersion)) return undefined;
  return objectAt(object, ...podSpecPath(object.kind));
}

/** A container with the path at which it lies in the pod's spec. */
export type Container = { container: JsonObject; path: string };

export function containersOf(spec: JsonObject | undefined): Container[] {
  return ["initContainers", "containers"].flatMap((list) =>
    arrayAt(spec, list).flatMap((container, index) =>
      isJsonObject(container) ? [{ container, path: `${list}[${index}]` }] : [],
    ),
  );
}
