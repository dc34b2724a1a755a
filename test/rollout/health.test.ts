import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import type { HealthContext } from "../../src/rollout/health/rule.ts";
import { healthOf } from "../../src/rollout/health.ts";
import { changed, recorded } from "./recorded.ts";

const later: HealthContext = { now: Date.parse("2100-01-01T00:00:00Z") };
const words = (object: KubeObject, context = later) => {
  const { status, reason, message } = healthOf(object, context);
  return `${status}${reason ? ` ${reason}` : ""}: ${message}`;
};

describe("recorded states", () => {
  test.each([
    ["api-service-missing", /^InProgress ServicePortError: /],
    ["claim-pending", /^InProgress: The claim is not bound/],
    ["daemon-set-ready", /^Current: 1 of 1/],
    ["daemon-set-stuck", /^InProgress: 0 of 1 replicas are ready/],
    ["definition-established", /^Current: The kind is served/],
    ["deployment-late", /^Failed ProgressDeadlineExceeded: ReplicaSet .* has timed out/],
    ["deployment-paused", /^Current: The Deployment is paused/],
    ["deployment-ready", /^Current: 2 of 2 replicas are available/],
    ["deployment-refused", /^InProgress: 0 of 1 replicas are created/],
    ["job-done", /^Current: The Job is complete: 1 of 1/],
    ["job-failed", /^Failed BackoffLimitExceeded: /],
    ["job-running", /^Current: The Job runs: 0 of 1 pods have succeeded, 1 active/],
    ["namespace-terminating", /^Terminating: /],
    ["pod-crash", /^Failed CrashLoopBackOff: .*: web$/],
    ["pod-missing", /^InProgress: The pod is pending/],
    ["pod-ready", /^Current: The pod is ready/],
    ["pod-unschedulable", /^Failed Unschedulable: 0\/1 nodes are available/],
    ["replica-set-ready", /^Current: 2 of 2/],
    ["replica-set-refused", /^InProgress FailedCreate: .*exceeded quota/],
    ["service-balancer", /^InProgress: The load balancer has no address/],
    ["service-plain", /^Current: The Service is ready/],
    ["stateful-set-ready", /^Current: 1 of 1/],
    ["stateful-set-stuck", /^InProgress: 1 of 2 replicas is created/],
  ])("%s", (name, expected) => {
    expect(words(recorded(name))).toMatch(expected);
  });
});

describe("on the way", () => {
  const deployment = recorded("deployment-ready");
  const daemons = recorded("daemon-set-ready");
  const stateful = recorded("stateful-set-ready");
  test.each<[string, KubeObject, RegExp]>([
    [
      "a change that no controller has seen",
      changed(deployment, "metadata.generation", 9),
      /^InProgress: .*not seen the change/,
    ],
    ["an object that goes", changed(deployment, "metadata.deletionTimestamp", "2026-01-01T00:00:00Z"), /^Terminating/],
    ["a Deployment without status", changed(deployment, "status", {}), /^InProgress: 0 of 2 replicas are created/],
    ["old pods too many", changed(deployment, "status.replicas", 3), /^InProgress: 1 old replica is still/],
    ["pods not updated", changed(deployment, "status.updatedReplicas", 1), /^InProgress: 1 of 2 replicas is updated/],
    ["pods not ready", changed(deployment, "status.readyReplicas", 1), /^InProgress: 1 of 2 replicas is ready/],
    [
      "pods not available",
      changed(deployment, "status.availableReplicas", 0),
      /^InProgress: 0 of 2 replicas are available/,
    ],
    ["no conditions", changed(deployment, "status.conditions", []), /^InProgress: The new ReplicaSet is not available/],
    ["scaled to nothing", changed(changed(deployment, "spec.replicas", 0), "status.replicas", 2), /^InProgress: 2 old/],
    [
      "a StatefulSet between revisions",
      changed(stateful, "status.updateRevision", "other"),
      /^InProgress: 1 of 1 replicas is updated/,
    ],
    [
      "OnDelete",
      changed(stateful, "spec.updateStrategy", { type: "OnDelete" }),
      /^Current: Pods are updated when deleted/,
    ],
    [
      "a partition",
      changed(changed(stateful, "spec.updateStrategy.rollingUpdate.partition", 1), "status.updateRevision", "other"),
      /^Current/,
    ],
    [
      "a DaemonSet nobody has seen",
      changed(daemons, "status", { desiredNumberScheduled: 0 }),
      /^InProgress: The controller/,
    ],
    [
      "a DaemonSet being updated",
      changed(daemons, "status.updatedNumberScheduled", 0),
      /^InProgress: 0 of 1 replicas are updated/,
    ],
    ["a claim that lost its volume", changed(recorded("claim-pending"), "status.phase", "Lost"), /^Failed ClaimLost/],
    [
      "a balancer with an address",
      changed(recorded("service-balancer"), "status.loadBalancer.ingress", [{ ip: "1.2.3.4" }]),
      /^Current/,
    ],
    [
      "a pod that ended badly",
      changed(recorded("pod-ready"), "status", { phase: "Failed", reason: "Evicted" }),
      /^Failed Evicted/,
    ],
    [
      "a pod that ended well",
      changed(recorded("pod-ready"), "status.phase", "Succeeded"),
      /^Current: The pod has completed/,
    ],
    ["a pod nobody has seen", changed(recorded("pod-ready"), "status", {}), /^InProgress: No node/],
    ["a Job not started", changed(recorded("job-running"), "status", {}), /^InProgress: The Job has not started/],
    [
      "names that are taken",
      changed(recorded("definition-established"), "status.conditions", [
        { type: "NamesAccepted", status: "False", reason: "PluralConflict", message: "taken" },
      ]),
      /^Failed PluralConflict: taken/,
    ],
  ])("%s", (_, object, expected) => {
    expect(words(object)).toMatch(expected);
  });
});

