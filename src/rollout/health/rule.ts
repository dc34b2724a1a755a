import type { KubeObject } from "../../kube/types.ts";
import type { Health } from "../types.ts";

/** What only time or the caller decides. */
export type HealthContext = {
  /** Milliseconds since 1970. */
  now: number;
  /** A Job is Current when it is complete; else as soon as it runs, as in Helm. */
  waitForJobs?: boolean;
  /** A Pod is Current when it has run to its end; else as soon as it is ready. */
  waitForPods?: boolean;
};

/** The health of an object of one kind, after the rules that all kinds share. */
export type HealthRule = (object: KubeObject, context: HealthContext) => Health;

export function current(message: string): Health {
  return { status: "Current", message };
}

export function inProgress(message: string, reason?: string): Health {
  return { status: "InProgress", message, ...(reason ? { reason } : {}) };
}

export function failed(message: string, reason?: string): Health {
  return { status: "Failed", message, ...(reason ? { reason } : {}) };
}

/** `2 of 3 replicas are ready`. */
export function progress(done: number, wanted: number, state: string): Health {
  return inProgress(`${done} of ${wanted} replicas ${done === 1 ? "is" : "are"} ${state}`);
}
