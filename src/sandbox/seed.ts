import { SlipwayError } from "../base/error.ts";
import type { KubeObject } from "../kube/types.ts";
import type { Cluster } from "./cluster.ts";
import { nodeName } from "./controllers/node.ts";
import { hasStatus } from "./objects/traits.ts";
import { createObject, updateObject } from "./objects/write.ts";

const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** What every cluster has from the start, then what the caller wants in it. */
export function seedCluster(cluster: Cluster, seed: KubeObject[]): void {
  for (const name of namespaces) makeNamespace(cluster, name);
  make(cluster, node(cluster));
  make(cluster, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "sandbox.local/memory",
  });
  make(cluster, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kubernetes", namespace: "default", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: { ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }] },
  });
  for (const object of seed) {
    const namespace = object.metadata.namespace;
    const isMissing = namespace !== undefined && cluster.store.get("/namespaces", undefined, namespace) === undefined;
    if (isMissing) makeNamespace(cluster, namespace);
    make(cluster, object);
  }
}

function makeNamespace(cluster: Cluster, name: string): void {
  make(cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

function make(cluster: Cluster, object: KubeObject): void {
  const type = cluster.resources.findKind(object.apiVersion, object.kind);
  if (type === undefined) {
    throw new SlipwayError(
      "INPUT_INVALID",
      `Cannot seed the sandbox: it does not serve ${object.apiVersion} ${object.kind}`,
    );
  }
  const namespace = type.namespaced ? (object.metadata.namespace ?? "default") : undefined;
  const options = { manager: "sandbox", fieldValidation: "Ignore" } as const;
  const { metadata } = createObject(cluster, { type, namespace }, object, options);
  const { status } = object;
  if (status === undefined || !hasStatus(type)) return;
  const target = { type, namespace, name: metadata.name };
  updateObject(cluster, target, (live) => ({ ...live, status }), { ...options, subresource: "status" });
}

function node(cluster: Cluster): KubeObject {
  const now = cluster.timestamp();
  const resources = { cpu: "64", memory: "512Gi", pods: "2000" };
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: reason,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      labels: { "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux" },
    },
    spec: {},
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      allocatable: resources,
      capacity: resources,
      conditions: [
        condition("Ready", "True", "KubeletReady"),
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
      ],
      nodeInfo: { architecture: "amd64", kubeletVersion: "v1.36.3", operatingSystem: "linux", osImage: "sandbox" },
    },
  };
}
