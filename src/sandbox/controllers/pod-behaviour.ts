import { type JsonObject, numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";

/**
 * What becomes of a pod, by the tag of its first container's image: `:missing` can't be pulled, `:crash` exits and is
 * restarted each second, `:never-ready` runs and never gets ready, `:exit1` fails for good; any other gets ready, and
 * where a Job owns it, then completes. The test cluster's nodes go by the same tags.
 */
export type Behaviour = "missing" | "crash" | "never-ready" | "exit1" | "ready" | "complete";

export function behaviourOf(pod: KubeObject): Behaviour {
  const image = textAt(pod, "spec", "containers", 0, "image");
  const tag = /:(missing|crash|never-ready|exit1)$/.exec(image)?.[1];
  return (tag as Behaviour | undefined) ?? "ready";
}

type Moment = { now: string; ip: () => string };

export function podStatus(pod: KubeObject, behaviour: Behaviour, moment: Moment): JsonObject {
  const before = dictAt(pod, "status");
  const address = textAt(before, "podIP") || moment.ip();
  const placed = {
    startTime: before["startTime"] ?? moment.now,
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    podIP: address,
    podIPs: [{ ip: address }],
  };
  return {
    ...before,
    ...(behaviour === "missing" ? { startTime: moment.now, hostIP: "127.0.0.1" } : placed),
    phase: phaseOf(behaviour),
    conditions: conditions(before, { behaviour, now: moment.now }),
    ...(dictsAt(pod, "spec", "initContainers").length === 0
      ? {}
      : { initContainerStatuses: initStatuses(pod, moment.now) }),
    containerStatuses: dictsAt(pod, "spec", "containers").map((container) =>
      containerStatus(container, { pod, behaviour, now: moment.now }),
    ),
  };
}

function phaseOf(behaviour: Behaviour): string {
  if (behaviour === "missing") return "Pending";
  if (behaviour === "exit1") return "Failed";
  return behaviour === "complete" ? "Succeeded" : "Running";
}

type State = { behaviour: Behaviour; now: string };

function conditions(before: JsonObject, { behaviour, now }: State): JsonObject[] {
  const known = dictsAt(before, "conditions");
  const condition = (type: string, status: string, reason?: string): JsonObject => {
    const same = known.find((one) => one["type"] === type && one["status"] === status);
    const lastTransitionTime = same?.["lastTransitionTime"] ?? now;
    return { type, status, lastTransitionTime, ...(reason === undefined ? {} : { reason }) };
  };
  const ready = behaviour === "ready" ? "True" : "False";
  const reason = { ready: undefined, complete: "PodCompleted", exit1: "PodFailed" }[behaviour as string];
  const why = behaviour === "ready" ? undefined : (reason ?? "ContainersNotReady");
  return [
    condition("Initialized", "True", behaviour === "complete" ? "PodCompleted" : undefined),
    condition("Ready", ready, why),
    condition("ContainersReady", ready, why),
    condition("PodScheduled", "True"),
  ];
}

function containerStatus(container: JsonObject, { pod, behaviour, now }: State & { pod: KubeObject }): JsonObject {
  const name = textAt(container, "name");
  const image = textAt(container, "image");
  const status = { name, image, imageID: "", lastState: {}, ready: false, restartCount: 0 };
  const terminated = (exitCode: number, reason: string) => ({ exitCode, reason, startedAt: now, finishedAt: now });
  switch (behaviour) {
    case "missing": {
      const message = `Back-off pulling image ${image}: not found`;
      return { ...status, started: false, state: { waiting: { reason: "ImagePullBackOff", message } } };
    }
    case "crash": {
      const before = dictsAt(pod, "status", "containerStatuses").find((one) => one["name"] === name);
      return {
        ...status,
        started: false,
        restartCount: (numberAt(before, "restartCount") ?? 0) + 1,
        lastState: { terminated: terminated(1, "Error") },
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off restarting failed container" } },
      };
    }
    case "exit1":
      return { ...status, started: false, state: { terminated: terminated(1, "Error") } };
    case "complete":
      return { ...status, started: false, state: { terminated: terminated(0, "Completed") } };
    default:
      return { ...status, ready: behaviour === "ready", started: true, state: { running: { startedAt: now } } };
  }
}

function initStatuses(pod: KubeObject, now: string): JsonObject[] {
  const terminated = { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now };
  return dictsAt(pod, "spec", "initContainers").map((container) => ({
    name: textAt(container, "name"),
    image: textAt(container, "image"),
    imageID: "",
    lastState: {},
    ready: true,
    restartCount: 0,
    started: false,
    state: { terminated },
  }));
}
