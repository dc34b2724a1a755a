import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { directive, isDirective } from "./directives.ts";
import { copyObject, has, kindOf, newObject } from "./json.ts";
import {
  elementsAreObjects,
  type Identity,
  identityOf,
  interleave,
  isDeletion,
  keyOf,
  positions,
  sortedBy,
} from "./list.ts";
import type { FieldSchema, PatchSchema } from "./schema.ts";

/** `apply` makes an object of an object and a patch; `combine` makes one patch of two, and keeps what they direct. */
type Mode = "apply" | "combine";

/** What the API server makes of the object when it gets the patch. Neither is changed. */
export function applyStrategicMergePatch(object: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  return mergeObjects(object, patch, schema, "apply");
}

/** One patch that does what the first and then the second does. */
export function combineStrategicPatches(first: JsonObject, second: JsonObject, schema: PatchSchema): JsonObject {
  return mergeObjects(first, second, schema, "combine");
}

function mergeObjects(base: JsonObject, patch: JsonObject, schema: PatchSchema, mode: Mode): JsonObject {
  if (has(patch, directive.patch)) return replaced(patch);
  const merged = retained(base, patch, mode);
  const lists = orderedLists(patch);
  for (const name of lists) mergeOrderedList(merged, patch, { name, field: schema.field(name), mode });

  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (key === directive.retainKeys || key.startsWith(directive.order) || lists.has(key)) continue;
    if (key.startsWith(directive.deleteFromList)) {
      if (mode === "combine") merged[key] = value;
      else deleteFromList(merged, key.slice(directive.deleteFromList.length), value);
    } else {
      mergeField(merged, key, value, { field: schema.field(key), mode });
    }
  }
  return merged;
}

function replaced(patch: JsonObject): JsonObject {
  if (patch[directive.patch] === "delete") return newObject();
  if (patch[directive.patch] !== "replace") {
    throw new SlipwayError("KUBE_INVALID", `A patch directs "${String(patch[directive.patch])}", which is not known`);
  }
  const whole = copyObject(patch);
  delete whole[directive.patch];
  return whole;
}

/** The base's own fields, of which `$retainKeys` lets only some stay. */
function retained(base: JsonObject, patch: JsonObject, mode: Mode): JsonObject {
  const merged = copyObject(base);
  const keys = has(patch, directive.retainKeys) ? patch[directive.retainKeys] : undefined;
  if (!Array.isArray(keys)) return merged;
  if (mode === "combine") merged[directive.retainKeys] = keys;
  else for (const key of Object.keys(merged)) if (!keys.includes(key)) delete merged[key];
  return merged;
}

type FieldMerge = { field: FieldSchema; mode: Mode };

function mergeField(merged: JsonObject, key: string, value: unknown, { field, mode }: FieldMerge): void {
  if (value === null && mode === "apply") {
    delete merged[key];
    return;
  }
  const kind = kindOf(value);
  const before = has(merged, key) ? merged[key] : undefined;
  if (kind === "object" && kindOf(before) === kind) {
    const isWhole = field.strategy === "replace";
    merged[key] = isWhole ? value : mergeObjects(before as JsonObject, value as JsonObject, field.schema, mode);
  } else if (kind === "list" && kindOf(before) === kind) {
    const lists = { before: before as unknown[], patch: value as unknown[] };
    merged[key] = field.strategy === "merge" ? mergeLists(key, lists, { field, mode }).list : value;
  } else {
    setNew(merged, key, value, mode);
  }
}

/** Takes a value that meets none of its kind: directives in it have nothing to act on. */
function setNew(merged: JsonObject, key: string, value: unknown, mode: Mode): void {
  if (isDirected(value)) delete merged[key];
  else merged[key] = mode === "apply" ? asAdded(value) : withoutDirected(value);
}

function isDirected(value: unknown): boolean {
  return isJsonObject(value) && has(value, directive.patch);
}

/** As a patch carries it on: without the parts that say `$patch`. */
function withoutDirected(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirected(item)).map(withoutDirected);
  if (!isJsonObject(value)) return value;
  const kept = newObject();
  for (const key of Object.keys(value)) if (!isDirected(value[key])) kept[key] = withoutDirected(value[key]);
  return kept;
}

/** As it gets into an object: without what says `$patch`, without nulls, and without other directives. */
function asAdded(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirected(item)).map(asAdded);
  return isJsonObject(value) ? asAddedElement(value, asAdded) : value;
}

/** Like the API server, which does not look for directives within an element that it adds to a list. */
function asAddedElement(value: unknown, inner: (value: unknown) => unknown = asAddedElement): unknown {
  if (Array.isArray(value)) return value.map((item) => inner(item));
  if (!isJsonObject(value)) return value;
  const kept = newObject();
  for (const key of Object.keys(value)) {
    if (value[key] !== null && !isDirective(key) && !(inner === asAdded && isDirected(value[key])))
      kept[key] = inner(value[key]);
  }
  return kept;
}

