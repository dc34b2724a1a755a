import type { KubeObject } from "../kube/types.ts";
import { type ContainerState, containersOf } from "./containers.ts";
import { cleanLine } from "./log-lines.ts";
import type { ContainerEvidence } from "./types.ts";

/** A container that stands in the way, and where its log is to be found. */
export type Suspect = {
  pod: KubeObject;
  container: string;
  evidence: ContainerEvidence;
  /** Absent where it has never run. */
  log?: "current" | "previous";
};

const mostSuspects = 3;
const running = "running, not ready";
const starting: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing", ""]);

export function isRunning(evidence: ContainerEvidence): boolean {
  return evidence.reason === running;
}

/** The containers of these pods that are not as they should be, the worst first; the one in known trouble leads. */
export function suspectsIn(pods: KubeObject[], known?: { pod: KubeObject; container: string }): Suspect[] {
  const ranked = pods.flatMap((pod) =>
    containersOf(pod)
      .filter((state) => !isFine(state))
      .map((state) => ({
        rank: pod.metadata.uid === known?.pod.metadata.uid && state.name === known?.container ? 0 : rankOf(state),
        suspect: suspectOf(pod, state),
      })),
  );
  // Stable, so that the older pod comes first among equals: it has had more time to say why.
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, mostSuspects).map(({ suspect }) => suspect);
}

function isFine(state: ContainerState): boolean {
  if (state.phase === "terminated") return state.exitCode === 0;
  return state.ready && state.phase === "running";
}

function rankOf(state: ContainerState): number {
  if (state.phase === "terminated" || state.reason === "CrashLoopBackOff") return 1;
  if (state.phase === "waiting") return starting.has(state.reason) ? 5 : 2;
  return state.restarts > 0 ? 3 : 4;
}

function suspectOf(pod: KubeObject, state: ContainerState): Suspect {
  const exitCode = state.exitCode ?? (state.phase === "running" ? undefined : state.previous?.exitCode);
  const log = logOf(state);
  return {
    pod,
    container: state.name,
    ...(log === undefined ? {} : { log }),
    evidence: {
      pod: pod.metadata.name,
      container: state.name,
      reason: cleanLine(reasonOf(state)),
      message: cleanLine(messageOf(state)),
      restarts: state.restarts,
      ...(exitCode === undefined ? {} : { exitCode }),
      logs: [],
    },
  };
}

function reasonOf({ phase, reason, previous }: ContainerState): string {
  if (phase === "running") return running;
  if (phase === "unknown") return "not started";
  const before = previous?.reason ?? "";
  const telling = phase === "waiting" && before !== "" && before !== "Error" && before !== "Completed";
  return telling ? `${reason}, ${before}` : reason || phase;
}

// What a program left in its termination message says more than the kubelet's «back-off 10s restarting».
function messageOf({ phase, message, previous }: ContainerState): string {
  return (phase === "waiting" && previous?.message.trim().split("\n").at(-1)) || message;
}

// A container that waits to be started again has only the log of its run before.
function logOf(state: ContainerState): "current" | "previous" | undefined {
  if (state.phase === "running" || state.phase === "terminated") return "current";
  return state.previous === undefined ? undefined : "previous";
}
