import type { ResourceType } from "../api/resources.ts";
import { forbidden, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";

/** Throws where nothing can be made in the namespace: there is none, or it is going away. */
export function checkNamespace(cluster: Cluster, type: ResourceType, namespace: string, name: string): void {
  const found = cluster.store.get("/namespaces", undefined, namespace);
  if (found === undefined) throw notFound({ group: "", plural: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp === undefined || type.key === "/events") return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(type, name, why, [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }]);
}
