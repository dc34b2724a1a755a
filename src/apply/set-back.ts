import { stringAt } from "../base/json-path.ts";
import { createJsonMergePatch } from "../kube/patch/json-merge.ts";
import { refOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { withoutServerFields } from "../plan/operations.ts";
import { type ApplyContext, fieldManager } from "./context.ts";

export type SetBack = {
  /** As it was when it was compared: KUBE_CONFLICT where it has changed since. */
  live: KubeObject;
  /** What it is to be. */
  expected: KubeObject;
  /** For what is written by server-side apply: the manifest's fields, which the release then owns again. */
  applied?: KubeObject;
};

/** Makes of an object what is expected of it, and changes nothing else of it. */
export async function setBack(context: ApplyContext, { live, expected, applied }: SetBack): Promise<void> {
  const { kube, signal, emit } = context;
  const ref = refOf(live);
  let present = live;
  if (applied !== undefined) {
    const { resourceVersion } = live.metadata;
    const metadata = { ...applied.metadata, ...(resourceVersion && { resourceVersion }) };
    present = await kube.patch(ref, "apply", { ...applied, metadata }, { fieldManager, force: true, signal });
  }
  const patch = createJsonMergePatch(withoutServerFields(present), withoutServerFields(expected));
  if (Object.keys(patch).length > 0) {
    const resourceVersion = stringAt(present, "metadata", "resourceVersion");
    const metadata = { ...(patch["metadata"] as object | undefined), ...(resourceVersion && { resourceVersion }) };
    await kube.patch(ref, "merge", { ...patch, metadata }, { fieldManager, signal });
  }
  emit({ type: "object", action: "change", ref, outcome: "done" });
}
