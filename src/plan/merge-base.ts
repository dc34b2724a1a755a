import type { KubeObject } from "../kube/types.ts";
import { mergeStrategic } from "./three-way.ts";

/**
 * What the release may have written to one object, as a single object: the union of its recorded forms, oldest first.
 * A three-way patch takes away what the base has and the chart doesn't, so what a failed revision added is in it.
 */
export function mergeBase(recorded: readonly KubeObject[]): KubeObject | undefined {
  return recorded.reduce<KubeObject | undefined>(
    (base, next) => (base === undefined ? next : mergeStrategic(base, next)),
    undefined,
  );
}
