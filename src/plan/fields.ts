import { isJsonObject, type JsonObject } from "../base/json-path.ts";
import type { PatchSchema } from "../kube/patch/schema.ts";
import type { KubeObject } from "../kube/types.ts";
import { itemNames, pathText, schemaOf } from "./list-items.ts";

/** An object's fields with a text for each value; the items of a list go by their names where they have some. */
export type FieldTree = string | { [step: string]: FieldTree };

/** The text that stands for a value. What lies too deep to be told apart comes as a whole. */
export type Leaf = (path: readonly string[], value: unknown) => string;

const maxLeaves = 2000;
const depths = [Number.POSITIVE_INFINITY, 8, 5, 3, 1];

/** A tree of bounded size: of an object with very many fields only the upper ones are told apart. */
export function fieldTree(object: KubeObject, leaf: Leaf): FieldTree {
  const depth = depths.find((limit) => countLeaves(object, limit) <= maxLeaves) ?? 0;
  return treeOf(object, { path: [], schema: schemaOf(object), mergeKey: undefined, depth }, leaf);
}

function countLeaves(value: unknown, depth: number): number {
  if (depth <= 0 || typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const member of Object.values(value)) {
    count += countLeaves(member, depth - 1);
    if (count > maxLeaves) break;
  }
  return count;
}

type Place = { path: readonly string[]; schema: PatchSchema; mergeKey: string | undefined; depth: number };

function treeOf(value: unknown, place: Place, leaf: Leaf): FieldTree {
  const { path, depth } = place;
  if (depth <= 0) return leaf(path, value);
  if (Array.isArray(value) && value.length > 0) {
    const name = itemNames(place.mergeKey, value);
    return children(value.map((item, index) => [`[${name?.(item) ?? index}]`, item]));
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) return children(Object.entries(value), place.schema);
  return leaf(path, value);

  function children(members: [string, unknown][], schema?: PatchSchema): FieldTree {
    return Object.fromEntries(
      members.map(([step, member]) => {
        const known = schema?.field(step) ?? { schema: place.schema, mergeKey: undefined };
        const inside = { path: [...path, step], schema: known.schema, mergeKey: known.mergeKey, depth: depth - 1 };
        return [step, treeOf(member, inside, leaf)];
      }),
    );
  }
}

/** A text that stands for any value. */
export const anyValue = "*";

/** The fields in which two trees differ, `spec.containers[web].image`; of what only one has, the uppermost. */
export function changedFields(before: FieldTree, after: FieldTree, path: readonly string[] = []): string[] {
  if (before === after || before === anyValue) return [];
  if (typeof before === "string" || typeof after === "string") return [pathText(path)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((step) => {
    const inside = [...path, step];
    const [old, next] = [member(before, step), member(after, step)];
    return old === undefined || next === undefined ? [pathText(inside)] : changedFields(old, next, inside);
  });
}

function member(tree: { [step: string]: FieldTree }, step: string): FieldTree | undefined {
  return Object.hasOwn(tree, step) ? tree[step] : undefined;
}

/** JSON with sorted keys: equal for equal values. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isJsonObject(inner) ? sorted(inner) : inner)) ?? "";
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
