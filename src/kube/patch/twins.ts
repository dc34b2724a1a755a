import { jsonEqual } from "../../base/json-equal.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { directive } from "./directives.ts";
import { has } from "./json.ts";
import { interleave, positions } from "./list.ts";
import type { PatchSchema } from "./schema.ts";

type States = { original: JsonObject; modified: JsonObject; live: JsonObject };
/** A field's name, or the element of a merged list that has this key. */
type Step = string | { key: string; value: unknown };
/** A list in which two elements share a merge key, and what is to become of it; none where it is that already. */
export type TwinList = { path: Step[]; target: unknown[] | undefined };
type Merge = (states: States, schema: PatchSchema) => JsonObject;

/**
 * The lists in which twins are, as TCP 53 and UDP 53 of one Service: a strategic merge takes the one for the other. Each
 * is merged here, twins told apart by all that identifies them, and every pair of elements by `merge`. A list that is not
 * live has nothing to be merged with, and is left out.
 */
export function findTwinLists(states: States, schema: PatchSchema, merge: Merge): TwinList[] {
  return Object.keys(states.modified).flatMap((name): TwinList[] => {
    const [original, modified, live] = [states.original, states.modified, states.live].map((state) => own(state, name));
    const field = schema.field(name);
    if (isJsonObject(modified) && isJsonObject(live)) {
      if (field.strategy === "replace" || field.retainKeys) return [];
      const inner = { original: isJsonObject(original) ? original : {}, modified, live };
      return below(name, findTwinLists(inner, field.schema, merge));
    }
    const key = field.strategy === "merge" ? field.mergeKey : undefined;
    const lists = { original: elements(original), modified: elements(modified), live: elements(live) };
    if (key === undefined || lists.modified.length === 0 || lists.live.length === 0) return [];
    if (Object.values(lists).some((list) => hasTwins(list, key))) {
      const target = mergeTwins(lists, key, (element) => merge(element, field.schema));
      return [{ path: [name], target: jsonEqual(target, live) ? undefined : target }];
    }
    if (field.retainKeys) return [];
    return lists.modified.flatMap((element) => {
      const same = (other: JsonObject) => other[key] === element[key];
      const other = lists.live.find(same);
      if (other === undefined) return [];
      const inner = { original: lists.original.find(same) ?? {}, modified: element, live: other };
      return below(name, below({ key, value: element[key] }, findTwinLists(inner, field.schema, merge)));
    });
  });
}

/** A copy of the state without these lists. */
export function withoutLists(state: JsonObject, lists: readonly TwinList[]): JsonObject {
  const copy: JsonObject = structuredClone(state);
  for (const { path } of lists) {
    const parent = path.slice(0, -1).reduce<unknown>(follow, copy);
    if (isJsonObject(parent)) delete parent[String(path.at(-1))];
  }
  return copy;
}

/** Has the patch replace those of these lists that change. */
export function putLists(patch: JsonObject, lists: readonly TwinList[]): void {
  for (const { path, target } of lists) {
    if (target === undefined) continue;
    const parent = path.slice(0, -1).reduce<JsonObject | unknown[]>(reach, patch) as JsonObject;
    parent[String(path.at(-1))] = [{ [directive.patch]: "replace" }, ...target];
  }
}

function below(step: Step, lists: TwinList[]): TwinList[] {
  return lists.map(({ path, target }) => ({ path: [step, ...path], target }));
}

function follow(value: unknown, step: Step): unknown {
  if (typeof step === "string") return isJsonObject(value) ? own(value, step) : undefined;
  return elements(value).find((element) => element[step.key] === step.value);
}

/** The place in the patch, made where the patch says nothing of it; a step by key leads out of a list. */
function reach(
  value: JsonObject | unknown[],
  step: Step,
  index: number,
  path: readonly Step[],
): JsonObject | unknown[] {
  const found = follow(value, step);
  if (isJsonObject(found) || Array.isArray(found)) return found;
  const made: JsonObject | unknown[] =
    typeof step !== "string" ? { [step.key]: step.value } : typeof path[index + 1] === "object" ? [] : {};
  if (Array.isArray(value)) value.push(made);
  else value[String(step)] = made;
  return made;
}

function mergeTwins(
  lists: { original: JsonObject[]; modified: JsonObject[]; live: JsonObject[] },
  key: string,
  merge: (states: States) => JsonObject,
): unknown[] {
  const [original, modified, live] = [lists.original, lists.modified, lists.live].map((list) => identified(list, key));
  const [wanted, before] = [modified, original].map((list) => new Map(list?.map((each) => [each.id, each.element])));
  const standing = new Map(live?.map((each) => [each.id, each.element]));
  const ordered = [...(wanted ?? [])].map(([id, element]) => {
    const states = { original: before?.get(id) ?? {}, modified: element, live: standing.get(id) ?? {} };
    return { id, element: merge(states) };
  });
  const others = (live ?? []).filter(({ id }) => !wanted?.has(id) && !before?.has(id));
  const idOf = (each: unknown) => (each as Identified).id;
  const woven = interleave(others, ordered, positions(live ?? [], idOf), idOf) as Identified[];
  return woven.map(({ element }) => element);
}

type Identified = { id: string; element: JsonObject };

/** What a merge key leaves out of an element's identity, with its default. */
const alsoIdentifies: Readonly<Record<string, readonly [name: string, otherwise: string]>> = {
  port: ["protocol", "TCP"],
  containerPort: ["protocol", "TCP"],
  topologyKey: ["whenUnsatisfiable", ""],
};

// Of those that are told apart by nothing, the place among them counts.
function identified(list: readonly JsonObject[], key: string): Identified[] {
  const seen = new Map<string, number>();
  return list.map((element) => {
    const [name, otherwise] = alsoIdentifies[key] ?? ["", ""];
    const id = JSON.stringify([element[key], own(element, name) ?? otherwise]);
    const place = (seen.get(id) ?? 0) + 1;
    seen.set(id, place);
    return { id: `${id} ${place}`, element };
  });
}

function hasTwins(list: readonly JsonObject[], key: string): boolean {
  return new Set(list.map((element) => element[key])).size < list.length;
}

function elements(value: unknown): JsonObject[] {
  return Array.isArray(value) && value.every(isJsonObject) ? value : [];
}

function own(object: JsonObject, key: string): unknown {
  return has(object, key) ? object[key] : undefined;
}
