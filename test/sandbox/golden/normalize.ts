import { isJsonObject, type JsonObject } from "../../../src/base/json-path.ts";

/** Without what differs from one run to the next: names and addresses that are given out, times, and whose binary it is. */
export function normalizeAnswer(answer: unknown): unknown {
  if (!isJsonObject(answer)) return answer;
  const text = JSON.stringify(answer, (key, value: unknown) => {
    if (["uid", "resourceVersion", "creationTimestamp", "time", "controller-uid", "deletionTimestamp"].includes(key)) return undefined;
    if (key === "status" && isJsonObject(value)) return undefined;
    if (key === "managedFields" && Array.isArray(value)) return value.filter(isOfWriter);
    // The server finds them in no order of its own.
    if (key === "causes" && Array.isArray(value)) return value.sort(byField);
    return value;
  });
  return JSON.parse(text.replace(/ in scheme \\"[^"]*\\"/, "").replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UID"));
}

// The controllers write statuses at their own pace.
function isOfWriter(entry: JsonObject): boolean {
  return entry["subresource"] !== "status";
}

function byField(a: JsonObject, b: JsonObject): number {
  return String(a["field"]).localeCompare(String(b["field"]));
}
