import { describe, expect, test } from "vitest";
import { duration, type SummaryParts, summaryOf } from "../../src/rollout/summary.ts";
import type { ContainerEvidence, ObservedEvent } from "../../src/rollout/types.ts";

const web: ContainerEvidence = {
  pod: "web-6d4-x2x",
  container: "web",
  reason: "CrashLoopBackOff",
  message: "back-off",
  restarts: 2,
  exitCode: 1,
  logs: [],
};
const event: ObservedEvent = {
  time: "",
  type: "Warning",
  reason: "FailedCreate",
  message: "no room",
  object: "StatefulSet web",
  count: 3,
};
const parts: SummaryParts = {
  ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" },
  health: { status: "InProgress", message: "0 of 1 replicas are ready" },
  containers: [],
  events: [],
};

describe("one line says it all", () => {
  test.each<[string, Partial<SummaryParts>, string]>([
    [
      "a crash with a log",
      { containers: [{ ...web, logs: ["starting", "FATAL: DATABASE_URL is not set"] }] },
      "pod web-6d4-x2x, container web: CrashLoopBackOff (exit code 1, 2 restarts): FATAL: DATABASE_URL is not set",
    ],
    [
      "a crash without one",
      { containers: [{ ...web, restarts: 1 }] },
      "pod web-6d4-x2x, container web: CrashLoopBackOff (exit code 1, 1 restart): back-off",
    ],
    [
      "a pod that no node takes",
      {
        pod: "web-1",
        health: { status: "Failed", reason: "Unschedulable", message: "pod web-1: Unschedulable: 0/1 nodes" },
      },
      "pod web-1: Unschedulable: 0/1 nodes",
    ],
    [
      "a reason of its own",
      { health: { status: "Failed", reason: "ProgressDeadlineExceeded", message: "timed out" } },
      "ProgressDeadlineExceeded: timed out",
    ],
    [
      "an event beside it",
      { health: { status: "NotFound", message: "gone" }, events: [event] },
      "gone; StatefulSet web: FailedCreate: no room",
    ],
    [
      "no event that says the same",
      { health: { status: "Failed", reason: "FailedCreate", message: "no quota" }, events: [event] },
      "FailedCreate: no quota",
    ],
    [
      "a time-out with a probe",
      {
        timedOutAfterMs: 30_000,
        containers: [
          {
            pod: "web-1",
            container: "web",
            reason: "running, not ready",
            message: "Readiness probe failed: 500",
            restarts: 0,
            logs: ["GET / 200"],
          },
        ],
      },
      "not ready after 30 s: 0 of 1 replicas are ready; pod web-1, container web: running, not ready: Readiness probe failed: 500",
    ],
    [
      "a time-out with an event",
      { timedOutAfterMs: 90_000, events: [event] },
      "not ready after 90 s: 0 of 1 replicas are ready; StatefulSet web: FailedCreate: no room",
    ],
  ])("%s", (_, more, expected) => {
    expect(summaryOf({ ...parts, ...more })).toBe(`Deployment shop/web: ${expected}`);
  });
});

test.each([
  [250, "250 ms"],
  [5_004, "5 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [305_000, "5 min 5 s"],
])("%i ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
