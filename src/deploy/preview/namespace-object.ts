import { arrayAt, objectAt, stringAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { describePreview, type PreviewIdentity, parsePreview, previewHash, repositoryHash } from "./identity.ts";

/** Not Helm's: only what this layer writes carries it. */
export const previewManager = "slipway";
export const previewLabel = "slipway.dev/preview";
export const repositoryLabel = "slipway.dev/preview-repository";
export const numberLabel = "slipway.dev/pull-request";
export const annotations = {
  /** `github.com/owner/name#123 shop`. */
  owner: "slipway.dev/preview-owner",
  /** The name and then the uid of the namespace: copied to another one, neither is right. */
  name: "slipway.dev/preview-name",
  uid: "slipway.dev/preview-uid",
  /** RFC 3339. */
  expires: "slipway.dev/preview-expires",
  commit: "slipway.dev/preview-commit",
  /** Which run has the preview now, see `claim.ts`. */
  run: "slipway.dev/preview-run",
  claim: "slipway.dev/preview-claim",
  /** What GitHub calls the environment, where that is not the namespace's name. */
  environment: "slipway.dev/preview-environment",
} as const;

/** A namespace that is a preview's, as its annotations say. */
export type Preview = {
  identity: PreviewIdentity;
  namespace: KubeObject;
  /** Milliseconds since 1970. */
  expires?: number;
  commit: string;
  run: string;
  claim: string;
  /** Of GitHub's deployments. */
  environment: string;
  isGoing: boolean;
};

/** `why` says what shows that Slipway didn't make it. */
export type Ownership = { ours: true; preview: Preview } | { ours: false; why: string };

export type NewNamespace = {
  identity: PreviewIdentity;
  name: string;
  labels: Readonly<Record<string, string>>;
};

export function previewNamespace({ identity, name, labels }: NewNamespace): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...labels,
        "app.kubernetes.io/managed-by": "slipway",
        [previewLabel]: previewHash(identity),
        [repositoryLabel]: repositoryHash(identity.repository),
        [numberLabel]: String(identity.number),
      },
      annotations: { [annotations.owner]: describePreview(identity), [annotations.name]: name },
    },
  };
}

/**
 * Whether Slipway made this very namespace. Its label and owner have to agree, and name and uid have to be its own: those of
 * one that was copied, or restored from a backup, are another's. A run that was killed right after it had made the
 * namespace wrote no uid; then the field's manager has to be ours.
 */
export function ownershipOf(namespace: KubeObject): Ownership {
  const { name, uid } = namespace.metadata;
  const read = (annotation: string) => stringAt(namespace, "metadata", "annotations", annotation);
  const label = stringAt(namespace, "metadata", "labels", previewLabel);
  const owner = read(annotations.owner);
  if (label === undefined && owner === undefined) return { ours: false, why: "it is not marked as a preview" };
  const identity = parsePreview(owner ?? "");
  if (identity === undefined) return { ours: false, why: `its annotation ${annotations.owner} names no preview` };
  if (label !== previewHash(identity)) {
    return { ours: false, why: `its label ${previewLabel} is not that of its annotation ${annotations.owner}` };
  }
  if (read(annotations.name) !== name) {
    return { ours: false, why: `its annotation ${annotations.name} is that of another namespace` };
  }
  const marked = read(annotations.uid);
  if (marked === undefined ? !isWrittenByUs(namespace) : marked !== uid) {
    return { ours: false, why: `its annotation ${annotations.uid} is not its own: it was made anew by something else` };
  }
  const expires = Date.parse(read(annotations.expires) ?? "");
  return {
    ours: true,
    preview: {
      identity,
      namespace,
      ...(Number.isNaN(expires) ? {} : { expires }),
      commit: read(annotations.commit) ?? "",
      run: read(annotations.run) ?? "",
      claim: read(annotations.claim) ?? "",
      environment: read(annotations.environment) ?? name,
      isGoing: namespace.metadata.deletionTimestamp !== undefined,
    },
  };
}

function isWrittenByUs(namespace: KubeObject): boolean {
  const field = `f:${annotations.owner}`;
  return arrayAt(namespace, "metadata", "managedFields").some(
    (entry) =>
      stringAt(entry, "manager") === previewManager &&
      stringAt(entry, "operation") === "Update" &&
      objectAt(entry, "fieldsV1", "f:metadata", "f:annotations", field) !== undefined,
  );
}
