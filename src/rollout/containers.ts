import { arrayAt, booleanAt, numberAt, objectAt, stringAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";

export type ContainerPhase = "waiting" | "running" | "terminated" | "unknown";

/** One container of a pod as its node reports it. */
export type ContainerState = {
  name: string;
  init: boolean;
  image: string;
  ready: boolean;
  restarts: number;
  phase: ContainerPhase;
  /** Of the present state; empty where it has none. */
  reason: string;
  message: string;
  exitCode?: number;
  /** How the container before this one ended, where there was one. */
  previous?: { reason: string; message: string; exitCode: number };
};

/** Init containers first, since the others wait for them. */
export function containersOf(pod: KubeObject): ContainerState[] {
  return [
    ...arrayAt(pod, "status", "initContainerStatuses").map((status) => containerState(status, true)),
    ...arrayAt(pod, "status", "containerStatuses").map((status) => containerState(status, false)),
  ];
}

function containerState(status: unknown, init: boolean): ContainerState {
  const phase = phaseOf(status);
  const exitCode = numberAt(status, "state", "terminated", "exitCode");
  const previousExit = numberAt(status, "lastState", "terminated", "exitCode");
  return {
    name: stringAt(status, "name") ?? "",
    init,
    image: stringAt(status, "image") ?? "",
    ready: booleanAt(status, "ready") ?? false,
    restarts: numberAt(status, "restartCount") ?? 0,
    phase,
    reason: stringAt(status, "state", phase, "reason") ?? "",
    message: stringAt(status, "state", phase, "message") ?? "",
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(previousExit === undefined ? {} : { previous: endOf(status, previousExit) }),
  };
}

function endOf(status: unknown, exitCode: number): { reason: string; message: string; exitCode: number } {
  return {
    reason: stringAt(status, "lastState", "terminated", "reason") ?? "",
    message: stringAt(status, "lastState", "terminated", "message") ?? "",
    exitCode,
  };
}

function phaseOf(status: unknown): ContainerPhase {
  const phases = ["waiting", "running", "terminated"] as const;
  return phases.find((phase) => objectAt(status, "state", phase) !== undefined) ?? "unknown";
}
