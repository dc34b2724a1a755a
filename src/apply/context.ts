import type { Clock } from "../base/clock.ts";
import type { KubeClient, ObjectRef } from "../kube/types.ts";
import type { ForceConflicts } from "../plan/take-over.ts";
import type { Action } from "../plan/types.ts";
import type { HookEvent } from "../render/types.ts";
import type { Failure, Health } from "../rollout/types.ts";

/** What is told while the cluster changes. */
export type ApplyEvent =
  /** `outcome` is `unchanged` where the server found nothing to change. */
  | { type: "object"; action: Action; ref: ObjectRef; outcome: "done" | "unchanged" }
  | { type: "hook"; event: HookEvent; ref: ObjectRef; state: "started" | "succeeded" | "failed"; failure?: Failure }
  | { type: "hook-log"; ref: ObjectRef; container: string; lines: string[] }
  | { type: "health"; ref: ObjectRef; health: Health }
  | { type: "warning"; message: string };

/** What everything that changes a cluster works with. */
export type ApplyContext = {
  kube: KubeClient;
  clock: Clock;
  signal: AbortSignal;
  emit: (event: ApplyEvent) => void;
  /** For each wait: a hook, a deletion, a definition to be established. */
  timeoutMs: number;
  /** What server-side apply takes over from other managers. */
  forceConflicts: ForceConflicts;
  /** What is not ready is what is being taken back. */
  isRollback?: boolean;
};

/** Requests that are under way at once. */
export const maxConcurrentWrites = 16;

/** Helm's own, so that either tool goes on from the other's fields. */
export const fieldManager = "helm";
