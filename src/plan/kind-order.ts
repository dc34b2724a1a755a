import type { ObjectRef } from "../kube/types.ts";

/** Helm's order for taking objects away; kinds that it does not name go first. */
const uninstallOrder = [
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "Ingress",
  "IngressClass",
  "Service",
  "CronJob",
  "Job",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "Pod",
  "DaemonSet",
  "RoleBindingList",
  "RoleBinding",
  "RoleList",
  "Role",
  "ClusterRoleBindingList",
  "ClusterRoleBinding",
  "ClusterRoleList",
  "ClusterRole",
  "CustomResourceDefinition",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StorageClass",
  "ConfigMap",
  "SecretList",
  "Secret",
  "ServiceAccount",
  "PodDisruptionBudget",
  "PodSecurityPolicy",
  "LimitRange",
  "ResourceQuota",
  "NetworkPolicy",
  "Namespace",
  "PriorityClass",
];

const rankOf = new Map(uninstallOrder.map((kind, rank) => [kind, rank]));

/** Compares by Helm's uninstall order. A custom object goes before the definition that it needs. */
export function byUninstallOrder(a: ObjectRef, b: ObjectRef): number {
  return (rankOf.get(a.kind) ?? -1) - (rankOf.get(b.kind) ?? -1);
}
