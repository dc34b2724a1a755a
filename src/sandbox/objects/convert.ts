import { type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { apiVersionOf, type ResourceType } from "../api/resources.ts";
import { clone, dictAt, dictsAt, textAt } from "../json.ts";

type Conversion = { fromStorage(object: JsonObject): JsonObject; toStorage(object: JsonObject): JsonObject };

// Kinds whose versions differ in more than their name, by `group/version/plural` of the version that is not stored.
const conversions: Record<string, Conversion> = {
  "autoscaling/v1/horizontalpodautoscalers": { fromStorage: toScalerV1, toStorage: toScalerV2 },
  "events.k8s.io/v1/events": { fromStorage: toNewEvent, toStorage: toCoreEvent },
};

/** A stored object as a request for the type sees it. */
export function fromStorage(object: KubeObject, type: ResourceType): KubeObject {
  return converted(object, type, "fromStorage", apiVersionOf(type));
}

export function toStorage(object: KubeObject, type: ResourceType): KubeObject {
  const stored = storedApiVersion(type);
  return converted(object, type, "toStorage", stored);
}

function storedApiVersion(type: ResourceType): string {
  if (type.key === "/events") return "v1";
  return apiVersionOf({ group: type.group, version: type.storageVersion });
}

function converted(object: KubeObject, type: ResourceType, way: keyof Conversion, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion && object.kind === type.kind) return object;
  const path = `${type.group}/${type.version}/${type.plural}`;
  const convert = conversions[path]?.[way];
  const content = convert === undefined ? object : (convert(clone(object)) as KubeObject);
  return { ...content, apiVersion, kind: type.kind };
}

function toScalerV2(object: JsonObject): JsonObject {
  const spec = dictAt(object, "spec");
  const { targetCPUUtilizationPercentage: percent, ...rest } = spec;
  if (percent === undefined) return object;
  const metric = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } },
  };
  return { ...object, spec: { ...rest, metrics: [metric] } };
}

function toScalerV1(object: JsonObject): JsonObject {
  const { metrics: _, behavior: __, ...spec } = dictAt(object, "spec");
  const cpu = dictsAt(object, "spec", "metrics").find((metric) => textAt(metric, "resource", "name") === "cpu");
  const percent = valueAt(cpu, "resource", "target", "averageUtilization");
  if (object["spec"] === undefined) return object;
  const { currentReplicas = 0, desiredReplicas = 0 } = dictAt(object, "status");
  return {
    ...object,
    spec: percent === undefined ? spec : { ...spec, targetCPUUtilizationPercentage: percent },
    status: { currentReplicas, desiredReplicas },
  };
}

function toNewEvent(object: JsonObject): JsonObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = object;
  return {
    ...rest,
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}

function toCoreEvent(object: JsonObject): JsonObject {
  const { regarding, note, reportingController, deprecatedSource, deprecatedFirstTimestamp, ...rest } = object;
  const { deprecatedLastTimestamp, deprecatedCount, ...kept } = rest;
  return {
    ...kept,
    involvedObject: regarding,
    message: note,
    reportingComponent: reportingController,
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
  };
}
