import { arrayAt, numberAt, objectAt, stringAt } from "../base/json-path.ts";
import type { HookDeletePolicy, HookEvent, HookOutputLogPolicy } from "../render/types.ts";
import { without, withoutEmpty } from "./fields.ts";
import type { HookRun, JsonObject, RecordedHook } from "./types.ts";

const phases: ReadonlySet<string> = new Set<HookRun["phase"]>(["Unknown", "Running", "Succeeded", "Failed"]);
const hookFields = [
  "name",
  "kind",
  "path",
  "manifest",
  "events",
  "last_run",
  "weight",
  "delete_policies",
  "output_log_policies",
] as const;

export function hookToWire(hook: RecordedHook): JsonObject {
  const { startedAt, completedAt, phase } = hook.lastRun ?? { startedAt: "", completedAt: "", phase: "" };
  return {
    ...withoutEmpty({
      name: hook.name,
      kind: hook.kind,
      path: hook.path,
      manifest: hook.manifest,
      events: hook.events,
    }),
    // Helm writes the phase even where the hook never ran.
    last_run: { ...withoutEmpty({ started_at: startedAt, completed_at: completedAt }), phase },
    ...withoutEmpty({
      weight: hook.weight,
      delete_policies: hook.deletePolicies,
      output_log_policies: hook.outputLogPolicies,
    }),
    ...hook.unknown,
  };
}

export function hookFromWire(wire: JsonObject): RecordedHook {
  const lastRun = runFromWire(objectAt(wire, "last_run"));
  return {
    name: stringAt(wire, "name") ?? "",
    kind: stringAt(wire, "kind") ?? "",
    path: stringAt(wire, "path") ?? "",
    manifest: stringAt(wire, "manifest") ?? "",
    events: stringsAt<HookEvent>(wire, "events"),
    weight: numberAt(wire, "weight") ?? 0,
    deletePolicies: stringsAt<HookDeletePolicy>(wire, "delete_policies"),
    outputLogPolicies: stringsAt<HookOutputLogPolicy>(wire, "output_log_policies"),
    ...(lastRun ? { lastRun } : {}),
    unknown: without(wire, hookFields),
  };
}

function runFromWire(wire: JsonObject | undefined): HookRun | undefined {
  const phase = stringAt(wire, "phase");
  if (phase === undefined || !phases.has(phase)) return undefined;
  return {
    startedAt: stringAt(wire, "started_at") ?? "",
    completedAt: stringAt(wire, "completed_at") ?? "",
    phase: phase as HookRun["phase"],
  };
}

// A word that Helm added since is kept, so that it is written back; nothing here acts on a word it doesn't know.
function stringsAt<T extends string>(wire: JsonObject, field: string): T[] {
  return arrayAt(wire, field).filter((item): item is T => typeof item === "string");
}
