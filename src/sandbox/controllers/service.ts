import { type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, equal, textAt } from "../json.ts";
import { suffix } from "../objects/names.ts";
import { selectorMatches } from "../store/selectors.ts";
import type { Controller, Tools } from "./engine.ts";
import { controllerReference, isReady } from "./pods.ts";

const key = "/services";
const slices = "discovery.k8s.io/endpointslices";

/** Lists the pods behind each Service, and gives those of type LoadBalancer an address. */
export const serviceController: Controller = {
  key,
  sync(service, tools) {
    if (service.metadata.deletionTimestamp !== undefined) return;
    balance(service, tools);
    if (Object.keys(dictAt(service, "spec", "selector")).length === 0) return;
    const pods = backends(service, tools);
    writeEndpoints(service, pods, tools);
    writeSlice(service, pods, tools);
  },
  related(event, { cluster }) {
    if (event.key !== "/pods") return [];
    const labels = event.object.metadata.labels;
    const services = cluster.store.list(key, event.object.metadata.namespace);
    return services.filter((service) => selects(service, labels) || selects(service, event.previous?.metadata.labels));
  },
  removed(service, { cluster }) {
    const { namespace, name } = service.metadata;
    const endpoints = cluster.store.get("/endpoints", namespace, name);
    if (endpoints !== undefined) cluster.store.remove("/endpoints", endpoints);
  },
};

function selects(service: KubeObject, labels: unknown): boolean {
  const selector = dictAt(service, "spec", "selector");
  return Object.keys(selector).length > 0 && selectorMatches({ matchLabels: selector }, labels);
}

function backends(service: KubeObject, { cluster }: Tools): KubeObject[] {
  return cluster.store
    .list("/pods", service.metadata.namespace)
    .filter((pod) => selects(service, pod.metadata.labels) && textAt(pod, "status", "podIP") !== "")
    .filter((pod) => !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")));
}

function balance(service: KubeObject, tools: Tools): void {
  const known = dictsAt(service, "status", "loadBalancer", "ingress").length > 0;
  const wanted =
    textAt(service, "spec", "type") === "LoadBalancer" && valueAt(service, "spec", "loadBalancerClass") === undefined;
  if (wanted && !known) {
    const ip = textAt(service, "spec", "loadBalancerIP") || tools.cluster.addresses.ingressIp();
    tools.setStatus(service, key, { ...dictAt(service, "status"), loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } });
  } else if (!wanted && known) {
    tools.setStatus(service, key, { ...dictAt(service, "status"), loadBalancer: {} });
  }
}

/** The number of a Service's target port in a pod; undefined where the pod has no port of that name. */
function targetPort(port: JsonObject, pod: KubeObject): number | undefined {
  const target = port["targetPort"] ?? port["port"];
  if (typeof target === "number") return target;
  const ports = dictsAt(pod, "spec", "containers").flatMap((container) => dictsAt(container, "ports"));
  const found = ports.find((candidate) => candidate["name"] === target)?.["containerPort"];
  return typeof found === "number" ? found : undefined;
}

function portsFor(service: KubeObject, pods: KubeObject[]): JsonObject[] {
  const [first] = pods;
  return dictsAt(service, "spec", "ports").flatMap((port) => {
    const number = first === undefined ? undefined : targetPort(port, first);
    if (number === undefined) return [];
    const name = textAt(port, "name");
    return [{ ...(name === "" ? {} : { name }), port: number, protocol: port["protocol"] }];
  });
}

function podReference(pod: KubeObject): JsonObject {
  const { name, namespace, uid } = pod.metadata;
  return { kind: "Pod", name, namespace, uid };
}

function writeEndpoints(service: KubeObject, pods: KubeObject[], tools: Tools): void {
  const { store } = tools.cluster;
  const { name, namespace, labels } = service.metadata;
  const address = (pod: KubeObject) => ({
    ip: textAt(pod, "status", "podIP"),
    nodeName: textAt(pod, "spec", "nodeName"),
    targetRef: podReference(pod),
  });
  const ready = pods.filter(isServing);
  const waiting = pods.filter((pod) => !isServing(pod));
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready.map(address) }),
    ...(waiting.length === 0 ? {} : { notReadyAddresses: waiting.map(address) }),
    ports: portsFor(service, pods),
  };
  const subsets = pods.length === 0 ? undefined : [subset];
  const live = store.get("/endpoints", namespace, name);
  if (live !== undefined) {
    if (equal(live["subsets"], subsets)) return;
    const { subsets: _, ...rest } = live;
    tools.update(live, "/endpoints", () => (subsets === undefined ? { ...rest } : { ...rest, subsets }) as KubeObject);
    return;
  }
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labels, "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
  };
  const made = { apiVersion: "v1", kind: "Endpoints", metadata, ...(subsets === undefined ? {} : { subsets }) };
  tools.create("/endpoints", made, service);
}

function isServing(pod: KubeObject): boolean {
  return isReady(pod) && pod.metadata.deletionTimestamp === undefined;
}

function writeSlice(service: KubeObject, pods: KubeObject[], tools: Tools): void {
  const endpoints = pods.map((pod) => ({
    addresses: [textAt(pod, "status", "podIP")],
    conditions: {
      ready: isServing(pod),
      serving: isReady(pod),
      terminating: pod.metadata.deletionTimestamp !== undefined,
    },
    nodeName: textAt(pod, "spec", "nodeName"),
    targetRef: podReference(pod),
  }));
  const ports = portsFor(service, pods).map((port) => ({ name: "", ...port }));
  const [live] = tools.controlled(service, slices);
  if (live !== undefined) {
    if (equal(live["endpoints"] ?? [], endpoints) && equal(live["ports"] ?? [], ports)) return;
    tools.update(live, slices, (old) => ({ ...old, endpoints, ports }));
    return;
  }
  const { name, namespace, labels } = service.metadata;
  const metadata = {
    name: `${name}-${suffix()}`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: {
      ...labels,
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      "kubernetes.io/service-name": name,
    },
    ownerReferences: [controllerReference(service)],
  };
  const slice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    endpoints,
    ports,
  };
  tools.create(slices, slice, service);
}
