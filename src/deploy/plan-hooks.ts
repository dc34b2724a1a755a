import { dueHooks, type HookObject } from "../apply/hooks.ts";
import { jsonEqual } from "../base/json-equal.ts";
import { groupOf, refOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { operationsBetween } from "../plan/operations.ts";
import type { Change, PlannedHook } from "../plan/types.ts";
import type { RecordedHook } from "../release/types.ts";
import type { HookEvent } from "../render/types.ts";
import { readDocument } from "./objects.ts";

/** The runs of the hooks at these events, each compared with the hook of its name that was recorded last. */
export function planHooks(
  hooks: readonly HookObject[],
  recorded: readonly RecordedHook[],
  events: readonly HookEvent[],
): PlannedHook[] {
  const before = new Map(recorded.flatMap(objectsOf).map((object) => [nameOf(object), object]));
  return events.flatMap((event) =>
    dueHooks(hooks, event).map(({ hook, object }) => ({
      event,
      weight: hook.weight,
      change: compare(object, before.get(nameOf(object)), hook.path),
    })),
  );
}

// A hook of the past that can't be read any more is none to compare with.
function objectsOf({ manifest, path }: RecordedHook): KubeObject[] {
  try {
    return readDocument(manifest, path).map(({ object }) => object);
  } catch {
    return [];
  }
}

// A record has its manifests as they were written, often without a namespace.
function nameOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}/${metadata.name}`;
}

function compare(object: KubeObject, past: KubeObject | undefined, source: string): Change {
  const common = { ref: refOf(object), source, desired: object, after: object };
  if (past === undefined) return { ...common, action: "create", operations: [] };
  const { namespace } = object.metadata;
  const live = namespace === undefined ? past : { ...past, metadata: { ...past.metadata, namespace } };
  if (jsonEqual(live, object)) return { ...common, action: "nothing", live, operations: [] };
  return { ...common, action: "change", live, operations: operationsBetween(live, object) };
}
