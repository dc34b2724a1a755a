import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { type AssessContext, assess, type Tracked } from "../../src/rollout/assess.ts";
import { createPatience } from "../../src/rollout/patience.ts";
import { createOwnedStore } from "../../src/rollout/store.ts";
import { changed, recorded } from "./recorded.ts";

function seeing(...objects: KubeObject[]): AssessContext {
  const owned = { pods: createOwnedStore(), replicaSets: createOwnedStore() };
  for (const object of objects) (object.kind === "Pod" ? owned.pods : owned.replicaSets).put(object);
  return { now: 0, owned, patience: createPatience(), awaitingNode: new Set() };
}

function tracked(live: KubeObject | undefined, more: Partial<Tracked> = {}): Tracked {
  const { apiVersion = "apps/v1", kind = "Deployment" } = live ?? {};
  return {
    ref: { apiVersion, kind, namespace: "n", name: "web" },
    listed: true,
    ...(live ? { live, first: live } : {}),
    ...more,
  };
}

const owner = (uid: string) => [{ apiVersion: "apps/v1", kind: "x", name: "x", uid, controller: true }];
const revision = (n: string) => ({ "deployment.kubernetes.io/revision": n });
const deployment: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "n", uid: "d", generation: 2, annotations: revision("2") },
  spec: { replicas: 1 },
  status: { observedGeneration: 2, replicas: 2, updatedReplicas: 1 },
};
const set = (uid: string, number: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: uid, namespace: "n", uid, ownerReferences: owner("d"), annotations: revision(number) },
});
const crashing = (of: string, restarts: number): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${of}-pod`, namespace: "n", uid: `${of}-pod`, ownerReferences: owner(of) },
  status: {
    containerStatuses: [{ name: "web", restartCount: restarts, state: { waiting: { reason: "CrashLoopBackOff" } } }],
  },
});

describe("only the pods of the new revision count", () => {
  test("a crash of the old one is past", () => {
    const context = seeing(set("old", "1"), set("new", "2"), crashing("old", 9));
    expect(assess(tracked(deployment), context)).toMatchObject({ final: false, health: { status: "InProgress" } });
  });

  test("a crash of the new one ends it", () => {
    const context = seeing(set("old", "1"), set("new", "2"), crashing("new", 9));
    expect(assess(tracked(deployment), context)).toMatchObject({
      final: true,
      health: { status: "Failed", reason: "CrashLoopBackOff" },
      pod: { metadata: { name: "new-pod" } },
    });
  });

  test("while the controller has not seen the change, nobody knows which is the new one", () => {
    const behind = changed(deployment, "status.observedGeneration", 1);
    expect(assess(tracked(behind), seeing(set("old", "2"), crashing("old", 9)))).toMatchObject({ final: false });
  });

  test("of a StatefulSet and a DaemonSet, by their labels", () => {
    const labelled = (labels: Record<string, string>) => changed(crashing("w", 9), "metadata.labels", labels);
    const stateful: KubeObject = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "web", uid: "w" },
      status: { updateRevision: "b" },
    };
    const daemons: KubeObject = {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "web", uid: "w", annotations: { "deprecated.daemonset.template.generation": "2" } },
    };
    const isFinal = (workload: KubeObject, labels: Record<string, string>) =>
      assess(tracked(workload), seeing(labelled(labels))).final;
    expect(isFinal(stateful, { "controller-revision-hash": "a" })).toBe(false);
    expect(isFinal(stateful, { "controller-revision-hash": "b" })).toBe(true);
    expect(isFinal(daemons, { "pod-template-generation": "1" })).toBe(false);
    expect(isFinal(daemons, { "pod-template-generation": "2" })).toBe(true);
  });
});

test("one restart is given 5 s, and forgotten when the container comes up", () => {
  const context = seeing(set("new", "2"), crashing("new", 1));
  const at = (now: number) => {
    const judged = assess(tracked(deployment), { ...context, now });
    context.patience.endRound();
    return judged;
  };
  expect(at(0)).toMatchObject({ final: false, recheckMs: 5_000, health: { reason: "CrashLoopBackOff" } });
  expect(at(4_999)).toMatchObject({ final: false, recheckMs: 1 });
  context.owned.pods.put(
    changed(crashing("new", 1), "status.containerStatuses", [{ name: "web", state: { running: {} } }]),
  );
  expect(at(5_000)).toMatchObject({ final: false, health: { status: "InProgress" } });
  context.owned.pods.put(crashing("new", 1));
  expect(at(6_000)).toMatchObject({ final: false, recheckMs: 5_000 });
  expect(at(11_000)).toMatchObject({ final: true });
});

describe("what is older than our write says nothing", () => {
  const ready = recorded("deployment-ready");
  test("by generation", () => {
    const written = changed(ready, "metadata.generation", (ready.metadata.generation ?? 0) + 1);
    expect(assess(tracked(ready, { written }), seeing())).toMatchObject({ health: { status: "InProgress" } });
    expect(assess(tracked(ready, { written: ready }), seeing())).toMatchObject({ health: { status: "Current" } });
  });

  test("by resourceVersion, where a kind has no generation", () => {
    const pod = recorded("pod-ready");
    const next = changed(pod, "metadata.resourceVersion", `${Number(pod.metadata.resourceVersion) + 1}`);
    delete pod.metadata.generation;
    expect(assess(tracked(pod, { written: next }), seeing())).toMatchObject({ health: { status: "InProgress" } });
  });
});

test("a deadline that an older rollout exceeded is not this one's at once", () => {
  const late = recorded("deployment-late");
  const context = seeing();
  expect(assess(tracked(late), context)).toMatchObject({ final: false, recheckMs: 15_000 });
  const before = changed(late, "status.conditions", []);
  expect(assess(tracked(late, { first: before }), seeing())).toMatchObject({ final: true });
  expect(assess(tracked(late), { ...context, now: 15_000 })).toMatchObject({ final: true });
});

test("a quota that refuses pods is believed after 3 s", () => {
  const live = recorded("deployment-refused");
  const context = seeing(recorded("replica-set-refused"));
  expect(assess(tracked(live), context)).toMatchObject({ final: false, recheckMs: 3_000 });
  const end = assess(tracked(live), { ...context, now: 3_000 });
  expect(end).toMatchObject({ final: true, health: { status: "Failed", reason: "FailedCreate" } });
  expect(end.health.message).toContain("exceeded quota");
});

describe("what is not there", () => {
  test("has 5 s to come", () => {
    const context = seeing();
    expect(assess(tracked(undefined), context)).toMatchObject({ final: false, health: { status: "NotFound" } });
    expect(assess(tracked(undefined), { ...context, now: 5_000 })).toMatchObject({ final: true });
  });

  test("says nothing until the cluster was asked", () => {
    expect(assess(tracked(undefined, { listed: false }), seeing())).toMatchObject({ health: { status: "Unknown" } });
  });

  test.each([
    ["job-done", "Current"],
    ["job-failed", "Failed"],
  ])("%s counts though it was deleted when it ended", (name, status) => {
    const gone = changed(recorded(name), "metadata.deletionTimestamp", "2026-01-01T00:00:00Z");
    expect(assess(tracked(undefined, { gone }), seeing())).toMatchObject({ health: { status } });
  });
});

test("a pod for which a node is being made is waited for", () => {
  const pod = recorded("pod-unschedulable");
  const context = { ...seeing(), now: Date.parse("2100-01-01T00:00:00Z") };
  const awaited = { ...context, awaitingNode: new Set([pod.metadata.uid ?? ""]) };
  expect(assess(tracked(pod), context)).toMatchObject({ final: false, recheckMs: 15_000 });
  expect(assess(tracked(pod), { ...context, now: context.now + 15_000 })).toMatchObject({ final: true });
  expect(assess(tracked(pod), { ...awaited, now: context.now + 99_000 })).toMatchObject({ final: false });
});
