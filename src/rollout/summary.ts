import { describeRef } from "../kube/ref.ts";
import type { ObjectRef } from "../kube/types.ts";
import { isRunning } from "./container-evidence.ts";
import { cleanLine, tellingLine } from "./log-lines.ts";
import type { ContainerEvidence, Health, ObservedEvent } from "./types.ts";

export type SummaryParts = {
  ref: ObjectRef;
  health: Health;
  /** Absent where the time was not up. */
  timedOutAfterMs?: number;
  /** The pod in trouble, where the trouble is not a container's. */
  pod?: string;
  containers: ContainerEvidence[];
  events: ObservedEvent[];
};

/** Everything that matters in one line: the workload, the pod, the container, the reason, and what it said last. */
export function summaryOf(parts: SummaryParts): string {
  const { ref, health, timedOutAfterMs } = parts;
  const cause = causeOf(parts);
  const start = `${describeRef(ref)}: `;
  if (timedOutAfterMs === undefined) return start + (cause ?? ownReason(parts));
  const state = `not ready after ${duration(timedOutAfterMs)}: ${health.message}`;
  const event = cause === undefined ? warningOf(parts.events) : undefined;
  return [start + state, cause, event].filter((part) => part !== undefined).join("; ");
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `${ms} ms`;
  if (seconds < 120) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}

function causeOf({ containers, pod, health, timedOutAfterMs }: SummaryParts): string | undefined {
  const worst = containers[0];
  if (worst === undefined)
    return pod === undefined || timedOutAfterMs !== undefined ? undefined : podReason(pod, health);
  const said = tellingLine(worst.logs) ?? "";
  // The log of a container that runs is chatter as a rule; its probe says what is amiss.
  const why = isRunning(worst) ? worst.message || said : said || worst.message;
  const state = [`${worst.reason}${numbersOf(worst)}`, why].filter((part) => part !== "");
  return `pod ${worst.pod}, container ${worst.container}: ${state.join(": ")}`;
}

function podReason(pod: string, { reason, message }: Health): string {
  // The health of a workload in trouble already says where it lies.
  const text = cleanLine(message).replace(`pod ${pod}: `, "");
  return `pod ${pod}: ${reason === undefined || text.startsWith(reason) ? text : `${reason}: ${text}`}`;
}

function ownReason({ health, events }: SummaryParts): string {
  const text = cleanLine(health.message);
  const own = health.reason === undefined || text.startsWith(health.reason) ? text : `${health.reason}: ${text}`;
  const event = warningOf(events.filter(({ reason }) => reason !== health.reason));
  return event === undefined ? own : `${own}; ${event}`;
}

function warningOf(events: ObservedEvent[]): string | undefined {
  const warning = events.findLast((event) => event.type === "Warning");
  return warning === undefined ? undefined : `${warning.object}: ${warning.reason}: ${warning.message}`;
}

function numbersOf({ exitCode, restarts }: ContainerEvidence): string {
  const numbers: string[] = [];
  if (exitCode !== undefined) numbers.push(`exit code ${exitCode}`);
  if (restarts > 0) numbers.push(`${restarts} ${restarts === 1 ? "restart" : "restarts"}`);
  return numbers.length === 0 ? "" : ` (${numbers.join(", ")})`;
}
