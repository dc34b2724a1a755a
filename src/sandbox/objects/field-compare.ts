import type { JsonObject } from "../../base/json-path.ts";
import { equal } from "../json.ts";
import type { FieldType } from "../schema/schema.ts";
import {
  childType,
  emptySet,
  type FieldSet,
  fieldStep,
  isEmptySet,
  isGranular,
  isKeyed,
  itemStep,
} from "./field-set.ts";

/** Every field that an applied object states. */
export function statedFields(value: unknown, type: FieldType): FieldSet {
  return collect(value, type, false);
}

/** `containers`: objects and lists that hold others are members too, as when they come into being. */
function collect(value: unknown, type: FieldType, containers: boolean): FieldSet {
  const set = emptySet();
  if (isGranular(value, type)) {
    for (const [key, item] of Object.entries(value)) {
      set.children.set(fieldStep(key), collect(item, childType(type, key), containers));
    }
  } else if (isKeyed(type) && Array.isArray(value)) {
    for (const item of value) {
      const child = collect(item, type.item, containers);
      child.member = true;
      set.children.set(itemStep(item, type.keys), child);
    }
  }
  set.member = containers || set.children.size === 0;
  return set;
}

export type Comparison = { changed: FieldSet; removed: FieldSet };

/** What was added or modified, and what was removed. */
export function compareFields(before: unknown, after: unknown, type: FieldType): Comparison {
  if (isGranular(before, type) && isGranular(after, type)) return compareObjects(before, after, type);
  if (isKeyed(type) && Array.isArray(before) && Array.isArray(after)) {
    return compareEntries(
      entriesOf(before, type),
      entriesOf(after, type),
      () => type.item,
      () => false,
    );
  }
  const changed = emptySet();
  changed.member = !equal(before, after);
  return { changed, removed: emptySet() };
}

function compareObjects(before: JsonObject, after: JsonObject, type: FieldType): Comparison {
  const entries = (value: JsonObject) =>
    new Map(Object.entries(value).map(([key, item]) => [fieldStep(key), item] as const));
  const fields = type.is === "struct" ? type.fields() : undefined;
  return compareEntries(
    entries(before),
    entries(after),
    (step) => childType(type, step.slice(2)),
    // What the server always shows was there before, empty.
    (step) => {
      const field = fields?.get(step.slice(2));
      if (field?.always !== true) return false;
      return isKeyed(field.type) || field.type.is === "struct";
    },
  );
}

function entriesOf(list: unknown[], type: Extract<FieldType, { is: "list" }>): Map<string, unknown> {
  return new Map(list.map((item) => [itemStep(item, type.keys), item]));
}

function compareEntries(
  before: Map<string, unknown>,
  after: Map<string, unknown>,
  typeOf: (step: string) => FieldType,
  alwaysThere: (step: string) => boolean,
): Comparison {
  const changed = emptySet();
  const removed = emptySet();
  for (const [step, value] of after) {
    const existed = before.has(step);
    if (!existed && !alwaysThere(step)) {
      changed.children.set(step, collect(value, typeOf(step), true));
      continue;
    }
    const nothing = Array.isArray(value) ? [] : {};
    const inner = compareFields(existed ? before.get(step) : nothing, value, typeOf(step));
    if (!isEmptySet(inner.changed)) changed.children.set(step, inner.changed);
    if (!isEmptySet(inner.removed)) removed.children.set(step, inner.removed);
  }
  for (const [step, value] of before) {
    if (!after.has(step)) removed.children.set(step, collect(value, typeOf(step), true));
  }
  return { changed, removed };
}
