import { arrayAt, numberAt, objectAt, stringAt, valueAt } from "../../base/json-path.ts";
import { describeRef, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Change } from "../types.ts";
import { afterOf } from "./compare.ts";
import { containersOf, podSpecOf } from "./pods.ts";
import { quantity } from "./quantity.ts";
import type { Finding, HazardInput } from "./types.ts";

/** How much of each counted resource objects take: `{"count/configmaps": 1, "requests.cpu": 0.5}`. */
type Usage = Map<string, number>;

/** Quotas that what is to be created, with its pods, does not fit into. */
export function findQuotas(input: HazardInput): Finding[] {
  return input.quotas.flatMap((quota) => {
    const needed = neededIn(quota.metadata.namespace, input);
    return Object.entries(objectAt(quota, "status", "hard") ?? {}).flatMap(([name, value]) => {
      const [hard, used] = [quantity(value), quantity(valueAt(quota, "status", "used", name)) ?? 0];
      const more = needed.get(name) ?? 0;
      if (hard === undefined || more <= 0 || used + more <= hard || isScoped(quota)) return [];
      const message = `${describeRef(refOf(quota))} allows ${String(value)} of ${name}; ${shown(used)} are used, and this needs ${shown(more)} more: what goes beyond is refused`;
      return [{ ref: refOf(quota), field: `spec.hard[${name}]`, message }];
    });
  });
}

// Which pods a scope means can't be told before they are there.
function isScoped(quota: KubeObject): boolean {
  return arrayAt(quota, "spec", "scopes").length > 0 || objectAt(quota, "spec", "scopeSelector") !== undefined;
}

function shown(value: number): string {
  return String(Number(value.toFixed(3)));
}

function neededIn(namespace: string | undefined, { changes, resourceOf, release }: HazardInput): Usage {
  const needed: Usage = new Map();
  const add = (usage: Usage, factor = 1) => {
    for (const [name, value] of usage) needed.set(name, (needed.get(name) ?? 0) + factor * value);
  };
  // The revision's record.
  if (namespace === release.namespace)
    add(
      new Map([
        ["secrets", 1],
        ["count/secrets", 1],
      ]),
    );
  for (const change of changes) {
    if (change.ref.namespace !== namespace) continue;
    const after =
      change.action === "delete" || change.action === "keep" ? undefined : (afterOf(change) ?? change.desired);
    if (change.action === "delete") add(usageOf(change.live, resourceOf(change.ref)), -1);
    else if (after !== undefined) {
      add(usageOf(after, resourceOf(change.ref)));
      if (isThere(change)) add(usageOf(change.live, resourceOf(change.ref)), -1);
    }
  }
  return needed;
}

function isThere({ live }: Change): boolean {
  return live !== undefined && live.metadata.deletionTimestamp === undefined;
}

const counted = new Set([
  "configmaps",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "secrets",
  "services",
]);

function usageOf(object: KubeObject | undefined, resource: string | undefined): Usage {
  const usage: Usage = new Map();
  if (object === undefined || resource === undefined) return usage;
  usage.set(`count/${resource}`, 1);
  if (counted.has(resource)) usage.set(resource, 1);
  if (resource === "services") {
    const type = stringAt(object, "spec", "type");
    const ports = arrayAt(object, "spec", "ports").length;
    if (type === "LoadBalancer") usage.set("services.loadbalancers", 1);
    if (type === "LoadBalancer" || type === "NodePort") usage.set("services.nodeports", ports);
  }
  if (resource === "persistentvolumeclaims") {
    usage.set("requests.storage", quantity(valueAt(object, "spec", "resources", "requests", "storage")) ?? 0);
  }
  const pods = podsOf(object);
  if (pods === 0) return usage;
  usage.set("pods", pods);
  usage.set("count/pods", pods);
  for (const [name, value] of podUsage(object)) usage.set(name, pods * value);
  return usage;
}

/** How many pods there are to be at once; 0 where only the cluster knows. */
function podsOf(object: KubeObject): number {
  if (podSpecOf(object) === undefined) return 0;
  switch (object.kind) {
    case "Pod":
      return 1;
    case "Job":
      return valueAt(object, "spec", "suspend") === true ? 0 : (numberAt(object, "spec", "parallelism") ?? 1);
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "ReplicationController":
      return numberAt(object, "spec", "replicas") ?? 1;
    default:
      return 0;
  }
}

/** What one pod asks for: its containers together, or its largest init container. */
function podUsage(object: KubeObject): Usage {
  const usage: Usage = new Map();
  for (const kind of ["requests", "limits"]) {
    for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
      const sums = { init: 0, main: 0 };
      for (const { container, path } of containersOf(podSpecOf(object))) {
        const at = (which: string) => quantity(valueAt(container, "resources", which, resource));
        // What is limited and asks for nothing asks for its limit.
        const value = at(kind) ?? (kind === "requests" ? at("limits") : undefined) ?? 0;
        if (path.startsWith("initContainers")) sums.init = Math.max(sums.init, value);
        else sums.main += value;
      }
      const value = Math.max(sums.init, sums.main);
      usage.set(`${kind}.${resource}`, value);
      if (kind === "requests") usage.set(resource, value);
    }
  }
  return usage;
}
