import { hasCode, SlipwayError } from "../base/error.ts";
import { arrayAt, numberAt, stringAt, stringMapAt } from "../base/json-path.ts";
import { refOf } from "../kube/ref.ts";
import type { KubeObject } from "../kube/types.ts";
import { podTroubles } from "../rollout/pod-trouble.ts";
import type { ApplyContext } from "./context.ts";
import { removeObject } from "./remove-object.ts";

type Options = {
  /** In a rollback, whatever is not ready of another revision is what is being taken back; else only what is broken. */
  isRollback: boolean;
};

/**
 * Deletes the pods that a StatefulSet waits for in vain. Its controller replaces a pod only when the one before is ready:
 * one that is broken by an earlier revision stops every later one, the rollback too, until somebody deletes it.
 */
export async function removeStuckPods(
  context: ApplyContext,
  written: readonly KubeObject[],
  options: Options,
): Promise<void> {
  const unready = written.filter((object) => isOrderedSet(object) && !isReady(object));
  await Promise.all(unready.map((set) => removePodsOf(context, set, options)));
}

function isOrderedSet(object: KubeObject): boolean {
  const isSet = object.kind === "StatefulSet" && object.apiVersion.startsWith("apps/");
  const strategy = stringAt(object, "spec", "updateStrategy", "type") ?? "RollingUpdate";
  const policy = stringAt(object, "spec", "podManagementPolicy") ?? "OrderedReady";
  return isSet && strategy === "RollingUpdate" && policy === "OrderedReady";
}

function isReady(set: KubeObject): boolean {
  return (numberAt(set, "status", "readyReplicas") ?? 0) >= (numberAt(set, "spec", "replicas") ?? 1);
}

async function removePodsOf(context: ApplyContext, written: KubeObject, options: Options): Promise<void> {
  const { kube, signal, emit } = context;
  try {
    const set = await observedSet(context, written);
    if (set === undefined) return;
    const revision = stringAt(set, "status", "updateRevision");
    const labels = stringMapAt(set, "spec", "selector", "matchLabels");
    const { namespace } = set.metadata;
    const { items } = await kube.list("v1", "Pod", { labels, ...(namespace ? { namespace } : {}) }, { signal });
    const stuck = items.filter(
      (pod) => isStuck(pod, set, options) && revision !== pod.metadata.labels?.["controller-revision-hash"],
    );
    for (const pod of stuck) {
      const ref = refOf(pod);
      await removeObject(context, ref, pod);
      emit({ type: "object", action: "replace", ref, outcome: "done" });
    }
  } catch (error) {
    if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
    emit({
      type: "warning",
      message: `Stuck pods of StatefulSet ${written.metadata.name} can't be removed: ${error.message}`,
    });
  }
}

function isStuck(pod: KubeObject, set: KubeObject, { isRollback }: Options): boolean {
  const isOwn = pod.metadata.ownerReferences?.some((owner) => owner.uid === set.metadata.uid) ?? false;
  if (!isOwn || pod.metadata.deletionTimestamp !== undefined || isPodReady(pod)) return false;
  const ordinal = Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? 0);
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  return ordinal >= partition && (isRollback || podTroubles(pod).length > 0);
}

function isPodReady(pod: KubeObject): boolean {
  return arrayAt(pod, "status", "conditions").some(
    (condition) => stringAt(condition, "type") === "Ready" && stringAt(condition, "status") === "True",
  );
}

const observedWithinMs = 15_000;

/** The set when its controller has seen what was written, so that its status tells the new revision. */
async function observedSet(context: ApplyContext, written: KubeObject): Promise<KubeObject | undefined> {
  const deadline = context.clock.now() + Math.min(observedWithinMs, context.timeoutMs);
  for (let waitMs = 50; ; waitMs = Math.min(1000, waitMs * 2)) {
    const live = await context.kube.get(refOf(written), { signal: context.signal });
    const observed = numberAt(live, "status", "observedGeneration") ?? 0;
    if (live === undefined || observed >= (written.metadata.generation ?? 0)) return live;
    if (context.clock.now() >= deadline) return undefined;
    await context.clock.delay(waitMs, context.signal);
  }
}
