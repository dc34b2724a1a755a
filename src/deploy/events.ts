import type { ApplyEvent } from "../apply/context.ts";
import type { Plan } from "../plan/types.ts";
import type { ReleaseStatus } from "../release/types.ts";
import type { Failure } from "../rollout/types.ts";

export type Phase = "prepare" | "plan" | "apply" | "rollout" | "rollback" | "uninstall";

/** What a use case tells while it runs. Only `report/` turns these into text. */
export type DeployEvent =
  | ApplyEvent
  | { type: "phase"; phase: Phase; message: string }
  | { type: "plan"; plan: Plan }
  | { type: "failed"; cause: string; failures: Failure[] }
  | { type: "revision"; release: string; revision: number; status: ReleaseStatus; description: string };
