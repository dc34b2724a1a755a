import { isEmptyPatch } from "../kube/patch/json.ts";
import { patchSchemaOf } from "../kube/patch/schema.ts";
import { applyObjectPatch, createThreeWayPatch } from "../kube/patch/three-way.ts";
import type { KubeObject } from "../kube/types.ts";
import type { Patch } from "./types.ts";

type States = {
  /** As the release wrote it; absent where it never did, and then nothing is taken away. */
  base: KubeObject | undefined;
  desired: KubeObject;
  live: KubeObject;
};

/** What to send so that the live object becomes what is desired; `undefined` where it is that already. */
export function threeWayPatch({ base, desired, live }: States): Patch | undefined {
  const states = { original: base ?? {}, modified: withoutIdentity(desired), live };
  const { type, patch } = createThreeWayPatch(desired.apiVersion, desired.kind, states);
  // An object is asked for in the version that it is sent in.
  const { apiVersion: _, kind: __, ...body } = patch;
  return isEmptyPatch(body) ? undefined : { type, body };
}

/** The object as the patch makes it, without defaults and what else the server adds. */
export function applyPatch(live: KubeObject, patch: Patch): KubeObject {
  if (patch.type !== "strategic" && patch.type !== "merge") return live;
  const schema = patchSchemaOf(live.apiVersion, live.kind);
  return applyObjectPatch(live, { type: patch.type, patch: patch.body as KubeObject }, schema) as KubeObject;
}

/** Both forms of one object together; where they differ, the later one counts. */
export function mergeStrategic(earlier: KubeObject, later: KubeObject): KubeObject {
  const { apiVersion, kind } = later;
  const patch = createThreeWayPatch(apiVersion, kind, { original: {}, modified: later, live: earlier });
  return applyObjectPatch(earlier, patch, patchSchemaOf(apiVersion, kind)) as KubeObject;
}

// Templates of definitions often carry a creation time of null: nobody means to delete it.
function withoutIdentity(desired: KubeObject): KubeObject {
  const { creationTimestamp: _, ...metadata } = desired.metadata;
  return { ...desired, metadata };
}
