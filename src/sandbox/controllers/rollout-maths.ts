import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { textAt } from "../json.ts";

export type Bounds = { wanted: number; maxSurge: number; maxUnavailable: number };

/** How many pods a Deployment may have too many, and too few, while it rolls out. */
export function boundsOf(deployment: KubeObject): Bounds {
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  if (textAt(deployment, "spec", "strategy", "type") === "Recreate")
    return { wanted, maxSurge: 0, maxUnavailable: wanted };
  const rolling = valueAt(deployment, "spec", "strategy", "rollingUpdate");
  const maxSurge = resolve(valueAt(rolling, "maxSurge"), wanted, Math.ceil);
  const maxUnavailable = resolve(valueAt(rolling, "maxUnavailable"), wanted, Math.floor);
  // With neither, nothing could ever move.
  if (maxSurge === 0 && maxUnavailable === 0) return { wanted, maxSurge, maxUnavailable: 1 };
  return { wanted, maxSurge, maxUnavailable: Math.min(maxUnavailable, wanted) };
}

/** A number, or a percentage of the total. */
export function resolve(value: unknown, total: number, round: (number: number) => number): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(String(value ?? "0"));
  return percent === null ? Number(value) || 0 : round((Number(percent[1]) * total) / 100);
}

export function replicasOf(set: KubeObject): number {
  return numberAt(set, "spec", "replicas") ?? 0;
}

export function availableOf(set: KubeObject): number {
  return numberAt(set, "status", "availableReplicas") ?? 0;
}

export function sum(sets: KubeObject[], count: (set: KubeObject) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

/** How large the new set may be now. */
export function newSetSize(deployment: KubeObject, all: KubeObject[], current: number): number {
  const { wanted, maxSurge } = boundsOf(deployment);
  if (textAt(deployment, "spec", "strategy", "type") === "Recreate") return wanted;
  const room = wanted + maxSurge - sum(all, replicasOf);
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}

/** New sizes of the old sets: those who aren't available go first, then as many as availability allows. */
export function oldSetSizes(deployment: KubeObject, fresh: KubeObject, old: KubeObject[]): Map<KubeObject, number> {
  const { wanted, maxUnavailable } = boundsOf(deployment);
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const minAvailable = wanted - maxUnavailable;
  const total = sum(old, replicasOf) + replicasOf(fresh);
  const spare = total - minAvailable - (replicasOf(fresh) - availableOf(fresh));
  if (spare <= 0) return sizes;
  let cleaned = 0;
  for (const set of old) {
    const unhealthy = replicasOf(set) - availableOf(set);
    const drop = Math.max(0, Math.min(spare - cleaned, unhealthy));
    sizes.set(set, replicasOf(set) - drop);
    cleaned += drop;
  }
  const available = sum(old, (set) => Math.min(availableOf(set), sizes.get(set) ?? 0)) + availableOf(fresh);
  let left = available - minAvailable;
  for (const set of old) {
    const size = sizes.get(set) ?? 0;
    const drop = Math.max(0, Math.min(left, size));
    sizes.set(set, size - drop);
    left -= drop;
  }
  return sizes;
}
