import { compareStrings } from "../base/go-string.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";

const installOrder = [
  "PriorityClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
];
const place = new Map(installOrder.map((kind, index) => [kind, index]));
const webhookKinds = 2;

/** In Helm's order of installing; those of one kind stay as they were, unknown kinds come last, by name. */
export function sortByKind<T extends { kind: string }>(items: readonly T[], helm: HelmVersion): T[] {
  const count = installOrder.length - (helmDifferences[helm].ordersWebhooks ? 0 : webhookKinds);
  const rank = ({ kind }: T) => Math.min(place.get(kind) ?? count, count);
  return [...items].sort((a, b) => rank(a) - rank(b) || (rank(a) < count ? 0 : compareStrings(a.kind, b.kind)));
}
