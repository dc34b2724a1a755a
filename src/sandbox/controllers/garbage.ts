import type { KubeObject } from "../../kube/types.ts";
import type { Cluster } from "../cluster.ts";
import { deleteObject, foreground, orphan } from "../objects/delete.ts";
import type { Dependent, Owners } from "./owners.ts";
import { referencesOf } from "./owners.ts";

/** Objects that are being deleted and not gone, by uid. */
type Going = Map<string, Dependent>;

/** Deletes what nobody owns any more, and ends the deletes that wait for, or spare, their dependents. */
export function collectGarbage(cluster: Cluster, owners: Owners): void {
  const { scheduler, store } = cluster;
  const going: Going = new Map();
  store.subscribe(({ type, object, key }) => {
    const { uid = "", deletionTimestamp } = object.metadata;
    if (type === "DELETED") {
      going.delete(uid);
      scheduler.soon(() => {
        for (const dependent of owners.dependents(uid)) settleDependent(cluster, owners, dependent);
        // An owner that was only waiting for this one may be done now.
        for (const reference of referencesOf(object)) settleGoing(cluster, owners, going.get(reference.uid));
      });
    } else if (deletionTimestamp !== undefined) {
      going.set(uid, { key, object });
      scheduler.soon(() => settleGoing(cluster, owners, going.get(uid)));
    } else if (type === "ADDED" && referencesOf(object).length > 0) {
      scheduler.soon(() => settleDependent(cluster, owners, { key, object }));
    }
  });
}

function settleGoing(cluster: Cluster, owners: Owners, going: Dependent | undefined): void {
  if (going === undefined) return;
  const { key, object } = going;
  const { uid = "", finalizers = [] } = object.metadata;
  if (finalizers.includes(orphan)) {
    for (const dependent of owners.dependents(uid)) disown(cluster, dependent, uid);
    release(cluster, going, orphan);
  } else if (finalizers.includes(foreground)) {
    for (const dependent of owners.dependents(uid)) remove(cluster, dependent, "Foreground");
    const isBlocked = owners.dependents(uid).some((dependent) => blocks(dependent.object, uid));
    if (!isBlocked) release(cluster, { key, object }, foreground);
  }
}

function blocks(object: KubeObject, uid: string): boolean {
  return referencesOf(object).some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true);
}

function settleDependent(cluster: Cluster, owners: Owners, { key, object }: Dependent): void {
  const { namespace, name, uid } = object.metadata;
  const live = cluster.store.get(key, namespace, name);
  if (live === undefined || live.metadata.uid !== uid) return;
  const references = referencesOf(live);
  const gone = references.filter((reference) => !owners.exists(reference.uid));
  if (gone.length === 0) return;
  if (gone.length === references.length) remove(cluster, { key, object: live }, "Background");
  else for (const reference of gone) disown(cluster, { key, object: live }, reference.uid);
}

function remove(cluster: Cluster, { key, object }: Dependent, propagation: "Background" | "Foreground"): void {
  const { namespace, name } = object.metadata;
  const live = cluster.store.get(key, namespace, name);
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
  deleteObject(cluster, { type: cluster.resources.stored(key), namespace, name }, { propagation });
}

function disown(cluster: Cluster, { key, object }: Dependent, uid: string): void {
  const live = cluster.store.get(key, object.metadata.namespace, object.metadata.name);
  if (live === undefined) return;
  const left = referencesOf(live).filter((reference) => reference.uid !== uid);
  const { ownerReferences: _, ...metadata } = live.metadata;
  cluster.store.put(key, { ...live, metadata: left.length === 0 ? metadata : { ...metadata, ownerReferences: left } });
}

function release(cluster: Cluster, { key, object }: Dependent, finalizer: string): void {
  const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  const { finalizers: _, ...metadata } = object.metadata;
  const released = { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
  if (finalizers.length === 0) cluster.store.remove(key, released);
  else cluster.store.put(key, released);
}
