import { isJsonObject, valueAt } from "../../base/json-path.ts";
import { patchSchemaOf } from "../../kube/patch/schema.ts";
import type { KubeObject } from "../../kube/types.ts";
import { mergeStrategic } from "../three-way.ts";
import type { Change } from "../types.ts";
import { quantity } from "./quantity.ts";

/** The object as the change makes it; of a server-side apply, its fields over the live ones. */
export function afterOf({ live, after, desired }: Change): KubeObject | undefined {
  if (after !== undefined || desired === undefined || live === undefined) return after ?? desired;
  return patchSchemaOf(desired.apiVersion, desired.kind) ? mergeStrategic(live, desired) : { ...live, ...desired };
}

/** Those of the paths, `spec.selector`, at which the two differ. */
export function differing(paths: readonly string[], live: KubeObject, after: KubeObject): string[] {
  return paths.filter((path) => differAt(path.split("."), live, after));
}

export function differAt(path: readonly string[], live: KubeObject, after: KubeObject): boolean {
  return differ(valueAt(after, ...path), valueAt(live, ...path), { isIn: path.at(-1) ?? "", isPartial: false });
}

type Place = { isIn: string; isPartial: boolean };

const quantities = new Set(["requests", "limits", "capacity", "hard"]);

/** In lists that a patch replaces as a whole, what is missing is what the server fills in; an empty value is none. */
function differ(next: unknown, live: unknown, place: Place): boolean {
  if (isEmpty(next)) return !isEmpty(live) && !place.isPartial;
  if (Array.isArray(next) && Array.isArray(live)) {
    return (
      next.length !== live.length ||
      next.some((item, index) => differ(item, live[index], { ...place, isPartial: true }))
    );
  }
  if (isJsonObject(next) && isJsonObject(live)) {
    return [...new Set([...Object.keys(next), ...Object.keys(live)])].some((key) =>
      differ(valueAt(next, key), valueAt(live, key), {
        isIn: isQuantity(next[key]) ? place.isIn : key,
        isPartial: place.isPartial,
      }),
    );
  }
  if (quantities.has(place.isIn) && quantity(next) !== undefined) return quantity(next) !== quantity(live);
  return next !== live;
}

function isQuantity(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
