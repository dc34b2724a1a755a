import type { KubeObject } from "../../src/kube/types.ts";

const volatile = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "generation",
  "managedFields",
  "clusterIP",
  "clusterIPs",
  "nodePort",
  "healthCheckNodePort",
  "caBundle",
  "status",
  "deployment.kubernetes.io/revision",
]);

/** An object without what differs between two namespaces and two moments, to compare what two tools left there. */
export function comparable(object: KubeObject, namespace: string): unknown {
  return without(object, namespace);
}

function without(value: unknown, namespace: string): unknown {
  if (typeof value === "string") return value.replaceAll(namespace, "NAMESPACE");
  if (Array.isArray(value)) return value.map((item) => without(item, namespace));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, member]) => !volatile.has(key) || member === "None");
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, namespace)]));
}
