import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { directive, isDirective } from "./directives.ts";
import { has, newObject } from "./json.ts";
import { isDeletion, keyOf } from "./list.ts";
import type { PatchSchema } from "./schema.ts";

/**
 * The deletions without those from lists inside of an element that its live list lacks. Somebody took the element away;
 * the other side of the patch adds it anew, and there the API server takes what is to be deleted for one more: a variable
 * without a value, a mount without a name.
 */
export function withoutAbsentElements(deletions: JsonObject, live: JsonObject, schema: PatchSchema): JsonObject {
  const left = newObject();
  for (const [key, value] of Object.entries(deletions)) {
    const field = schema.field(key);
    const there = live[key];
    if (isDirective(key)) left[key] = value;
    else if (isJsonObject(value) && isJsonObject(there)) left[key] = withoutAbsentElements(value, there, field.schema);
    else if (Array.isArray(value) && Array.isArray(there) && field.mergeKey !== undefined)
      left[key] = value.map((element) => elementFor(element, there, field.schema, field.mergeKey ?? ""));
    else left[key] = value;
  }
  return left;
}

function elementFor(element: unknown, live: readonly unknown[], schema: PatchSchema, mergeKey: string): unknown {
  if (!isJsonObject(element) || isDeletion(element)) return element;
  const key = keyOf(element, mergeKey);
  const own = live.find((other) => isJsonObject(other) && has(other, mergeKey) && other[mergeKey] === key);
  return isJsonObject(own) ? withoutAbsentElements(element, own, schema) : withoutLists(element);
}

/** Without the lists whose elements are deleted, and what orders them. */
function withoutLists(object: JsonObject): JsonObject {
  const left = newObject();
  for (const [key, value] of Object.entries(object)) {
    const isOfList = key.startsWith(directive.order) || key.startsWith(directive.deleteFromList);
    if (isOfList || (Array.isArray(value) && !isDirective(key))) continue;
    left[key] = isJsonObject(value) ? withoutLists(value) : value;
  }
  return left;
}
