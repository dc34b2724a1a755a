import { isJsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { type ItemName, itemNames } from "../list-items.ts";
import { type Place, placeOf, rootOf } from "./differences.ts";

/**
 * The object as it is recorded, but as it is live at the RFC 6901 pointer: what is told, and set back, leaves that place
 * alone. Indexes count the live object's items; `[web]` is the item of that name. Neither is changed.
 */
export function asLive(recorded: KubeObject, live: KubeObject, pointer: string): KubeObject {
  const tokens = tokensOf(pointer);
  if (tokens.length === 0) return live;
  return take(recorded, live, tokens, rootOf(live)) as KubeObject;
}

/** `/metadata/labels/a~1b` as `metadata`, `labels`, `a/b`; none for the whole object, which `` and `/` mean. */
export function tokensOf(pointer: string): string[] {
  const tokens = pointer.replace(/^\//, "").split("/");
  return pointer === "" || pointer === "/" ? [] : tokens.map((token) => token.replace(/~1/g, "/").replace(/~0/g, "~"));
}

function take(then: unknown, now: unknown, tokens: readonly string[], place: Place): unknown {
  const [token, ...rest] = tokens;
  if (token === undefined) return now;
  if (Array.isArray(now) || Array.isArray(then)) return takeItem(then, now, { token, rest, place });
  if (!isJsonObject(now) && !isJsonObject(then)) return then;
  const [before, after] = [memberOf(then, token), memberOf(now, token)];
  const taken = take(before, after, rest, placeOf(place, token));
  if (taken === before) return then;
  const { [token]: _, ...others } = isJsonObject(then) ? then : {};
  const made = taken === undefined ? others : { ...(isJsonObject(then) ? then : {}), [token]: taken };
  // What only held the place that is left alone is not there either.
  return now === undefined && Object.keys(made).length === 0 ? undefined : made;
}

type Inside = { token: string; rest: readonly string[]; place: Place };

function takeItem(then: unknown, now: unknown, { token, rest, place }: Inside): unknown {
  const [wanted, present] = [Array.isArray(then) ? then : [], Array.isArray(now) ? now : []];
  const name = itemNames(place.mergeKey, wanted, present);
  const index = indexOf(token, present, name);
  const item = present[index];
  const at = item === undefined || name === undefined ? index : wanted.findIndex((other) => name(other) === name(item));
  const counterpart = at < 0 ? undefined : wanted[at];
  if (item === undefined && counterpart === undefined) return then;
  const taken = take(counterpart, item, rest, place);
  if (taken === counterpart) return then;
  if (taken === undefined) return wanted.filter((_, position) => position !== at);
  if (counterpart === undefined) return [...wanted, taken];
  return wanted.map((other, position) => (position === at ? taken : other));
}

function indexOf(token: string, items: readonly unknown[], name: ItemName | undefined): number {
  if (/^(0|[1-9]\d{0,8})$/.test(token)) return Number(token);
  return items.findIndex((item) => `[${name?.(item)}]` === token);
}

function memberOf(value: unknown, member: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, member) ? value[member] : undefined;
}
