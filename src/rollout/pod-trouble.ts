import { stringAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";
import { type ContainerState, containersOf } from "./containers.ts";
import { conditionOf } from "./health/conditions.ts";
import { scheduleWindowMs } from "./health/pod.ts";

/** A state that does not mend itself, if it lasts. */
export type Trouble = {
  /** Absent where the pod or the workload as a whole is in trouble. */
  container?: string;
  reason: string;
  message: string;
  /** How long the state must have been seen before it is believed. */
  graceMs: number;
};

export type PodTroubleOptions = {
  /** From this many restarts on, a crash loop is believed at once. */
  crashRestarts?: number;
  /** A Job's pods may crash: the Job counts them and decides by itself. */
  crashesAllowed?: boolean;
};

// Long enough for a container that crashed once to come up, short enough to tell within 10 s of the first restart.
const crashGraceMs = 5_000;
// An operator may be about to make the Secret that is missing.
const configGraceMs = 10_000;
const startGraceMs = 5_000;

// What a registry says for good; time-outs, rate limits and refused connections may pass.
const pullsNever =
  /not found|manifest unknown|does not exist|unauthori[sz]ed|authentication required|access denied|permission denied|pull access|denied:|forbidden|invalid reference|no match for platform/i;
const pullsLater =
  /timeout|timed out|too ?many ?requests|connection (refused|reset)|no such host|i\/o|unavailable|EOF/i;
const cacheNotSynced = /failed to sync .* cache/i;

/** Why a pod will not become ready by waiting; empty where it may. Pure: the caller minds the graces. */
export function podTroubles(pod: KubeObject, options: PodTroubleOptions = {}): Trouble[] {
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  const troubles: Trouble[] = [];
  const scheduling = unschedulable(pod);
  if (scheduling) troubles.push(scheduling);
  for (const container of containersOf(pod)) {
    const trouble = containerTrouble(container, options);
    if (trouble) troubles.push({ container: container.name, ...trouble });
  }
  return troubles;
}

type ContainerTrouble = Omit<Trouble, "container">;

function containerTrouble(container: ContainerState, options: PodTroubleOptions): ContainerTrouble | undefined {
  const { phase, reason, message } = container;
  if (phase === "terminated") return startTrouble(container, options);
  if (phase !== "waiting") return undefined;
  switch (reason) {
    case "CrashLoopBackOff":
      return crashTrouble(container, options);
    case "ErrImagePull":
    case "ImagePullBackOff":
      return pullsNever.test(message) && !pullsLater.test(message) ? { reason, message, graceMs: 0 } : undefined;
    case "InvalidImageName":
    case "ErrImageNeverPull":
      return { reason, message, graceMs: 0 };
    case "CreateContainerConfigError":
      return cacheNotSynced.test(message) ? undefined : { reason, message, graceMs: configGraceMs };
    case "CreateContainerError":
      return { reason, message, graceMs: configGraceMs };
    case "RunContainerError":
      return { reason, message, graceMs: startGraceMs };
    default:
      return undefined;
  }
}

// The kubelet lets the first restart pass without a back-off: a loop with no restart counted is one that it has forgotten.
function crashTrouble(container: ContainerState, options: PodTroubleOptions): ContainerTrouble | undefined {
  if (options.crashesAllowed) return undefined;
  const { restarts, message } = container;
  const believed = restarts >= (options.crashRestarts ?? 2);
  return { reason: "CrashLoopBackOff", message, graceMs: believed ? 0 : crashGraceMs };
}

// The command does not exist, or may not be run.
function startTrouble(container: ContainerState, options: PodTroubleOptions): ContainerTrouble | undefined {
  const { reason, message } = container;
  if (options.crashesAllowed || (reason !== "ContainerCannotRun" && reason !== "StartError")) return undefined;
  return { reason, message, graceMs: startGraceMs };
}

function unschedulable(pod: KubeObject): Trouble | undefined {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return undefined;
  // Others are being evicted to make room for it.
  if (stringAt(pod, "status", "nominatedNodeName")) return undefined;
  return { reason: "Unschedulable", message: scheduled.message, graceMs: scheduleWindowMs };
}
