import type { KubeObject } from "../kube/types.ts";

/** Objects seen by watch, found by the uid of the controller that owns them. */
export type OwnedStore = {
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** Every one that this controller owns, in the order in which they were first seen. */
  of(controllerUid: string | undefined): KubeObject[];
};

export function createOwnedStore(): OwnedStore {
  const byOwner = new Map<string, Map<string, KubeObject>>();
  return {
    put(object) {
      const owner = controllerOf(object);
      if (owner === undefined) return;
      const own = byOwner.get(owner) ?? new Map<string, KubeObject>();
      byOwner.set(owner, own.set(keyOf(object), object));
    },
    remove(object) {
      byOwner.get(controllerOf(object) ?? "")?.delete(keyOf(object));
    },
    of(controllerUid) {
      return [...(byOwner.get(controllerUid ?? "")?.values() ?? [])];
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function controllerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}
