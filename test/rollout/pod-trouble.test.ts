import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { podTroubles } from "../../src/rollout/pod-trouble.ts";
import { recorded } from "./recorded.ts";

type Status = Record<string, unknown>;

function podWith(status: Status): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "web-1", namespace: "shop", uid: "u" }, status };
}

const waiting = (reason: string, message = "", restartCount = 0): Status => ({
  name: "web",
  restartCount,
  state: { waiting: { reason, message } },
});
const containers = (...containerStatuses: Status[]) => podWith({ phase: "Pending", containerStatuses });

describe("what never mends itself", () => {
  test.each<[string, Status, graceMs: number]>([
    ["a crash loop after one restart", waiting("CrashLoopBackOff", "back-off 10s", 1), 5_000],
    ["a crash loop after two restarts", waiting("CrashLoopBackOff", "back-off 20s", 2), 0],
    ["an image that is not there", waiting("ErrImagePull", "rpc error: code = NotFound desc = x: not found"), 0],
    ["an image that is not ours", waiting("ImagePullBackOff", "Back-off: ErrImagePull: 401 Unauthorized"), 0],
    ["an image that may not exist", waiting("ErrImagePull", "pull access denied, repository does not exist"), 0],
    ["an image name that is none", waiting("InvalidImageName", "couldn't parse image name"), 0],
    ["an image that may never be pulled", waiting("ErrImageNeverPull", "not present with pull policy of Never"), 0],
    ["a Secret that is missing", waiting("CreateContainerConfigError", 'secret "db" not found'), 10_000],
    [
      "a command that is not there",
      { name: "web", state: { terminated: { reason: "StartError", exitCode: 128 } } },
      5_000,
    ],
  ])("%s", (_, status, graceMs) => {
    expect(podTroubles(containers(status))).toMatchObject([{ container: "web", graceMs }]);
    const init = podWith({ phase: "Pending", initContainerStatuses: [{ ...status, name: "init" }] });
    expect(podTroubles(init)).toMatchObject([{ container: "init", graceMs }]);
  });
});

describe("what may pass", () => {
  test.each<[string, KubeObject]>([
    ["a container that is being made", containers(waiting("ContainerCreating"))],
    ["a registry that is not reached", containers(waiting("ErrImagePull", "dial tcp: lookup r: no such host"))],
    ["a registry's limit", containers(waiting("ErrImagePull", "toomanyrequests: denied: rate limit"))],
    ["a back-off that does not say why", containers(waiting("ImagePullBackOff", 'Back-off pulling image "web:2"'))],
    [
      "a kubelet that has not caught up",
      containers(
        waiting("CreateContainerConfigError", "failed to sync configmap cache: timed out waiting for the condition"),
      ),
    ],
    ["a program that ended once", containers({ name: "web", state: { terminated: { reason: "Error", exitCode: 1 } } })],
    ["a program that was started again", containers({ name: "web", restartCount: 1, state: { running: {} } })],
    [
      "a pod that makes room",
      podWith({ ...(recorded("pod-unschedulable")["status"] as Status), nominatedNodeName: "n" }),
    ],
    ["a pod of a node that said nonsense", podWith({ containerStatuses: [null, 3, { state: "x" }, {}] })],
    [
      "a pod that is going",
      { ...recorded("pod-crash"), metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" } },
    ],
  ])("%s", (_, pod) => {
    expect(podTroubles(pod)).toEqual([]);
  });
});

test("recorded pods", () => {
  expect(podTroubles(recorded("pod-crash"))).toMatchObject([{ reason: "CrashLoopBackOff", graceMs: 0 }]);
  expect(podTroubles(recorded("pod-missing"))).toMatchObject([{ reason: "ImagePullBackOff", graceMs: 0 }]);
  expect(podTroubles(recorded("pod-unschedulable"))).toMatchObject([{ reason: "Unschedulable", graceMs: 15_000 }]);
  expect(podTroubles(recorded("pod-ready"))).toEqual([]);
});

test("how many restarts are believed can be chosen", () => {
  const loop = containers(waiting("CrashLoopBackOff", "", 3));
  expect(podTroubles(loop, { crashRestarts: 5 })).toMatchObject([{ graceMs: 5_000 }]);
});

test("a Job's pods may crash, but not lack their image", () => {
  const pod = containers(waiting("CrashLoopBackOff", "", 9), waiting("InvalidImageName"));
  expect(podTroubles(pod, { crashesAllowed: true })).toMatchObject([{ reason: "InvalidImageName" }]);
});
