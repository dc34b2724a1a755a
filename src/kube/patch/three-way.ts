import { type JsonObject, stringAt } from "../../base/json-path.ts";
import { withoutAbsentElements } from "./absent-elements.ts";
import { applyJsonMergePatch, createJsonMergePatch, joinMergePatches, sideOfMergePatch } from "./json-merge.ts";
import { type PatchSchema, patchSchemaOf } from "./schema.ts";
import { strategicDiff } from "./strategic-diff.ts";
import { applyStrategicMergePatch, combineStrategicPatches } from "./strategic-merge.ts";
import { findTwinLists, putLists, withoutLists } from "./twins.ts";

/** The three states of one object. */
export type ThreeStates = {
  /** As it was asked for last time; `{}` where it never was. What it had and `modified` lacks is deleted. */
  original: JsonObject;
  /** As it is asked for now. */
  modified: JsonObject;
  /** As it lives. What only it has is left alone. */
  live: JsonObject;
};

/** A patch and how it is to be sent. */
export type ObjectPatch = { type: "strategic" | "merge"; patch: JsonObject };

/** The patch that Helm would send: strategic for the kinds of Kubernetes itself, JSON merge for all others. */
export function createThreeWayPatch(apiVersion: string, kind: string, states: ThreeStates): ObjectPatch {
  const schema = patchSchemaOf(apiVersion, kind);
  if (schema) return { type: "strategic", patch: createThreeWayStrategicPatch(states, schema) };
  return { type: "merge", patch: createThreeWayJsonMergePatch(states) };
}

/** What the API server would make of the object; for previews, and for the sandbox. */
export function applyObjectPatch(
  object: JsonObject,
  { type, patch }: ObjectPatch,
  schema: PatchSchema | undefined,
): JsonObject {
  if (type === "strategic" && schema) return applyStrategicMergePatch(object, patch, schema);
  return applyJsonMergePatch(object, patch) as JsonObject;
}

/**
 * Equal to `CreateThreeWayMergePatch` of Kubernetes with overwriting: what `modified` says wins over what lives. But
 * lists in which elements share a merge key are replaced by what we merge ourselves, for the live object as it is, and
 * nothing is deleted from lists inside of an element that the live object lacks.
 */
export function createThreeWayStrategicPatch(states: ThreeStates, schema: PatchSchema): JsonObject {
  const twins = findTwinLists(states, schema, mergeElement);
  if (twins.length === 0) return createPlainPatch(states, schema);
  const [original, modified, live] = [states.original, states.modified, states.live].map((state) =>
    withoutLists(state, twins),
  ) as [JsonObject, JsonObject, JsonObject];
  const patch = createPlainPatch({ original, modified, live }, schema);
  putLists(patch, twins);
  const version = stringAt(states.live, "metadata", "resourceVersion");
  if (version !== undefined && twins.some(({ target }) => target !== undefined))
    patch["metadata"] = { ...(patch["metadata"] as JsonObject | undefined), resourceVersion: version };
  return patch;
}

function mergeElement(states: ThreeStates, schema: PatchSchema): JsonObject {
  return applyStrategicMergePatch(states.live, createThreeWayStrategicPatch(states, schema), schema);
}

function createPlainPatch({ original, modified, live }: ThreeStates, schema: PatchSchema): JsonObject {
  const additions = strategicDiff(live, modified, schema, { side: "additions" });
  const deletions = strategicDiff(original, modified, schema, { side: "deletions" });
  return combineStrategicPatches(withoutAbsentElements(deletions, live, schema), additions, schema);
}

/** Equal to `CreateThreeWayJSONMergePatch` of Kubernetes. */
export function createThreeWayJsonMergePatch({ original, modified, live }: ThreeStates): JsonObject {
  const additions = sideOfMergePatch(createJsonMergePatch(live, modified), "additions");
  const deletions = sideOfMergePatch(createJsonMergePatch(original, modified), "deletions");
  return joinMergePatches(deletions, additions);
}
