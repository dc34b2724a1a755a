import type { KubeObject, OwnerReference } from "../../kube/types.ts";
import type { Store, StoreEvent } from "../store/store.ts";
import { idOf } from "../store/store.ts";

/** Who owns whom, kept by uid as objects come and go. */
export type Owners = {
  dependents(uid: string): Dependent[];
  exists(uid: string): boolean;
};
export type Dependent = { key: string; object: KubeObject };

export function trackOwners(store: Store): Owners {
  const dependents = new Map<string, Map<string, Dependent>>();
  const living = new Set<string>();
  const forget = ({ key, previous, object }: StoreEvent): void => {
    const id = `${key} ${idOf(object.metadata.namespace, object.metadata.name)}`;
    for (const { uid } of referencesOf(previous ?? object)) dependents.get(uid)?.delete(id);
  };
  store.subscribe((event) => {
    const { key, object } = event;
    if (event.type !== "ADDED") forget(event);
    if (event.type === "DELETED") {
      living.delete(object.metadata.uid ?? "");
      return;
    }
    living.add(object.metadata.uid ?? "");
    const id = `${key} ${idOf(object.metadata.namespace, object.metadata.name)}`;
    for (const { uid } of referencesOf(object)) {
      const known = dependents.get(uid) ?? new Map<string, Dependent>();
      known.set(id, { key, object });
      dependents.set(uid, known);
    }
  });
  return {
    dependents: (uid) => [...(dependents.get(uid)?.values() ?? [])],
    exists: (uid) => living.has(uid),
  };
}

export function referencesOf(object: KubeObject): OwnerReference[] {
  return Array.isArray(object.metadata.ownerReferences) ? object.metadata.ownerReferences : [];
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return referencesOf(object).find((reference) => reference.controller === true);
}
