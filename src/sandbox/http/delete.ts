import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { badRequest, success } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { textAt } from "../json.ts";
import { fromStorage } from "../objects/convert.ts";
import { type DeleteOptions, deleteObject, type Propagation } from "../objects/delete.ts";
import { type Answer, ok } from "./answer.ts";
import { parseBody } from "./body.ts";
import { listKind, matcherOf } from "./read.ts";
import { isDryRun, type ResourceRequest } from "./request.ts";

export function deleteAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace, name = "" } = request;
  const { object, gone } = deleteObject(cluster, { type, namespace, name }, deleteOptions(request));
  // The server shows what stays for a while, and, of what goes at once, pods and claims.
  if (!gone || type.key === "/pods") return ok(fromStorage(object, type));
  return ok(success(type, name, object.metadata.uid ?? ""));
}

export function deleteCollectionAnswer(cluster: Cluster, request: ResourceRequest): Answer {
  const { type, namespace } = request;
  const options = deleteOptions(request);
  const doomed = cluster.store.list(type.key, namespace).filter(matcherOf(request));
  const items: KubeObject[] = [];
  for (const { metadata } of doomed) {
    if (cluster.store.get(type.key, metadata.namespace, metadata.name) === undefined) continue;
    const target = { type, namespace: metadata.namespace, name: metadata.name };
    items.push(fromStorage(deleteObject(cluster, target, options).object, type));
  }
  return ok({ ...listKind(request), metadata: { resourceVersion: String(cluster.store.version()) }, items });
}

function deleteOptions(request: ResourceRequest): DeleteOptions {
  const body = request.body.length === 0 ? {} : parseBody(request, "DeleteOptions");
  const propagation = request.query.get("propagationPolicy") ?? textAt(body, "propagationPolicy");
  if (!["", "Background", "Foreground", "Orphan"].includes(propagation)) {
    throw badRequest(`propagationPolicy: Unsupported value: "${propagation}"`);
  }
  const orphans = valueAt(body, "orphanDependents");
  const grace = Number(request.query.get("gracePeriodSeconds") ?? numberAt(body, "gracePeriodSeconds") ?? Number.NaN);
  const uid = textAt(body, "preconditions", "uid");
  const resourceVersion = textAt(body, "preconditions", "resourceVersion");
  const bodyDryRun = valueAt(body, "dryRun");
  return {
    ...(propagation === "" ? {} : { propagation: propagation as Propagation }),
    ...(orphans === true ? { propagation: "Orphan" as const } : {}),
    ...(Number.isInteger(grace) && grace >= 0 ? { gracePeriodSeconds: grace } : {}),
    preconditions: { ...(uid === "" ? {} : { uid }), ...(resourceVersion === "" ? {} : { resourceVersion }) },
    dryRun: isDryRun(request) || (Array.isArray(bodyDryRun) && bodyDryRun.includes("All")),
  };
}
