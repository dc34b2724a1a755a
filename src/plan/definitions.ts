import { applyJsonMergePatch } from "../kube/patch/json-merge.ts";
import { refOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { operationsBetween } from "./operations.ts";
import type { Change, JsonPatchOperation } from "./types.ts";

/**
 * What becomes of the definitions under a chart's `crds/`: `create` only adds those that are missing, as Helm does;
 * `upgrade` brings the others up to date, too.
 */
export type DefinitionMode = "create" | "upgrade";

/** What the chart's definition says otherwise than the live one; empty where they are the same. */
export function definitionDifferences(live: KubeObject, chart: KubeObject): JsonPatchOperation[] {
  return operationsBetween(withoutUnset(live), withoutUnset(upgraded(live, chart)));
}

/** What is done about one definition. */
export function planDefinition(
  live: KubeObject | undefined,
  { object, source }: { object: KubeObject; source?: string },
  mode: DefinitionMode,
): Change {
  const { namespace: _, ...ref } = refOf(object);
  const common = { ref, desired: object, ...(source ? { source } : {}) };
  if (live === undefined) return { ...common, action: "create", after: object, operations: [] };
  const operations = definitionDifferences(live, object);
  const kept = { ...common, action: "nothing" as const, live, after: live, operations: [] };
  if (operations.length === 0) return { ...kept, reason: "a definition that is there is left as it is" };
  if (mode === "create") return { ...kept, reason: stays };
  const patch = { type: "apply" as const, body: withoutStatus(object) };
  return { ...common, action: "change", live, after: upgraded(live, object), patch, operations };
}

/** Whether the live definition differs from the chart's, and stays as it is. */
export function isStale({ action, reason }: Change): boolean {
  return action === "nothing" && reason === stays;
}

const stays = "it differs from the chart's, and is left as it is";

/** One sentence about definitions that stay behind the chart's. */
export function describeStale(names: readonly string[]): string {
  const what = names.length === 1 ? "The definition" : `${names.length} definitions`;
  const verb = names.length === 1 ? "differs from the chart's and is" : "differ from the chart's and are";
  return `${what} ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""} ${verb} left as before, as Helm leaves them. Bring them up to date with --crds upgrade (crds: upgrade)`;
}

// Versions are replaced as a list; what a controller fills in beside them, such as a conversion's caBundle, stays.
function upgraded(live: KubeObject, chart: KubeObject): KubeObject {
  const { spec, metadata } = chart;
  const { labels, annotations } = metadata;
  const patch = { spec, metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } };
  return applyJsonMergePatch(live, patch) as KubeObject;
}

function withoutStatus({ status: _, ...definition }: KubeObject): KubeObject {
  const { creationTimestamp: __, ...metadata } = definition.metadata;
  return { ...definition, metadata } as KubeObject;
}

// The server leaves out what it takes for unset: `preserveUnknownFields: false`, an empty text.
function withoutUnset<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutUnset) as T;
  if (typeof value !== "object" || value === null) return value;
  const set = Object.entries(value).filter(([key, member]) => !isUnset(key, member));
  return Object.fromEntries(set.map(([key, member]) => [key, withoutUnset(member)])) as T;
}

// A schema's default and its enum mean what they say; a version's flags are always told.
function isUnset(key: string, value: unknown): boolean {
  if (key === "default" || key === "served" || key === "storage") return false;
  return value === null || value === "" || value === false;
}
