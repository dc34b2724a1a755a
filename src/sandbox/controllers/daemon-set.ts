import { arrayAt, numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, textAt } from "../json.ts";
import { selectorMatches } from "../store/selectors.ts";
import type { Controller, Tools } from "./engine.ts";
import { nodeName } from "./node.ts";
import { countAvailable, isActive, isReady, podFrom, withoutZeros } from "./pods.ts";
import { revisionOf } from "./revisions.ts";

const key = "apps/daemonsets";
const hashLabel = "controller-revision-hash";

/** Keeps one pod on the node, of the latest template. */
export const daemonSetController: Controller = {
  key,
  sync(set, tools) {
    const revision = revisionOf(set, tools);
    if (revision === undefined) return;
    const hash = revision.metadata.labels?.["controller.kubernetes.io/hash"] ?? "";
    if (set.metadata.deletionTimestamp === undefined) settle(set, hash, tools);
    updateStatus(set, hash, tools);
  },
};

function isWanted(set: KubeObject, { cluster }: Tools): boolean {
  const node = cluster.store.get("/nodes", undefined, nodeName);
  const selector = dictAt(set, "spec", "template", "spec", "nodeSelector");
  return selectorMatches({ matchLabels: selector }, node?.metadata.labels ?? {});
}

function settle(set: KubeObject, hash: string, tools: Tools): void {
  const pods = tools.controlled(set, "/pods");
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  if (!isWanted(set, tools)) {
    for (const pod of alive) tools.remove(pod, "/pods");
    return;
  }
  const rolls = textAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
  for (const pod of alive) {
    const isStale = rolls && pod.metadata.labels?.[hashLabel] !== hash;
    if (isStale || !isActive(pod)) tools.remove(pod, "/pods");
  }
  if (tools.controlled(set, "/pods").length > 0) return;
  const template = dictAt(set, "spec", "template");
  const pod = podFrom(set, template, { generateName: `${set.metadata.name}-` });
  const generation = set.metadata.annotations?.["deprecated.daemonset.template.generation"] ?? "1";
  const labels = { ...pod.metadata.labels, [hashLabel]: hash, "pod-template-generation": generation };
  const made = tools.create(
    "/pods",
    { ...pod, metadata: { ...pod.metadata, labels }, spec: placed(dictAt(pod, "spec")) },
    set,
  );
  if (made === undefined) tools.again(set, key, 1000);
  else {
    const message = `Created pod: ${made.metadata.name}`;
    tools.events.record(set, {
      type: "Normal",
      reason: "SuccessfulCreate",
      message,
      component: "daemonset-controller",
    });
  }
}

// A daemon's pod names its node, and stays whatever befalls it.
function placed(spec: Record<string, unknown>): Record<string, unknown> {
  const matchFields = [{ key: "metadata.name", operator: "In", values: [nodeName] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const evicting = ["not-ready", "unreachable"].map((trouble) => toleration(trouble, "NoExecute"));
  const pressing = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map((trouble) =>
    toleration(trouble, "NoSchedule"),
  );
  return {
    ...spec,
    affinity: {
      ...dictAt(spec, "affinity"),
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required },
    },
    tolerations: [...arrayAt(spec, "tolerations"), ...evicting, ...pressing],
  };
}

function toleration(trouble: string, effect: string) {
  return { key: `node.kubernetes.io/${trouble}`, operator: "Exists", effect };
}

function updateStatus(set: KubeObject, hash: string, tools: Tools): void {
  const live = tools.cluster.store.get(key, set.metadata.namespace, set.metadata.name);
  if (live === undefined) return;
  const pods = tools.controlled(set, "/pods").filter(isActive);
  const desired = isWanted(set, tools) ? 1 : 0;
  const available = countAvailable(pods, set, key, tools);
  const always = ["currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"];
  const counts = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: desired,
    numberMisscheduled: 0,
    numberReady: pods.filter(isReady).length,
    numberAvailable: available,
    numberUnavailable: Math.max(0, desired - available),
    updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[hashLabel] === hash).length,
    observedGeneration: set.metadata.generation ?? 0,
    collisionCount: numberAt(live, "status", "collisionCount") ?? 0,
  };
  tools.setStatus(live, key, withoutZeros(counts, always));
}
