import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, textAt } from "../json.ts";
import { selectorMatches } from "../store/selectors.ts";
import type { Controller, Tools } from "./engine.ts";
import { isActive, isReady } from "./pods.ts";
import { resolve } from "./rollout-maths.ts";

const budgets = "policy/poddisruptionbudgets";
const scalers = "autoscaling/horizontalpodautoscalers";

/** Counts the pods that a PodDisruptionBudget protects. */
export const budgetController: Controller = {
  key: budgets,
  sync(budget, tools) {
    const pods = tools.cluster.store
      .list("/pods", budget.metadata.namespace)
      .filter((pod) => isActive(pod) && selectorMatches(valueAt(budget, "spec", "selector"), pod.metadata.labels));
    const healthy = pods.filter(isReady).length;
    const { minAvailable, maxUnavailable } = dictAt(budget, "spec");
    const desired =
      maxUnavailable === undefined
        ? resolve(minAvailable ?? 1, pods.length, Math.ceil)
        : Math.max(0, pods.length - resolve(maxUnavailable, pods.length, Math.ceil));
    const allowed = Math.max(0, healthy - desired);
    const observedGeneration = budget.metadata.generation ?? 1;
    const condition = {
      type: "DisruptionAllowed",
      status: allowed > 0 ? "True" : "False",
      reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
      observedGeneration,
      lastTransitionTime: textAt(budget, "status", "conditions", 0, "lastTransitionTime") || tools.cluster.timestamp(),
    };
    tools.setStatus(budget, budgets, {
      conditions: [condition],
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: pods.length,
      observedGeneration,
    });
  },
  related: ({ key, object }, { cluster }) =>
    key === "/pods" ? cluster.store.list(budgets, object.metadata.namespace) : [],
};

/** Holds a workload within the bounds of its autoscaler; without metrics, it never goes up or down by itself. */
export const scalerController: Controller = {
  key: scalers,
  sync(scaler, tools) {
    const reference = dictAt(scaler, "spec", "scaleTargetRef");
    const type = tools.cluster.resources.findKind(textAt(reference, "apiVersion"), textAt(reference, "kind"));
    const target = type && tools.cluster.store.get(type.key, scaler.metadata.namespace, textAt(reference, "name"));
    if (type === undefined || target === undefined) return;
    const current = numberAt(target, "spec", "replicas") ?? 1;
    const min = numberAt(scaler, "spec", "minReplicas") ?? 1;
    const max = numberAt(scaler, "spec", "maxReplicas") ?? current;
    // Nought switches the autoscaler off.
    const desired = current === 0 ? 0 : Math.min(Math.max(current, min), max);
    if (desired !== current) {
      tools.update(target, type.key, (live) => ({ ...live, spec: { ...dictAt(live, "spec"), replicas: desired } }));
    }
    tools.setStatus(scaler, scalers, scalerStatus(scaler, { current, desired }, tools));
  },
  related: ({ key, object }, { cluster }) =>
    cluster.store
      .list(scalers, object.metadata.namespace)
      .filter((scaler) => isTarget(scaler, key, object, cluster.resources)),
};

function isTarget(
  scaler: KubeObject,
  key: string,
  object: KubeObject,
  resources: Tools["cluster"]["resources"],
): boolean {
  const reference = dictAt(scaler, "spec", "scaleTargetRef");
  if (reference["name"] !== object.metadata.name) return false;
  return resources.findKind(textAt(reference, "apiVersion"), textAt(reference, "kind"))?.key === key;
}

function scalerStatus(scaler: KubeObject, { current, desired }: { current: number; desired: number }, tools: Tools) {
  const known = textAt(scaler, "status", "conditions", 0, "lastTransitionTime");
  const lastTransitionTime = known || tools.cluster.timestamp();
  const condition = (type: string, status: string, [reason, message]: [string, string]) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime,
  });
  const unable = "the HPA was unable to compute the replica count: the sandbox serves no metrics";
  return {
    conditions: [
      condition("AbleToScale", "True", [
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale",
      ]),
      condition("ScalingActive", "False", ["FailedGetResourceMetric", unable]),
    ],
    currentMetrics: null,
    currentReplicas: current,
    desiredReplicas: desired,
  };
}
