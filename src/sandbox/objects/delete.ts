import { numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { type ApiError, conflict, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { textAt } from "../json.ts";
import { hasGeneration } from "./traits.ts";
import type { Target } from "./write.ts";

export type Propagation = "Background" | "Foreground" | "Orphan";
export type DeleteOptions = {
  propagation?: Propagation;
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
};

/** `gone` is false where finalizers, or a pod's grace, keep the object for a while. */
export type Deletion = { object: KubeObject; gone: boolean };

/** The finalizers by which a delete that waits for, or spares, the dependents is remembered. */
export const foreground = "foregroundDeletion";
export const orphan = "orphan";

export function deleteObject(
  cluster: Cluster,
  { type, namespace, name }: Target & { name: string },
  options: DeleteOptions,
): Deletion {
  const live = cluster.store.get(type.key, namespace, name);
  if (live === undefined) throw notFound(type, name);
  checkPreconditions(live, options, (why) => conflict({ group: type.group, plural: type.kind }, name, why));
  const finalizers = finalizersFor(live, options.propagation);
  const grace = graceOf(live, type.key, options);
  const waits = finalizers.length > 0 || grace > 0 || type.key === "/namespaces";
  if (options.dryRun === true) return { object: live, gone: !waits };
  if (!waits) return { object: cluster.store.remove(type.key, live), gone: true };
  if (live.metadata.deletionTimestamp !== undefined)
    return deleteAgain(cluster, live, { finalizers, grace, key: type.key });
  const marked: KubeObject = {
    ...live,
    metadata: {
      ...live.metadata,
      deletionTimestamp: new Date(cluster.scheduler.now() + grace * 1000).toISOString().replace(/\.\d+/, ""),
      deletionGracePeriodSeconds: grace,
      ...(hasGeneration(type) ? { generation: (live.metadata.generation ?? 0) + 1 } : {}),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
  };
  if (type.key === "/namespaces") {
    delete marked.metadata["deletionGracePeriodSeconds"];
    marked["status"] = { phase: "Terminating" };
  }
  return { object: cluster.store.put(type.key, marked), gone: false };
}

type Again = { finalizers: string[]; grace: number; key: string };

// A second delete can only hasten, or change what happens to the dependents.
function deleteAgain(cluster: Cluster, live: KubeObject, { finalizers, grace, key }: Again): Deletion {
  const sooner = grace < (numberAt(live.metadata, "deletionGracePeriodSeconds") ?? 0);
  const same = finalizers.length === (live.metadata.finalizers ?? []).length;
  if (!sooner && same) return { object: live, gone: false };
  const metadata = { ...live.metadata, finalizers, ...(sooner ? { deletionGracePeriodSeconds: grace } : {}) };
  return { object: cluster.store.put(key, { ...live, metadata }), gone: false };
}

function checkPreconditions(live: KubeObject, { preconditions }: DeleteOptions, fail: (why: string) => ApiError): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid})`;
    throw fail(`${why}. The object might have been deleted and then recreated`);
  }
  const version = live.metadata.resourceVersion;
  if (resourceVersion !== undefined && resourceVersion !== version) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${version})`;
    throw fail(`${why}. The object might have been modified`);
  }
}

function finalizersFor(live: KubeObject, propagation: Propagation | undefined): string[] {
  const own = (live.metadata.finalizers ?? []).filter((name) => name !== foreground && name !== orphan);
  if (propagation === "Foreground") return [...own, foreground];
  if (propagation === "Orphan") return [...own, orphan];
  return propagation === undefined ? (live.metadata.finalizers ?? []) : own;
}

// Only a pod that a node runs is given time to end.
function graceOf(live: KubeObject, key: string, options: DeleteOptions): number {
  if (key !== "/pods" || textAt(live, "spec", "nodeName") === "") return 0;
  const phase = valueAt(live, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed") return options.gracePeriodSeconds ?? 0;
  return options.gracePeriodSeconds ?? numberAt(live, "spec", "terminationGracePeriodSeconds") ?? 30;
}
