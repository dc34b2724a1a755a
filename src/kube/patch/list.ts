import { SlipwayError } from "../../base/error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import { has, kindOf } from "./json.ts";

/** Whether the elements of merged lists are objects; all must be of one kind, as there is no merging of others. */
export function elementsAreObjects(name: string, ...lists: unknown[][]): boolean {
  const kinds = new Set(lists.flat().map(kindOf));
  if (kinds.size > 1 || kinds.has("list")) {
    throw new SlipwayError("KUBE_INVALID", `Cannot merge the list "${name}": its elements are not of one kind`);
  }
  return kinds.has("object");
}

/** The element's value of the merge key. */
export function keyOf(element: unknown, mergeKey: string): unknown {
  if (isJsonObject(element) && has(element, mergeKey)) return element[mergeKey];
  throw new SlipwayError("KUBE_INVALID", `Cannot merge a list by "${mergeKey}": an element of it has none`, {
    hint: `Give each element a "${mergeKey}".`,
  });
}

export type Identity = (element: unknown) => unknown;

/** An element's identity in a merged list: the value of its merge key, or itself. */
export function identityOf(mergeKey: string | undefined): Identity {
  return mergeKey === undefined ? (element) => element : (element) => keyOf(element, mergeKey);
}

/** Where each identity comes first. */
export function positions(list: unknown[], identity: Identity): Map<unknown, number> {
  const found = new Map<unknown, number>();
  for (const [index, element] of list.entries()) {
    const id = identity(element);
    if (!found.has(id)) found.set(id, index);
  }
  return found;
}

export function sortedBy(list: unknown[], order: Map<unknown, number>, identity: Identity): unknown[] {
  const last = order.size + list.length;
  const place = (element: unknown) => order.get(identity(element)) ?? last;
  return [...list].sort((a, b) => place(a) - place(b));
}

/**
 * Elements by the text of their key. Of those that share a key the last comes first, as Kubernetes' own sorting leaves
 * them: with duplicates it is the order that decides which is matched with which.
 */
export function sortedByKey(list: unknown[], mergeKey: string): JsonObject[] {
  const keyed = list.map((element) => ({ element: element as JsonObject, text: String(keyOf(element, mergeKey)) }));
  return keyed
    .reverse()
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ element }) => element);
}

/**
 * Weaves what only the server has into what the patch orders: both keep their own order, and an element of the
 * server's stands before the first ordered one that it stood before.
 */
export function interleave(
  serverOnly: unknown[],
  ordered: unknown[],
  serverOrder: Map<unknown, number>,
  identity: Identity,
): unknown[] {
  const woven: unknown[] = [];
  let server = 0;
  for (const element of ordered) {
    const at = serverOrder.get(identity(element));
    while (server < serverOnly.length && at !== undefined) {
      const candidate = serverOrder.get(identity(serverOnly[server]));
      if (candidate === undefined || candidate >= at) break;
      woven.push(serverOnly[server++]);
    }
    woven.push(element);
  }
  return [...woven, ...serverOnly.slice(server)];
}

export function isDeletion(element: unknown): boolean {
  return isJsonObject(element) && element["$patch"] === "delete";
}
