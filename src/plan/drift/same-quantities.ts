import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { quantity } from "../hazards/quantity.ts";
import { itemNames } from "../list-items.ts";

const quantityMaps = new Set(["limits", "requests", "hard", "capacity", "default", "defaultRequest", "min", "max"]);

/**
 * The manifest's object with its quantities spelt as the live object spells equal ones: the server writes `1000m` as `1`,
 * and need not be asked about that.
 */
export function spelledAlike<Value>(desired: Value, live: unknown): Value {
  return walk(desired, live, 0) as Value;
}

// A manifest may be nested as deep as somebody likes.
const maxDepth = 100;

function walk(desired: unknown, live: unknown, depth: number): unknown {
  if (depth > maxDepth) return desired;
  if (Array.isArray(desired)) return Array.isArray(live) ? items(desired, live, depth) : desired;
  if (!isJsonObject(desired) || !isJsonObject(live)) return desired;
  const entries = Object.entries(desired).map(([member, value]) => {
    const present = Object.hasOwn(live, member) ? live[member] : undefined;
    const isMap = quantityMaps.has(member) && isJsonObject(value) && isJsonObject(present);
    return [member, isMap ? alike(value, present) : walk(value, present, depth + 1)];
  });
  return Object.fromEntries(entries);
}

function items(desired: readonly unknown[], live: readonly unknown[], depth: number): unknown[] {
  const name = itemNames(undefined, desired, live);
  const byName = new Map(live.map((item, index) => [name?.(item) ?? String(index), item]));
  return desired.map((item, index) => walk(item, byName.get(name?.(item) ?? String(index)), depth + 1));
}

function alike(desired: JsonObject, live: JsonObject): JsonObject {
  const entries = Object.entries(desired).map(([name, value]) => {
    const present = Object.hasOwn(live, name) ? live[name] : undefined;
    const amount = typeof present === "string" ? quantity(value) : undefined;
    return [name, amount !== undefined && amount === quantity(present) ? present : value];
  });
  return Object.fromEntries(entries);
}
