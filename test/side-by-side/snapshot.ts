import { mapConcurrently } from "../../src/base/concurrency.ts";
import { hasCode } from "../../src/base/error.ts";
import type { KubeClient, KubeObject, Resource } from "../../src/kube/types.ts";

// What the cluster writes by itself, at its own pace.
const leftOut = new Set([
  "ControllerRevision",
  "Endpoints",
  "EndpointSlice",
  "Event",
  "IPAddress",
  "Lease",
  "Node",
  "ReplicaSet",
]);

/** Every object of every kind that the cluster lists, apart from what it writes by itself. */
export async function everyObject(kube: KubeClient): Promise<KubeObject[]> {
  kube.discovery.refresh();
  const kinds = distinct((await kube.discovery.resources()).filter(isListed));
  const lists = await mapConcurrently(kinds, 16, (resource) => listOf(kube, resource));
  return lists.flat();
}

/** The aggregator registers each group; the aggregation of ClusterRoles may bring one back, empty, that was just deleted. */
export function isMadeByController({ kind, metadata, rules }: KubeObject): boolean {
  if (kind === "APIService") return metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] !== undefined;
  return kind === "ClusterRole" && rules === null && metadata.labels === undefined;
}

function isListed({ verbs, plural, kind }: Resource): boolean {
  return verbs.includes("list") && !plural.includes("/") && !leftOut.has(kind);
}

// Some groups serve the objects of another one.
function distinct(resources: Resource[]): Resource[] {
  return [...new Map(resources.map((resource) => [`${resource.group}/${resource.kind}`, resource])).values()];
}

async function listOf(kube: KubeClient, { group, version, kind }: Resource): Promise<KubeObject[]> {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  try {
    const { items } = await kube.list(apiVersion, kind);
    return items.map((item) => ({ ...item, apiVersion, kind }));
  } catch (error) {
    // A definition that another test takes away meanwhile.
    if (hasCode(error, "KUBE_NOT_FOUND", "PLAN_UNKNOWN_KIND")) return [];
    throw error;
  }
}

export type Snapshot = Map<string, unknown>;

/** The objects by name, each without what differs between two namespaces and two moments. */
export function comparable(objects: readonly KubeObject[], namespace: string): Snapshot {
  const names = new Map(
    objects.flatMap(({ kind, metadata }) => (metadata.uid ? [[metadata.uid, `${kind}/${metadata.name}`]] : [])),
  );
  const neutral = (value: unknown) => neutralised(value, namespace, names);
  const entries = objects.map((object) =>
    object.kind === "Pod" ? podEntry(object) : ([keyOf(object), withoutServerFields(object)] as const),
  );
  return new Map(entries.map(([key, value]) => [neutral(key) as string, neutral(value)] as const).sort());
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
}

// A pod's name, and what the scheduler and the node made of it, is chance; what it runs is not.
function podEntry(pod: KubeObject): readonly [string, unknown] {
  const { containers, initContainers } = pod["spec"] as { containers: Container[]; initContainers?: Container[] };
  const [owner] = pod.metadata.ownerReferences ?? [];
  const images = [...(initContainers ?? []), ...containers].map(({ image }) => image);
  const name = owner?.kind === "ReplicaSet" ? owner.name.replace(/-[^-]+$/, "") : (owner?.name ?? pod.metadata.name);
  return [
    `v1 Pod ${pod.metadata.namespace}/ of ${name}`,
    { images, isGoing: pod.metadata.deletionTimestamp !== undefined },
  ];
}

type Container = { image: string };

const serverFields = new Set(["uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink"]);

function withoutServerFields(object: KubeObject): unknown {
  const { status: _, metadata, ...rest } = object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !serverFields.has(key)));
  const fields = { ...rest, metadata: { ...kept, managers: managersOf(object) } };
  if (object.kind === "Service" && object.apiVersion === "v1")
    return { ...fields, spec: withoutAddresses(object["spec"]) };
  // A record's text has times in it; what it says is compared elsewhere.
  if (isRecord(object)) return { ...fields, data: {}, metadata: recordMetadata(kept, metadata) };
  return fields;
}

// Which fields a tool says it manages decides what the next one may do.
function managersOf({ metadata }: KubeObject): unknown {
  const entries = metadata["managedFields"];
  if (!Array.isArray(entries)) return [];
  return entries
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }));
}

function isRecord({ kind, metadata }: KubeObject): boolean {
  return kind === "Secret" && metadata.name.startsWith("sh.helm.release.v1.");
}

/** Beside our record stands who recorded it, which Helm has nowhere; `records-like-helm.test.ts` holds it to that. */
function recordMetadata(kept: object, { labels, annotations }: KubeObject["metadata"]) {
  const { "slipway.dev/recorded-by": _, ...others } = annotations ?? {};
  return { ...kept, labels: withoutTimes(labels), annotations: others };
}

function withoutTimes({ createdAt: _, modifiedAt: __, ...labels }: Record<string, string> = {}) {
  return labels;
}

function withoutAddresses(spec: unknown): unknown {
  const { clusterIP, clusterIPs: _, healthCheckNodePort: __, ports, ...rest } = spec as ServiceSpec;
  const plain = ports?.map(({ nodePort, ...port }) => ({ ...port, hasNodePort: nodePort !== undefined }));
  return { ...rest, ports: plain, isHeadless: clusterIP === "None" };
}

type ServiceSpec = {
  clusterIP?: string;
  clusterIPs?: string[];
  healthCheckNodePort?: number;
  ports?: { nodePort?: number }[];
};

function neutralised(value: unknown, namespace: string, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value.replaceAll(namespace, "NAMESPACE");
  if (Array.isArray(value)) return value.map((item) => neutralised(item, namespace, names));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key.replaceAll(namespace, "NAMESPACE"),
    neutralised(member, namespace, names),
  ]);
  return Object.fromEntries(entries);
}
