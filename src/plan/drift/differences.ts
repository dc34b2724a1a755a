import { jsonEqual } from "../../base/json-equal.ts";
import { isJsonObject, type JsonObject } from "../../base/json-path.ts";
import type { PatchSchema } from "../../kube/patch/schema.ts";
import type { KubeObject } from "../../kube/types.ts";
import { type ItemName, itemNames, schemaOf } from "../list-items.ts";
import type { Difference, Step } from "./types.ts";

/** Where a walk through an object is: what is known of the fields there. */
export type Place = { schema: PatchSchema; mergeKey: string | undefined };

/** Beyond this, an object is told in part. */
export const maxDifferences = 200;

type Walk = { steps: readonly Step[]; pointer: string; place: Place; found: Difference[] };

/** Where the live object is not what is recorded; items of a list are matched by their names where they have some. */
export function differencesBetween(live: KubeObject, recorded: KubeObject): Difference[] {
  const walk: Walk = { steps: [], pointer: "", place: rootOf(live), found: [] };
  visit(live, recorded, walk);
  return walk.found;
}

export function rootOf(object: KubeObject): Place {
  return { schema: schemaOf(object), mergeKey: undefined };
}

/** Where a member lies; items of a list lie where their list does. */
export function placeOf({ schema }: Place, member: string): Place {
  const known = schema.field(member);
  return { schema: known.schema, mergeKey: known.mergeKey };
}

function visit(live: unknown, recorded: unknown, walk: Walk): void {
  if (walk.found.length >= maxDifferences || jsonEqual(live ?? null, recorded ?? null)) return;
  if (isJsonObject(live) && isJsonObject(recorded)) visitMembers(live, recorded, walk);
  else if (Array.isArray(live) && Array.isArray(recorded)) visitItems(live, recorded, walk);
  else tell(live, recorded, walk);
}

function visitMembers(live: JsonObject, recorded: JsonObject, walk: Walk): void {
  for (const member of new Set([...Object.keys(recorded), ...Object.keys(live)])) {
    const inside = {
      ...walk,
      steps: [...walk.steps, { text: member, member }],
      pointer: `${walk.pointer}/${escapeToken(member)}`,
      place: placeOf(walk.place, member),
    };
    visit(own(live, member), own(recorded, member), inside);
  }
}

function visitItems(live: unknown[], recorded: unknown[], walk: Walk): void {
  const name = itemNames(walk.place.mergeKey, live, recorded);
  const isPaired = live.length === recorded.length && [...live, ...recorded].every(isJsonObject);
  if (name === undefined && !isPaired) {
    tell(live, recorded, walk);
    return;
  }
  const before = walk.found.length;
  for (const { text, now, wanted, index } of pairs(live, recorded, name)) {
    const steps = [...walk.steps, { text: `[${text}]`, item: now ?? wanted }];
    visit(now, wanted, { ...walk, steps, pointer: `${walk.pointer}/${index}` });
  }
  // The same items in another order.
  if (walk.found.length === before) tell(live, recorded, walk);
}

type Pair = { text: string; now: unknown; wanted: unknown; index: number };

function pairs(live: readonly unknown[], recorded: readonly unknown[], name: ItemName | undefined): Pair[] {
  const textOf = (item: unknown, index: number) => name?.(item) ?? String(index);
  const present = new Map(live.map((item, index) => [textOf(item, index), { item, index }]));
  const asked = new Map(recorded.map((item, index) => [textOf(item, index), { item, index }]));
  return [...new Set([...asked.keys(), ...present.keys()])].map((text) => ({
    text,
    now: present.get(text)?.item,
    wanted: asked.get(text)?.item,
    index: present.get(text)?.index ?? asked.get(text)?.index ?? 0,
  }));
}

function tell(live: unknown, recorded: unknown, { steps, pointer, found }: Walk): void {
  const sides = { ...(recorded !== undefined && { recorded }), ...(live !== undefined && { live }) };
  found.push({ steps, pointer, ...sides });
}

function own(object: JsonObject, member: string): unknown {
  return Object.hasOwn(object, member) ? object[member] : undefined;
}

function escapeToken(token: string): string {
  return token.replace(/~/g, "~0").replace(/\//g, "~1");
}
