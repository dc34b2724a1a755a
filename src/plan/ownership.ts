import type { KubeObject } from "../kube/types.ts";

export type Owner = { release: string; namespace: string };

const managedBy = "app.kubernetes.io/managed-by";
const releaseName = "meta.helm.sh/release-name";
const releaseNamespace = "meta.helm.sh/release-namespace";

/** The object as the release writes it: with the label and annotations by which Helm tells whose it is. */
export function withOwner(object: KubeObject, owner: Owner): KubeObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [managedBy]: "Helm" },
      annotations: { ...annotations, [releaseName]: owner.release, [releaseNamespace]: owner.namespace },
    },
  };
}

/** The release that an object says it belongs to. */
export function ownerOf(object: KubeObject): Partial<Owner> {
  const { annotations } = object.metadata;
  const release = annotations?.[releaseName];
  const namespace = annotations?.[releaseNamespace];
  return { ...(release ? { release } : {}), ...(namespace ? { namespace } : {}) };
}

/** Helm's whole rule for touching what it did not create: the label and both annotations. */
export function isOwnedBy(object: KubeObject, owner: Owner): boolean {
  const said = ownerOf(object);
  return (
    object.metadata.labels?.[managedBy] === "Helm" &&
    said.release === owner.release &&
    said.namespace === owner.namespace
  );
}

/** True where the object names another release; one without any mark of ownership belongs to none. */
export function isOwnedByOther(object: KubeObject, owner: Owner): boolean {
  const said = ownerOf(object);
  return (
    (said.release !== undefined && said.release !== owner.release) ||
    (said.namespace !== undefined && said.namespace !== owner.namespace)
  );
}

/** Who owns it, for a message: `release shop in namespace prod`, or what manages it instead. */
export function describeOwner(object: KubeObject): string {
  const { release, namespace } = ownerOf(object);
  if (release !== undefined) return `release ${release}${namespace ? ` in namespace ${namespace}` : ""}`;
  const manager = object.metadata.labels?.[managedBy];
  return manager === undefined ? "no release" : `no release (it is managed by ${manager})`;
}

const keepPolicy = "helm.sh/resource-policy";

/** `helm.sh/resource-policy: keep` on the recorded or the live object leaves it in place. */
export function isKept(object: KubeObject | undefined): boolean {
  return object?.metadata.annotations?.[keepPolicy]?.trim().toLowerCase() === "keep";
}
