import type { Hook, HookDeletePolicy, HookEvent, HookOutputLogPolicy, Manifest } from "./types.ts";

const events: ReadonlyMap<string, HookEvent> = new Map([
  ...(
    [
      "pre-install",
      "post-install",
      "pre-delete",
      "post-delete",
      "pre-upgrade",
      "post-upgrade",
      "pre-rollback",
      "post-rollback",
      "test",
    ] as const
  ).map((event) => [event, event] as const),
  // As Helm 2 called it.
  ["test-success", "test"],
]);

/**
 * The hook that the annotations make of an object; `undefined` where it is none, `unknown` where an event is not one of
 * Helm's: such an object is left out altogether.
 */
export function parseHook(
  manifest: Manifest,
  annotations: ReadonlyMap<string, string> | undefined,
): Hook | "unknown" | undefined {
  const names = annotations?.get("helm.sh/hook");
  if (annotations === undefined || names === undefined) return undefined;
  const found = words(names).map((name) => events.get(name));
  if (found.includes(undefined)) return "unknown";
  return {
    ...manifest,
    events: found.filter((event) => event !== undefined),
    weight: weightOf(annotations.get("helm.sh/hook-weight") ?? ""),
    deletePolicies: listed(annotations, "helm.sh/hook-delete-policy") as HookDeletePolicy[],
    outputLogPolicies: listed(annotations, "helm.sh/hook-output-log-policy") as HookOutputLogPolicy[],
  };
}

function listed(annotations: ReadonlyMap<string, string>, name: string): string[] {
  const value = annotations.get(name);
  return value === undefined ? [] : words(value);
}

function words(list: string): string[] {
  return list.split(",").map((word) => word.trim().toLowerCase());
}

function weightOf(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}
