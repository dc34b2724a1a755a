import { findStaleConfig } from "./config.ts";
import { findDroppedVersions, findNarrowedSchemas, findStoredVersions } from "./definitions.ts";
import { findImmutable, findRefused, findReplaced } from "./immutable.ts";
import { findMissing, findMissingOptional } from "./permissions.ts";
import { findDeletedData, findDeprecated, findStillHeadless, findTerminatingNamespace } from "./places.ts";
import { findQuotas } from "./quota.ts";
import { findScaled } from "./scaling.ts";
import { findLargeAnnotations, findLargeData, findLargeRecord } from "./sizes.ts";
import {
  findContainerPortTwins,
  findEnvTwins,
  findPodTwins,
  findServiceNumberTwins,
  findServicePortTwins,
} from "./twins.ts";
import type { HazardKind } from "./types.ts";

const recreate = "Keep the field as it is, or give the object another name";

/** Kinds of which a field can't be changed once the object is there. */
const immutable: readonly Omit<HazardKind, "find" | "severity">[] = [
  {
    id: "selector-immutable",
    about: "the selector of a Deployment, ReplicaSet or DaemonSet changes",
    remedy: `${recreate}, or use --replace-immutable=all: its pods stop before the new ones start.`,
  },
  {
    id: "job-immutable",
    about:
      "the template, selector, completions or completion mode of a Job changes. By default the Job is recreated, unless it is annotated `helm.sh/resource-policy: keep`",
    remedy:
      "Give the Job another name for each revision, or leave --replace-immutable at jobs, and the annotation out.",
  },
  {
    id: "stateful-set-immutable",
    about: "anything of a StatefulSet's spec but its few mutable fields changes, such as volumeClaimTemplates",
    remedy:
      "Keep the field as it is, or use --replace-immutable=all: pods and claims stay. Where its claims would be deleted with it, set persistentVolumeClaimRetentionPolicy.whenDeleted to Retain first.",
  },
  {
    id: "service-address-immutable",
    about: "the clusterIP of a Service changes to another, or to None",
    remedy: `${recreate}, or use --replace-immutable=all: it gets another address.`,
  },
  {
    id: "claim-immutable",
    about: "the spec of a PersistentVolumeClaim changes, apart from growing; it can't shrink either",
    remedy:
      "Make a claim of another name, copy the data over, then use that one. A claim is never replaced: its data could go with it.",
  },
  {
    id: "storage-class-immutable",
    about: "provisioner, parameters, reclaim policy or binding mode of a StorageClass changes",
    remedy: `${recreate}, or use --replace-immutable=all: present volumes stay as they are.`,
  },
  {
    id: "role-ref-immutable",
    about: "the roleRef of a RoleBinding or ClusterRoleBinding changes",
    remedy: `${recreate}, or use --replace-immutable=all: for a moment its subjects lack what it grants.`,
  },
  {
    id: "config-immutable",
    about: "a ConfigMap or Secret that is marked `immutable` changes",
    remedy: `${recreate}, such as one with a checksum in it, or use --replace-immutable=all.`,
  },
  {
    id: "secret-type-immutable",
    about: "the type of a Secret changes",
    remedy: `${recreate}, or use --replace-immutable=all.`,
  },
  {
    id: "pod-immutable",
    about: "a Pod changes in more than its images and tolerations",
    remedy: `${recreate}, or run it by a Deployment, or use --replace-immutable=all: it stops, and starts anew.`,
  },
  {
    id: "class-immutable",
    about: "the value of a PriorityClass, the controller of an IngressClass or the handler of a RuntimeClass changes",
    remedy: `${recreate}, or use --replace-immutable=all.`,
  },
];

