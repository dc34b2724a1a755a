import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import { badRequest } from "../api/status.ts";
import { dictAt, textAt } from "../json.ts";

/** A workload's replicas as the kind `autoscaling/v1 Scale` shows them. */
export function toScale(object: KubeObject, _type: ResourceType): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(dictAt(object, "spec", "selector", "matchLabels"));
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject["metadata"];
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata,
    spec: { replicas: numberAt(object, "spec", "replicas") ?? 0 },
    status: {
      replicas: numberAt(object, "status", "replicas") ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(","),
    },
  };
}

/** The object with the replicas that a Scale asks for. */
export function withScale(object: KubeObject, scale: unknown): KubeObject {
  const replicas = numberAt(scale, "spec", "replicas") ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0) throw badRequest("spec.replicas must be a non-negative integer");
  const version = textAt(scale, "metadata", "resourceVersion");
  const metadata = { ...object.metadata };
  if (version !== "") metadata.resourceVersion = version;
  return { ...object, metadata, spec: { ...dictAt({ spec: valueAt(object, "spec") }, "spec"), replicas } };
}
