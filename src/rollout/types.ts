import type { Clock } from "../base/clock.ts";
import type { KubeObject, ObjectRef } from "../kube/types.ts";

/** kstatus's words for the state of an object. */
export type HealthStatus = "InProgress" | "Current" | "Failed" | "Terminating" | "NotFound" | "Unknown";

/** A value, never an exception. */
export type Health = {
  status: HealthStatus;
  /** A sentence without a period: `2 of 3 replicas are ready`. */
  message: string;
  /** The machine's word for it where there is one: `ProgressDeadlineExceeded`, `CrashLoopBackOff`. */
  reason?: string;
};

export type ObservedEvent = {
  time: string;
  type: string;
  reason: string;
  message: string;
  object: string;
  count: number;
};

/** What was seen of one container that stands in the way. */
export type ContainerEvidence = {
  pod: string;
  container: string;
  reason: string;
  message: string;
  restarts: number;
  exitCode?: number;
  /** Last lines, of the previous container where it had ended. Oldest first. */
  logs: string[];
};

/** Why an object did not become healthy, gathered before anything is undone. */
export type Failure = {
  ref: ObjectRef;
  health: Health;
  /** True where the object was still in progress when the time was up. */
  timedOut: boolean;
  /** The worst first. */
  containers: ContainerEvidence[];
  /** Of the object, its replica sets, pods; newest last. */
  events: ObservedEvent[];
  /** What could not be read, and why: the evidence is not all there is. */
  unread: string[];
  /**
   * All of it in one line: `Deployment shop/web: pod web-6d4-x2x, container web: CrashLoopBackOff (exit code 1,
   * 2 restarts): FATAL: DATABASE_URL is not set`.
   */
  summary: string;
};

export type TrackedObject = { ref: ObjectRef; health: Health };

export type RolloutEvent = { ref: ObjectRef; health: Health; live: KubeObject | undefined };

export type RolloutResult =
  | { ok: true; objects: TrackedObject[]; durationMs: number }
  | { ok: false; objects: TrackedObject[]; failures: Failure[]; durationMs: number };

export type TrackOptions = {
  /** Until all are Current; then those that are not have timed out. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Called at every change of an object's health. */
  onChange?: (event: RolloutEvent) => void;
  /** Lines of log per container that failed. */
  logLines?: number;
  /** A Job is Current when it is complete; else as soon as it runs, as in Helm. */
  waitForJobs?: boolean;
  /** A container that waits to be started again is given up after so many restarts; after one, 5 s later. */
  crashRestarts?: number;
  clock?: Clock;
};

/** What became of a hook's object. */
export type HookResult = { ok: true; durationMs: number } | { ok: false; failure: Failure; durationMs: number };
