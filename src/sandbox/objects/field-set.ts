import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { canonical } from "../json.ts";
import type { FieldType, ListKey } from "../schema/schema.ts";

/**
 * A set of fields, as managedFields records who owns what. Steps are spelt as FieldsV1 spells them: `f:name`,
 * `k:{"name":"web"}`, `v:"item"`. A node can be a member itself, have members below it, or both.
 */
export type FieldSet = { member: boolean; children: Map<string, FieldSet> };

export function emptySet(): FieldSet {
  return { member: false, children: new Map() };
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [step, child] of b.children) {
    const own = children.get(step);
    children.set(step, own === undefined ? child : union(own, child));
  }
  return { member: a.member || b.member, children };
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(
    a,
    (step, child) => {
      const other = b.children.get(step);
      return other === undefined ? child : difference(child, other);
    },
    a.member && !b.member,
  );
}

/** Leaves out every field at or above one that `b` has, so that what is left can be removed without harm to `b`. */
export function removable(a: FieldSet, b: FieldSet): FieldSet {
  return combine(
    a,
    (step, child) => {
      const other = b.children.get(step);
      return other === undefined ? child : removable(child, other);
    },
    false,
  );
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(
    a,
    (step, child) => {
      const other = b.children.get(step);
      return other === undefined ? emptySet() : intersection(child, other);
    },
    a.member && b.member,
  );
}

function combine(set: FieldSet, child: (step: string, set: FieldSet) => FieldSet, member: boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, own] of set.children) {
    const result = child(step, own);
    if (!isEmptySet(result)) children.set(step, result);
  }
  return { member, children };
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  if (set.member && set.children.size > 0) fields["."] = {};
  for (const step of [...set.children.keys()].sort()) {
    const child = set.children.get(step);
    if (child !== undefined) fields[step] = toFieldsV1(child);
  }
  return fields;
}

export function fromFieldsV1(fields: unknown): FieldSet {
  const set = emptySet();
  if (!isJsonObject(fields)) return set;
  for (const [step, below] of Object.entries(fields)) {
    if (step === ".") set.member = true;
    else {
      const child = fromFieldsV1(below);
      if (isEmptySet(child)) child.member = true;
      set.children.set(step, child);
    }
  }
  return set;
}

/** Each member as a conflict names it: `.spec.containers[name="web"].image`. */
export function fieldPaths(set: FieldSet, path = ""): string[] {
  const own = set.member && path !== "" ? [path] : [];
  const below = [...set.children.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([step, child]) => fieldPaths(child, path + readableStep(step)));
  return [...own, ...below];
}

function readableStep(step: string): string {
  if (step.startsWith("f:")) return `.${step.slice(2)}`;
  if (step.startsWith("v:")) return `[=${step.slice(2)}]`;
  const keys = JSON.parse(step.slice(2)) as JsonObject;
  const parts = Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${parts.join(",")}]`;
}

export function fieldStep(name: string): string {
  return `f:${name}`;
}

/** How a list's item is told from others: by its keys, or by itself in a set. */
export function itemStep(item: unknown, keys: ListKey[] | undefined): string {
  if (keys === undefined) return `v:${JSON.stringify(item)}`;
  const values: JsonObject = {};
  for (const { name, fallback } of keys) {
    values[name] = isJsonObject(item) && item[name] !== undefined ? item[name] : (fallback ?? null);
  }
  return `k:${canonical(values)}`;
}

/** The field's own type where the type names it, else one to be guessed from the value. */
export function childType(type: FieldType, key: string): FieldType {
  if (type.is === "struct") return type.fields().get(key)?.type ?? { is: "any" };
  return type.is === "map" ? type.value : { is: "any" };
}

/** True for objects whose fields have owners of their own; an atomic one has one owner. */
export function isGranular(value: unknown, type: FieldType): value is JsonObject {
  if (!isJsonObject(value)) return false;
  return type.is === "any" || ((type.is === "struct" || type.is === "map") && !type.atomic);
}

/** True for lists whose items have owners of their own. */
export function isKeyed(type: FieldType): type is Extract<FieldType, { is: "list" }> {
  return type.is === "list" && (type.keys !== undefined || type.set === true);
}
