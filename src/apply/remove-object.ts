import { hasCode, SlipwayError } from "../base/error.ts";
import { describeRef } from "../kube/ref.ts";
import type { Deleted, KubeObject, ObjectRef } from "../kube/types.ts";
import type { Propagation } from "../plan/types.ts";
import type { ApplyContext } from "./context.ts";

/** Deletes exactly the object that was seen; one that has taken its name since is left alone. */
export async function removeObject(
  context: ApplyContext,
  ref: ObjectRef,
  live?: KubeObject,
  propagation: Propagation = "Background",
): Promise<Deleted> {
  const uid = live?.metadata.uid;
  try {
    return await context.kube.delete(ref, {
      propagation,
      signal: context.signal,
      ...(uid ? { uid } : {}),
    });
  } catch (error) {
    if (uid !== undefined && hasCode(error, "KUBE_CONFLICT")) return "absent";
    throw error;
  }
}

/** Waits, by watch, until the object is gone, or its kind, or another has its name. */
export async function waitUntilGone(context: ApplyContext, ref: ObjectRef, uid?: string): Promise<void> {
  const { kube } = context;
  const timeout = AbortSignal.timeout(context.timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const isGone = (object: KubeObject | undefined) =>
    object === undefined || (uid !== undefined && object.metadata.uid !== uid);
  const selection = {
    fieldSelector: `metadata.name=${ref.name}`,
    ...(ref.namespace ? { namespace: ref.namespace } : {}),
  };
  try {
    for (;;) {
      const { items, resourceVersion } = await kube.list(ref.apiVersion, ref.kind, selection, { signal });
      if (isGone(items[0])) return;
      try {
        for await (const event of kube.watch(ref.apiVersion, ref.kind, { ...selection, resourceVersion }, signal)) {
          if (event.type === "BOOKMARK") continue;
          if (event.type === "DELETED" || isGone(event.object)) return;
        }
      } catch (error) {
        if (!hasCode(error, "KUBE_GONE")) throw error;
      }
      signal.throwIfAborted();
    }
  } catch (error) {
    // Its definition went, and all of its kind with it.
    if (hasCode(error, "KUBE_NOT_FOUND", "PLAN_UNKNOWN_KIND")) return;
    if (!timeout.aborted || context.signal.aborted) throw error;
    throw await stillThere(context, ref);
  }
}

async function stillThere(context: ApplyContext, ref: ObjectRef): Promise<SlipwayError> {
  const live = await context.kube.get(ref, { signal: context.signal });
  const finalizers = live?.metadata.finalizers ?? [];
  const held = finalizers.length > 0 ? `, held by its finalizers ${finalizers.join(", ")}` : "";
  return new SlipwayError(
    "APPLY_FAILED",
    `${describeRef(ref)} is still there ${Math.round(context.timeoutMs / 1000)} s after it was deleted${held}`,
    {
      where: describeRef(ref),
      hint: "Look at what holds it (kubectl get -o yaml, metadata.finalizers), or raise --timeout.",
    },
  );
}
