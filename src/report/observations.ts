import type { DeployEvent } from "../deploy/events.ts";
import { objectKey } from "../kube/ref.ts";
import type { ObjectRef } from "../kube/types.ts";
import type { Hazard } from "../plan/types.ts";
import type { Health } from "../rollout/types.ts";
import { hazardLine } from "./hazard-text.ts";

export type ObservedObject = { ref: ObjectRef; health: Health; hook?: string };

/** What a report needs to know of what went by. */
export type Observations = {
  /** True as soon as anything of the cluster was changed. */
  hasChanged: boolean;
  /** The last state of each hook and object that was watched, in the order in which they came up. */
  rollout: ObservedObject[];
  /** The same of what was done to take the release back. */
  rollback: ObservedObject[];
  warnings: string[];
  /** Of the last plan. */
  hazards?: readonly Hazard[];
};

export type Observer = Observations & { emit(event: DeployEvent): void };

const maxWarnings = 100;

export function observer(): Observer {
  const sections = { rollout: new Map<string, ObservedObject>(), rollback: new Map<string, ObservedObject>() };
  let section: keyof typeof sections = "rollout";
  const warnings: string[] = [];
  let hasChanged = false;
  let hazards: readonly Hazard[] = [];

  function emit(event: DeployEvent): void {
    switch (event.type) {
      case "phase":
        if (event.phase === "rollback") section = "rollback";
        return;
      case "plan":
        hazards = event.plan.hazards ?? [];
        for (const hazard of hazards) {
          if (warnings.length < maxWarnings) warnings.push(hazardLine(hazard));
        }
        return;
      case "object":
      case "revision":
        hasChanged = true;
        return;
      case "health":
        sections[section].set(objectKey(event.ref), { ref: event.ref, health: event.health });
        return;
      case "hook":
        hasChanged = true;
        sections[section].set(`${event.event} ${objectKey(event.ref)}`, {
          ref: event.ref,
          hook: event.event,
          health: hookHealth[event.state],
        });
        return;
      case "warning":
        if (warnings.length < maxWarnings) warnings.push(event.message);
    }
  }

  return {
    emit,
    warnings,
    get hasChanged() {
      return hasChanged;
    },
    get hazards() {
      return hazards;
    },
    get rollout() {
      return [...sections.rollout.values()];
    },
    get rollback() {
      return [...sections.rollback.values()];
    },
  };
}

const hookHealth: Record<"started" | "succeeded" | "failed", Health> = {
  started: { status: "InProgress", message: "runs" },
  succeeded: { status: "Current", message: "succeeded" },
  failed: { status: "Failed", message: "failed" },
};
