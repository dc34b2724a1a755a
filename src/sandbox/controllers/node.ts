import { type JsonObject, numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";
import { controllerOf } from "./owners.ts";
import { type Behaviour, behaviourOf, podStatus } from "./pod-behaviour.ts";
import { ownerIs } from "./pods.ts";

const key = "/pods";
export const nodeName = "node-1";

export type NodeOptions = {
  /** From being bound to the node until the containers have started, or failed to. */
  podStartMs: number;
};

const restartEveryMs = 1000;

/** The scheduler and the one node: binds pods, runs them as their images' tags say, and ends them. */
export function nodeController({ podStartMs }: NodeOptions): Controller {
  const nextStep = new Map<string, number>();
  const isDue = (pod: KubeObject, delayMs: number, tools: Tools): boolean => {
    const uid = pod.metadata.uid ?? "";
    const now = tools.cluster.scheduler.now();
    const at = nextStep.get(uid) ?? now + delayMs;
    nextStep.set(uid, at);
    if (now < at) {
      tools.again(pod, key, at - now);
      return false;
    }
    nextStep.delete(uid);
    return true;
  };
  return {
    key,
    sync(pod, tools) {
      if (pod.metadata.deletionTimestamp !== undefined) end(pod, tools);
      else if (textAt(pod, "spec", "nodeName") === "") schedule(pod, tools);
      else {
        const behaviour = behaviourOf(pod);
        const delayMs = stepDelay(pod, behaviour, podStartMs);
        if (delayMs !== undefined && isDue(pod, delayMs, tools)) step(pod, behaviour, tools);
      }
    },
    removed: (pod) => nextStep.delete(pod.metadata.uid ?? ""),
    related: (event, tools) => (event.key === "/persistentvolumeclaims" ? pendingPods(event.object, tools) : []),
  };
}

function pendingPods(claim: KubeObject, { cluster }: Tools): KubeObject[] {
  return cluster.store.list(key, claim.metadata.namespace).filter((pod) => textAt(pod, "spec", "nodeName") === "");
}

/** How long the pod's next step takes; undefined where it stays as it is. */
function stepDelay(pod: KubeObject, behaviour: Behaviour, podStartMs: number): number | undefined {
  const phase = textAt(pod, "status", "phase");
  if (behaviour === "crash") return phase === "Failed" ? undefined : restartEveryMs;
  if (phase === "Running" && behaviour === "ready" && isMeantToEnd(pod)) return podStartMs;
  const waits = textAt(pod, "status", "containerStatuses", 0, "state", "waiting", "reason") !== "";
  return phase === "Pending" && !waits ? podStartMs : undefined;
}

// A Job's pod, and one that stands alone and is never restarted, as a chart's test is.
function isMeantToEnd(pod: KubeObject): boolean {
  const standsAlone = controllerOf(pod) === undefined && textAt(pod, "spec", "restartPolicy") === "Never";
  return standsAlone || ownerIs(pod, "Job");
}

function schedule(pod: KubeObject, tools: Tools): void {
  const missing = dictsAt(pod, "spec", "volumes")
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
    .find((name) => name !== "" && !isBound(pod, name, tools));
  if (missing !== undefined) {
    const message = `0/1 nodes are available: persistentvolumeclaim "${missing}" not found.`;
    const now = tools.cluster.timestamp();
    const before = dictsAt(pod, "status", "conditions").find((condition) => condition["type"] === "PodScheduled");
    if (before?.["message"] === message) return;
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime: now,
    };
    tools.events.record(pod, { type: "Warning", reason: "FailedScheduling", message, component: "default-scheduler" });
    tools.setStatus(pod, key, { ...dictAt(pod, "status"), conditions: [condition] });
    return;
  }
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: tools.cluster.timestamp() };
  // A binding is no change of what the pod asks for, so its generation stays.
  tools.cluster.store.put(key, {
    ...pod,
    spec: { ...dictAt(pod, "spec"), nodeName },
    status: { ...dictAt(pod, "status"), conditions: [scheduled] },
  });
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`;
  tools.events.record(pod, { type: "Normal", reason: "Scheduled", message, component: "default-scheduler" });
}

function isBound(pod: KubeObject, claim: string, { cluster }: Tools): boolean {
  const found = cluster.store.get("/persistentvolumeclaims", pod.metadata.namespace, claim);
  return textAt(found, "status", "phase") === "Bound";
}

function step(pod: KubeObject, behaviour: Behaviour, tools: Tools): void {
  const completes = textAt(pod, "status", "phase") === "Running" && behaviour === "ready";
  const status = podStatus(pod, completes ? "complete" : behaviour, {
    now: tools.cluster.timestamp(),
    ip: () => tools.cluster.addresses.podIp(),
  });
  tools.setStatus(pod, key, status);
  tell(pod, completes ? "complete" : behaviour, { status, tools });
}

function tell(pod: KubeObject, behaviour: Behaviour, { status, tools }: { status: JsonObject; tools: Tools }): void {
  const image = textAt(pod, "spec", "containers", 0, "image");
  const name = textAt(pod, "spec", "containers", 0, "name");
  const say = (type: "Normal" | "Warning", reason: string, message: string) =>
    tools.events.record(pod, { type, reason, message, component: "kubelet" });
  if (behaviour === "complete") return;
  const restarts = numberAt(valueAt(status, "containerStatuses", 0), "restartCount") ?? 0;
  if (restarts <= 1) say("Normal", "Pulling", `Pulling image "${image}"`);
  if (behaviour === "missing") {
    say("Warning", "Failed", `Failed to pull image "${image}": rpc error: code = NotFound desc = ${image}: not found`);
    say("Warning", "Failed", "Error: ErrImagePull");
    say("Normal", "BackOff", `Back-off pulling image "${image}"`);
    say("Warning", "Failed", "Error: ImagePullBackOff");
    return;
  }
  if (restarts <= 1) say("Normal", "Pulled", `Successfully pulled image "${image}"`);
  say("Normal", "Created", `Created container: ${name}`);
  say("Normal", "Started", `Started container ${name}`);
  if (behaviour === "crash") {
    const whole = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    say("Warning", "BackOff", `Back-off restarting failed container ${name} in pod ${whole}`);
  }
  if (behaviour === "never-ready")
    say("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
}

// The containers end at once when they are told to.
function end(pod: KubeObject, { cluster }: Tools): void {
  const { finalizers = [] } = pod.metadata;
  if (finalizers.length === 0) cluster.store.remove(key, pod);
}