/** Every kind of hazard, in the order in which they are told. docs/hazards.md is made of it. */
export const hazardTable: readonly HazardKind[] = [
  {
    id: "permission-missing",
    severity: "error",
    about: "the user may not do all that the plan needs; all that is missing is told at once, with a Role to copy",
    remedy: "Have it granted by the Role that is shown.",
    find: findMissing,
  },
  {
    id: "namespace-terminating",
    severity: "error",
    about: "the release's namespace is being deleted",
    remedy: "Wait until it is gone, then deploy with --create-namespace, or deploy into another.",
    find: findTerminatingNamespace,
  },
  ...immutable.map((row): HazardKind => ({ ...row, severity: "error", find: findImmutable(row.id) })),
  {
    id: "replacement",
    severity: "warning",
    about: "an object, other than a Job that is done, is deleted and created anew",
    remedy: "Use --replace-immutable=none to keep it; of a Job, or wait until it is done.",
    find: findReplaced,
  },
  {
    id: "refused-by-server",
    severity: "error",
    about: "the API server's dry run refuses an object, whatever for: a field that is wrong, or an admission rule",
    remedy: "Mend what the message names.",
    find: findRefused,
  },
  {
    id: "version-stored",
    severity: "error",
    about: "a definition (CRD) loses a version in which objects are stored",
    remedy:
      "Keep the version, with served: false, until all objects are stored in another and status.storedVersions says so.",
    find: findStoredVersions,
  },
  {
    id: "version-dropped",
    severity: "warning",
    about: "a definition (CRD) no longer serves a version",
    remedy: "See that nobody uses the version any more, other charts and controllers among them.",
    find: findDroppedVersions,
  },
  {
    id: "schema-narrowed",
    severity: "warning",
    about: "a definition (CRD) loses a field, asks for one more, or takes fewer values",
    remedy: "Keep the schema as wide as it was within one version, and narrow it in a new one.",
    find: findNarrowedSchemas,
  },
  {
    id: "service-port-twice",
    severity: "error",
    about: "a Service has one port and protocol twice",
    remedy: "Give one of the two another number, or remove it.",
    find: findServicePortTwins,
  },
  {
    id: "pod-entry-twice",
    severity: "error",
    about: "a pod has two volumes or containers of one name, or a container mounts two volumes at one path",
    remedy: "Rename or remove one of the two.",
    find: findPodTwins,
  },
  {
    id: "service-number-twice",
    severity: "warning",
    about:
      "a Service has one port number for two protocols: Helm and kubectl tell them apart by the number alone, and lose a change",
    remedy: "Let nothing but Slipway, or server-side apply, change the ports, or make two Services.",
    find: findServiceNumberTwins,
  },
  {
    id: "container-port-twice",
    severity: "warning",
    about:
      "a container has one port number twice: Helm and kubectl tell them apart by the number alone, and lose a change",
    remedy: "Remove one of the two; for two protocols, let nothing but Slipway, or server-side apply, change them.",
    find: findContainerPortTwins,
  },
  {
    id: "variable-twice",
    severity: "warning",
    about: "a container has an environment variable twice: the last one counts, and Helm and kubectl change the first",
    remedy: "Remove one of the two.",
    find: findEnvTwins,
  },
  {
    id: "replicas-scaled",
    severity: "warning",
    about: "a workload sets replicas, and a HorizontalPodAutoscaler scales it",
    remedy: "Leave spec.replicas out of the chart where an autoscaler is on.",
    find: findScaled,
  },
  {
    id: "config-without-restart",
    severity: "warning",
    about: "a ConfigMap or Secret changes, and a workload that reads it does not restart",
    remedy: "Deploy with --config-rollout annotate, or give the pod template an annotation with a checksum of it.",
    find: findStaleConfig,
  },
  {
    id: "service-stays-headless",
    severity: "warning",
    about: "clusterIP: None is taken out of a Service: the API server keeps it",
    remedy: "Give the Service another name, or delete it before the deploy.",
    find: findStillHeadless,
  },
  {
    id: "data-deleted",
    severity: "warning",
    about: "a definition (CRD), a PersistentVolumeClaim or a Namespace is no longer in the chart and is deleted",
    remedy: "To keep it, annotate it helm.sh/resource-policy: keep, in the chart or in the cluster.",
    find: findDeletedData,
  },
  {
    id: "api-deprecated",
    severity: "warning",
    about: "an API version that a coming release of Kubernetes removes. One that is removed fails as PLAN_UNKNOWN_KIND",
    remedy: "Write the object in the version that is named.",
    find: findDeprecated,
  },
  {
    id: "quota-exceeded",
    severity: "warning",
    about: "a ResourceQuota leaves no room for what is to be created, with its pods",
    remedy: "Have the quota raised, or ask for less.",
    find: findQuotas,
  },
  {
    id: "record-too-large",
    severity: "warning",
    about:
      "the manifest is too large for a record of 1 MiB: it is kept in parts, and Helm lists the release, but refuses to change it. Above 16 MiB it is an error",
    remedy: "Split the chart into several releases, or take large data out of its manifests.",
    find: findLargeRecord,
  },
  {
    id: "data-too-large",
    severity: "error",
    about: "a ConfigMap or Secret holds more than 1 MiB",
    remedy: "Split it, or mount the data from an image or a volume.",
    find: findLargeData,
  },
  {
    id: "annotations-too-large",
    severity: "error",
    about: "an object's annotations take more than 256 KiB",
    remedy: "Move the text into a ConfigMap.",
    find: findLargeAnnotations,
  },
  {
    id: "permission-optional",
    severity: "warning",
    about: "the user may not do what a deploy can do without, such as reading logs and events of pods that fail",
    remedy: "Have it granted by the Role that is shown.",
    find: findMissingOptional,
  },
];
