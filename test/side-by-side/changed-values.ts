import { isJsonObject, type JsonObject } from "../../src/base/json-path.ts";

/**
 * Values that change a chart which nobody here knows: other image tags, one more replica, requests, labels and
 * annotations where the defaults have places for them.
 */
export function changedValues(defaults: JsonObject): JsonObject {
  const entries = Object.entries(defaults).flatMap(([key, value]) => {
    const changed = changedValue(key, value);
    return changed === undefined ? [] : [[key, changed]];
  });
  return Object.fromEntries(entries);
}

function changedValue(key: string, value: unknown): unknown {
  if (typeof value === "number" && /^(replicas|replicaCount|minReplicas)$/.test(key)) return value + 1;
  if (/^(image)?tag$/i.test(key) && (typeof value === "string" || value === null)) return "changed";
  if (!isJsonObject(value)) return undefined;
  const isEmpty = Object.keys(value).length === 0;
  if (isEmpty && key === "resources") return { requests: { cpu: "1000m", memory: "0.5Gi" }, limits: { cpu: 2 } };
  if (isEmpty && /(annotations|labels)$/i.test(key) && !/match|selector/i.test(key))
    return { "example.com/changed": "once" };
  if (isEmpty) return undefined;
  const inner = changedValues(value);
  return Object.keys(inner).length > 0 ? inner : undefined;
}
