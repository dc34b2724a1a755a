import { arrayAt, stringAt } from "../../base/json-path.ts";

export type Condition = { status: string; reason: string; message: string; lastUpdateTime: string };

/** The condition of that type, or `undefined` where the object has none. */
export function conditionOf(object: unknown, type: string): Condition | undefined {
  const found = arrayAt(object, "status", "conditions").find((condition) => stringAt(condition, "type") === type);
  if (found === undefined) return undefined;
  return {
    status: stringAt(found, "status") ?? "Unknown",
    reason: stringAt(found, "reason") ?? "",
    message: stringAt(found, "message") ?? "",
    lastUpdateTime: stringAt(found, "lastUpdateTime") ?? stringAt(found, "lastTransitionTime") ?? "",
  };
}
