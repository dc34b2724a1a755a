import type { KubeClient, KubeObject, ObjectRef } from "../kube/types.ts";
import { trackRollout } from "./tracker.ts";
import type { HookResult, TrackOptions } from "./types.ts";

/** Waits until a hook's object has done its work: a Job or a Pod has run to its end; others are done once they exist. */
export async function waitForHook(
  kube: KubeClient,
  hook: ObjectRef | KubeObject,
  options: TrackOptions,
): Promise<HookResult> {
  const isJob = hook.kind === "Job" && hook.apiVersion.startsWith("batch/");
  const isPod = hook.kind === "Pod" && hook.apiVersion === "v1";
  if (!isJob && !isPod) return { ok: true, durationMs: 0 };
  const result = await trackRollout(kube, [hook], { ...options, waitForJobs: true, waitForPods: true });
  const { durationMs } = result;
  if (result.ok) return { ok: true, durationMs };
  const [failure] = result.failures;
  if (failure === undefined) throw new Error("a rollout failed without a failure");
  return { ok: false, failure, durationMs };
}
