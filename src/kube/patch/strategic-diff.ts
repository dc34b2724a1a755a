import { jsonEqual } from "../../base/json-equal.ts";
import type { JsonObject } from "../../base/json-path.ts";
import { directive } from "./directives.ts";
import { has, kindOf, newObject } from "./json.ts";
import { elementsAreObjects, identityOf, keyOf, positions, sortedBy, sortedByKey } from "./list.ts";
import type { FieldSchema, PatchSchema } from "./schema.ts";

/** Which side of a difference is wanted: what is added or changed, or what is deleted. */
export type Side = "additions" | "deletions";

/** A strategic merge patch with one side of what makes `modified` out of `original`. */
export function strategicDiff(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  options: { side: Side; retainKeys?: boolean },
): JsonObject {
  const patch = newObject();
  for (const key of Object.keys(modified)) {
    const value = modified[key];
    if (has(original, key)) diffField({ key, before: original[key], after: value, patch, schema, side: options.side });
    else if (options.side === "additions") patch[key] = value;
  }
  const gone = Object.keys(original).filter((key) => !has(modified, key));
  if (options.side === "deletions") for (const key of gone) patch[key] = null;

  if (options.retainKeys) {
    const retained = Object.keys(modified).filter((key) => modified[key] !== null);
    const clears = gone.some((key) => original[key] !== null);
    if (retained.length > 0 && (clears || Object.keys(patch).length > 0)) patch[directive.retainKeys] = retained.sort();
  }
  return patch;
}

type FieldDiff = { key: string; before: unknown; after: unknown; patch: JsonObject; schema: PatchSchema; side: Side };

function diffField({ key, before, after, patch, schema, side }: FieldDiff): void {
  if (key === directive.patch) {
    if (before !== after) patch[key] = after;
    return;
  }
  const kind = kindOf(after);
  const field = schema.field(key);
  if (kind === "object" && kindOf(before) === kind && field.strategy !== "replace") {
    const inner = strategicDiff(before as JsonObject, after as JsonObject, field.schema, {
      side,
      retainKeys: field.retainKeys,
    });
    if (Object.keys(inner).length > 0) patch[key] = inner;
  } else if (kind === "list" && kindOf(before) === kind && field.strategy === "merge") {
    diffMergedList(key, { before: before as unknown[], after: after as unknown[] }, patch, { field, side });
  } else if (side === "additions" && !jsonEqual(before, after)) {
    patch[key] = after;
  }
}

type Lists = { before: unknown[]; after: unknown[] };
type ListContext = { field: FieldSchema; side: Side };

function diffMergedList(key: string, { before, after }: Lists, patch: JsonObject, context: ListContext): void {
  if (before.length === 0) {
    if (after.length > 0 && context.side === "additions") patch[key] = after;
    return;
  }
  if (elementsAreObjects(key, before, after)) diffObjectList(key, { before, after }, patch, context);
  else diffScalarList(key, { before, after }, patch, context.side);
}

function diffObjectList(key: string, { before, after }: Lists, patch: JsonObject, { field, side }: ListContext): void {
  const mergeKey = field.mergeKey ?? "";
  const identity = identityOf(mergeKey);
  const changes = matched(before, after, mergeKey).flatMap(({ old, current }): JsonObject[] => {
    if (current === undefined) {
      const deletion = { [mergeKey]: keyOf(old, mergeKey), [directive.patch]: "delete" };
      return side === "deletions" ? [deletion] : [];
    }
    if (old === undefined) return side === "additions" ? [current] : [];
    const inner = strategicDiff(old, current, field.schema, { side, retainKeys: field.retainKeys });
    return Object.keys(inner).length > 0 ? [Object.assign(inner, { [mergeKey]: current[mergeKey] })] : [];
  });
  if (changes.length > 0) patch[key] = sortedBy(changes, positions(after, identity), identity);

  const isMoved = before.length !== after.length || before.some((old, i) => identity(old) !== identity(after[i]));
  if (changes.length > 0 || (side === "additions" && isMoved)) {
    const order = after.map((element) => ({ [mergeKey]: keyOf(element, mergeKey) }));
    if (order.length > 0) patch[directive.order + key] = order;
  }
}

/** Pairs the elements of two lists by their key; each that has no partner stands alone. */
function matched(before: unknown[], after: unknown[], mergeKey: string): { old?: JsonObject; current?: JsonObject }[] {
  const olds = sortedByKey(before, mergeKey);
  const currents = sortedByKey(after, mergeKey);
  const pairs: { old?: JsonObject; current?: JsonObject }[] = [];
  let i = 0;
  let j = 0;
  while (i < olds.length || j < currents.length) {
    const old = olds[i];
    const current = currents[j];
    const oldKey = old && String(old[mergeKey]);
    const currentKey = current && String(current[mergeKey]);
    if (old && current && oldKey === currentKey) {
      pairs.push({ old, current });
      i++;
      j++;
    } else if (current && currentKey !== undefined && (oldKey === undefined || oldKey > currentKey)) {
      pairs.push({ current });
      j++;
    } else if (old) {
      pairs.push({ old });
      i++;
    }
  }
  return pairs;
}

function diffScalarList(key: string, { before, after }: Lists, patch: JsonObject, side: Side): void {
  const [from, to] = side === "additions" ? [after, before] : [before, after];
  const left = from.filter((item, index) => countOf(from.slice(0, index + 1), item) > countOf(to, item));
  const isChanged = side === "additions" ? !jsonEqual(before, after) : left.length > 0;
  if (left.length > 0 && side === "additions") patch[key] = left;
  if (left.length > 0 && side === "deletions") patch[directive.deleteFromList + key] = [...new Set(left)].sort();
  if (isChanged && after.length > 0) patch[directive.order + key] = after;
}

function countOf(list: unknown[], item: unknown): number {
  return list.filter((other) => other === item).length;
}
