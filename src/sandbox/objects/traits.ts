import type { ResourceType } from "../api/resources.ts";

// Built-in kinds whose generation the server counts; custom kinds all have one.
const counted = new Set([
  "/pods",
  "/replicationcontrollers",
  "apps/daemonsets",
  "apps/deployments",
  "apps/replicasets",
  "apps/statefulsets",
  "batch/cronjobs",
  "batch/jobs",
  "networking.k8s.io/ingresses",
  "networking.k8s.io/ingressclasses",
  "networking.k8s.io/networkpolicies",
  "policy/poddisruptionbudgets",
  "scheduling.k8s.io/priorityclasses",
  "apiextensions.k8s.io/customresourcedefinitions",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "flowcontrol.apiserver.k8s.io/flowschemas",
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
]);

export function hasGeneration(type: ResourceType): boolean {
  return type.custom !== undefined || counted.has(type.key);
}

export function hasStatus(type: ResourceType): boolean {
  return type.subresources.some((subresource) => subresource.name === "status");
}

export function hasScale(type: ResourceType): boolean {
  return type.subresources.some((subresource) => subresource.name === "scale");
}
