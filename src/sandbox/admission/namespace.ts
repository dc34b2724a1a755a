import type { KubeObject } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import { forbidden, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { textAt } from "../json.ts";

/** Throws where nothing can be made in the namespace: there is none, or it is going away. */
export function checkNamespace(cluster: Cluster, type: ResourceType, namespace: string, name: string): void {
  const found = cluster.store.get("/namespaces", undefined, namespace);
  if (found === undefined) throw notFound({ group: "", plural: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp === undefined || type.key === "/events") return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(type, name, why, [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }]);
}

/** Throws where a pod names a service account that its namespace hasn't. */
export function checkServiceAccount(cluster: Cluster, pod: KubeObject): void {
  const { namespace = "", name } = pod.metadata;
  const account = textAt(pod, "spec", "serviceAccountName");
  if (cluster.store.get("/serviceaccounts", namespace, account) !== undefined) return;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden({ group: "", plural: "pods" }, name, why);
}
