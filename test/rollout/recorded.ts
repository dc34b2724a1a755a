import { readFileSync } from "node:fs";
import type { KubeObject } from "../../src/kube/types.ts";

/** The state of an object as the real control plane gave it; see fixtures/record.sh. */
export function recorded(name: string): KubeObject {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** A copy with one field of its status, spec or metadata set. */
export function changed(object: KubeObject, path: string, value: unknown): KubeObject {
  const copy = structuredClone(object);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let target: Record<string, unknown> = copy;
  for (const step of steps) {
    const next = (target[step] ?? {}) as Record<string, unknown>;
    target[step] = next;
    target = next;
  }
  target[last] = value;
  return copy;
}
