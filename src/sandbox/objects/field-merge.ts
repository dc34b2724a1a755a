import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { clone } from "../json.ts";
import type { FieldType } from "../schema/schema.ts";
import { childType, type FieldSet, fieldStep, isGranular, isKeyed, itemStep } from "./field-set.ts";

/** Puts what is applied over what is live, field by field; lists that have keys are merged item by item. */
export function mergeApplied(live: unknown, applied: unknown, type: FieldType): unknown {
  if (isGranular(live, type) && isGranular(applied, type)) {
    const merged: JsonObject = { ...live };
    for (const [key, value] of Object.entries(applied)) {
      merged[key] = key in merged ? mergeApplied(merged[key], value, childType(type, key)) : clone(value);
    }
    return merged;
  }
  if (isKeyed(type) && Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, type);
  return clone(applied);
}

// Items that only the live list has keep their places; the others follow the order of the applied list.
function mergeLists(live: unknown[], applied: unknown[], type: Extract<FieldType, { is: "list" }>): unknown[] {
  const liveItems = new Map(live.map((item) => [itemStep(item, type.keys), item]));
  const pending = new Map(applied.map((item) => [itemStep(item, type.keys), item]));
  const stated = new Set(pending.keys());
  const merged: unknown[] = [];
  const take = (step: string, item: unknown): void => {
    pending.delete(step);
    merged.push(liveItems.has(step) ? mergeApplied(liveItems.get(step), item, type.item) : clone(item));
  };
  for (const [step, item] of liveItems) {
    if (!stated.has(step)) merged.push(item);
    else {
      const [next] = pending;
      if (next !== undefined) take(next[0], next[1]);
    }
  }
  for (const [step, item] of [...pending]) take(step, item);
  return merged;
}

/** Removes the fields of the set. What becomes empty by that is removed too. */
export function removeFields(value: unknown, fields: FieldSet, type: FieldType): unknown {
  if (fields.children.size === 0) return value;
  if (isGranular(value, type)) {
    const kept: JsonObject = { ...value };
    for (const [key, item] of Object.entries(value)) {
      const child = fields.children.get(fieldStep(key));
      if (child === undefined) continue;
      const left =
        child.member && child.children.size === 0 ? undefined : removeFields(item, child, childType(type, key));
      if (left === undefined || becameEmpty(item, left)) delete kept[key];
      else kept[key] = left;
    }
    return kept;
  }
  if (!isKeyed(type) || !Array.isArray(value)) return value;
  return value.flatMap((item: unknown) => {
    const child = fields.children.get(itemStep(item, type.keys));
    if (child === undefined) return [item];
    return child.member ? [] : [removeFields(item, child, type.item)];
  });
}

function becameEmpty(before: unknown, after: unknown): boolean {
  const size = (value: unknown) =>
    Array.isArray(value) ? value.length : isJsonObject(value) ? Object.keys(value).length : 1;
  return size(after) === 0 && size(before) > 0;
}