describe("kinds without a rule", () => {
  const custom = (conditions: unknown, more: Record<string, unknown> = {}): KubeObject => ({
    apiVersion: "example.org/v1",
    kind: "Thing",
    metadata: { name: "t", generation: 2 },
    status: { conditions, ...more },
  });
  const is = (type: string, status: string) => [{ type, status, reason: "R", message: "m" }];
  test.each<[string, KubeObject, string]>([
    ["none", custom(undefined), "Current: The Thing is there"],
    ["ready", custom(is("Ready", "True")), "Current: m"],
    ["not ready", custom(is("Ready", "False")), "InProgress R: m"],
    ["stalled", custom([...is("Ready", "False"), ...is("Stalled", "True")]), "Failed R: m"],
    ["reconciling", custom([...is("Ready", "True"), ...is("Reconciling", "True")]), "InProgress R: m"],
    [
      "behind",
      custom(is("Ready", "True"), { observedGeneration: 1 }),
      "InProgress: The controller has not seen the change yet",
    ],
    ["nonsense", custom([null, 1, { type: 3 }, "x"]), "Current: The Thing is there"],
  ])("conditions: %s", (_, object, expected) => {
    expect(words(object)).toBe(expected);
  });

  test.each([
    "v1/ConfigMap",
    "v1/Secret",
    "batch/v1/CronJob",
    "networking.k8s.io/v1/Ingress",
    "autoscaling/v2/HorizontalPodAutoscaler",
    "policy/v1/PodDisruptionBudget",
  ])("%s is Current once it is there", (type) => {
    const kind = type.slice(type.lastIndexOf("/") + 1);
    const object = { apiVersion: type.slice(0, type.lastIndexOf("/")), kind, metadata: { name: "x" } };
    expect(words(object)).toBe(`Current: The ${kind} is there`);
  });
});

test("a Job that is waited for is Current only when complete", () => {
  expect(words(recorded("job-running"), { ...later, waitForJobs: true })).toMatch(/^InProgress: 0 of 1/);
  expect(words(recorded("job-done"), { ...later, waitForJobs: true })).toMatch(/^Current/);
});

test("a pod that is waited for is Current only when it has ended", () => {
  expect(words(recorded("pod-ready"), { ...later, waitForPods: true })).toBe("InProgress: The pod runs");
});

test("a pod has 15 s to find a node", () => {
  const pod = recorded("pod-unschedulable");
  const now = Date.parse(pod.metadata.creationTimestamp ?? "") + 14_000;
  expect(words(pod, { now })).toBe("InProgress: The pod waits for a node");
  expect(words(pod, { now: now + 2_000 })).toMatch(/^Failed Unschedulable/);
});
