import { arrayAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";

const key = "/persistentvolumeclaims";
const protection = "kubernetes.io/pvc-protection";

/** Binds every claim to a volume made for it, and keeps claims that pods use from going. */
export const claimController: Controller = {
  key,
  sync(claim, tools) {
    if (claim.metadata.deletionTimestamp !== undefined) {
      if (!isUsed(claim, tools)) unprotect(claim, tools);
    } else if (textAt(claim, "status", "phase") !== "Bound") bind(claim, tools);
  },
  related({ key: changed, type, object }, { cluster }) {
    if (changed !== "/pods" || type !== "DELETED") return [];
    return claimNames(object).flatMap((name) => cluster.store.get(key, object.metadata.namespace, name) ?? []);
  },
  removed(claim, { cluster }) {
    const volume = cluster.store.get("/persistentvolumes", undefined, textAt(claim, "spec", "volumeName"));
    const made = textAt(volume, "spec", "claimRef", "uid") === claim.metadata.uid;
    const isDeleted = textAt(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete";
    if (volume !== undefined && made && isDeleted) cluster.store.remove("/persistentvolumes", volume);
  },
};

function claimNames(pod: KubeObject): string[] {
  return dictsAt(pod, "spec", "volumes")
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
    .filter((name) => name !== "");
}

function isUsed(claim: KubeObject, { cluster }: Tools): boolean {
  const pods = cluster.store.list("/pods", claim.metadata.namespace);
  return pods.some(
    (pod) =>
      claimNames(pod).includes(claim.metadata.name) &&
      !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")),
  );
}

function unprotect(claim: KubeObject, tools: Tools): void {
  const finalizers = (claim.metadata.finalizers ?? []).filter((name) => name !== protection);
  if (finalizers.length === (claim.metadata.finalizers ?? []).length) return;
  tools.update(claim, key, (live) => ({ ...live, metadata: { ...live.metadata, finalizers } }));
}

function bind(claim: KubeObject, tools: Tools): void {
  const { name, namespace = "", uid = "" } = claim.metadata;
  const capacity = dictAt(claim, "spec", "resources", "requests");
  const accessModes = arrayAt(claim, "spec", "accessModes");
  const stated = textAt(claim, "spec", "volumeName");
  const volume = stated === "" ? `pvc-${uid}` : stated;
  const storageClassName = textAt(claim, "spec", "storageClassName") || "standard";
  if (tools.cluster.store.get("/persistentvolumes", undefined, volume) === undefined) {
    const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid };
    const spec = {
      capacity,
      accessModes,
      claimRef,
      storageClassName,
      persistentVolumeReclaimPolicy: "Delete",
      hostPath: { path: `/sandbox/${volume}` },
    };
    const made = tools.create(
      "/persistentvolumes",
      { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: volume }, spec },
      claim,
    );
    if (made !== undefined) tools.setStatus(made, "/persistentvolumes", { phase: "Bound" });
  }
  const bound = tools.update(claim, key, (live) => ({
    ...live,
    spec: { ...dictAt(live, "spec"), volumeName: volume, storageClassName },
  }));
  tools.setStatus(bound, key, { phase: "Bound", accessModes, capacity });
  const message = `Successfully provisioned volume ${volume}`;
  tools.events.record(claim, { type: "Normal", reason: "ProvisioningSucceeded", message });
}