function deleteFromList(merged: JsonObject, name: string, values: unknown): void {
  const list = has(merged, name) ? merged[name] : undefined;
  if (Array.isArray(list) && Array.isArray(values)) merged[name] = list.filter((item) => !values.includes(item));
}

/** The names of the lists whose order the patch says. */
function orderedLists(patch: JsonObject): Set<string> {
  const keys = Object.keys(patch).filter((key) => key.startsWith(directive.order));
  return new Set(keys.map((key) => key.slice(directive.order.length)));
}

type NamedList = FieldMerge & { name: string };

function mergeOrderedList(merged: JsonObject, patch: JsonObject, { name, field, mode }: NamedList): void {
  const order = patch[directive.order + name];
  if (!Array.isArray(order)) throw new SlipwayError("KUBE_INVALID", `The order of the list "${name}" is not a list`);
  if (mode === "combine") merged[directive.order + name] = order;

  const before = listAt(merged, name);
  const changes = listAt(patch, name);
  const identity = identityOf(field.mergeKey);
  if (before && changes) {
    const isMerged = field.strategy === "merge";
    const { list, stood } = isMerged
      ? mergeLists(name, { before, patch: changes }, { field, mode })
      : { list: changes, stood: before };
    merged[name] = inOrder(list, order, stood, identity);
  } else if (before) {
    merged[name] = inOrder(before, order, before, identity);
  } else if (changes) {
    merged[name] = inOrder(
      (mode === "apply" ? asAdded(changes) : withoutDirected(changes)) as unknown[],
      order,
      [],
      identity,
    );
  }
}

function listAt(object: JsonObject, name: string): unknown[] | undefined {
  const list = has(object, name) ? object[name] : undefined;
  if (list === undefined || list === null || Array.isArray(list)) return list ?? undefined;
  throw new SlipwayError("KUBE_INVALID", `Cannot merge "${name}": it is not a list on both sides`);
}

type Lists = { before: unknown[]; patch: unknown[] };
/** `stood` is the order that the elements which the patch does not order are held to. */
type MergedList = { list: unknown[]; stood: unknown[] };

function mergeLists(name: string, { before, patch }: Lists, { field, mode }: FieldMerge): MergedList {
  if (!elementsAreObjects(name, before, patch)) {
    const list = [...new Set([...before, ...patch])];
    return { list: inOrder(list, patch, before, identityOf(undefined)), stood: before };
  }
  const { mergeKey } = field;
  if (mergeKey === undefined)
    throw new SlipwayError("KUBE_INVALID", `Cannot merge the list "${name}": it has no merge key`);

  const changes = patch.filter((element) => !has(element as JsonObject, directive.patch));
  if (patch.some((element) => (element as JsonObject)[directive.patch] === "replace")) {
    return { list: mode === "apply" ? changes.map((change) => asAddedElement(change)) : patch, stood: [] };
  }
  const base = withoutDeleted(before, patch, mergeKey);
  const merged = [...base];
  for (const change of changes) {
    const key = keyOf(change, mergeKey);
    const at = merged.findIndex((element) => isJsonObject(element) && element[mergeKey] === key);
    if (at === -1) merged.push(mode === "apply" ? asAddedElement(change) : change);
    else merged[at] = mergeObjects(merged[at] as JsonObject, change as JsonObject, field.schema, mode);
  }
  // In the API server, what is added takes the places of what was deleted.
  return { list: inOrder(merged, changes, base, identityOf(mergeKey)), stood: merged.slice(0, before.length) };
}

/** The base without the elements whose deletion the patch says. */
function withoutDeleted(before: unknown[], patch: unknown[], mergeKey: string): unknown[] {
  const directed = patch.filter((element) => has(element as JsonObject, directive.patch));
  const deleted = new Set(directed.map((element) => keyOf(element, mergeKey)));
  return before.filter((element) => !(isJsonObject(element) && deleted.has(element[mergeKey])));
}

/** Puts those that `order` names in its order, and the others between them where they stood. */
function inOrder(list: unknown[], order: unknown[], before: unknown[], identity: Identity): unknown[] {
  const wanted = positions(order, identity);
  const stood = positions(before, identity);
  const named = list.filter((element) => wanted.has(identity(element)));
  const others = list.filter((element) => !wanted.has(identity(element)));
  return interleave(
    deletionsLast(sortedBy(others, stood, identity)),
    deletionsLast(sortedBy(named, wanted, identity)),
    stood,
    identity,
  );
}

function deletionsLast(list: unknown[]): unknown[] {
  return [...list.filter((element) => !isDeletion(element)), ...list.filter(isDeletion)];
}
