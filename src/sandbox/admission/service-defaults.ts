import { arrayAt, type JsonObject, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictsAt, ensureDict, setDefaults, textAt } from "../json.ts";
import type { DefaultsContext } from "./defaults.ts";

/** The defaults of a Service but for its addresses, which are allocated. */
export function defaultService(service: KubeObject): void {
  const spec = ensureDict(service, "spec");
  setDefaults(spec, { type: "ClusterIP", sessionAffinity: "None" });
  for (const port of dictsAt(spec, "ports")) {
    setDefaults(port, { protocol: "TCP" });
    setDefaults(port, { targetPort: port["port"] });
  }
  if (spec["sessionAffinity"] === "ClientIP") {
    setDefaults(ensureDict(ensureDict(spec, "sessionAffinityConfig"), "clientIP"), { timeoutSeconds: 10_800 });
  }
  if (spec["type"] === "ExternalName") dropAddresses(spec);
  else setDefaults(spec, { internalTrafficPolicy: "Cluster" });
  if (spec["type"] === "NodePort" || spec["type"] === "LoadBalancer") {
    setDefaults(spec, { externalTrafficPolicy: "Cluster" });
  } else {
    delete spec["externalTrafficPolicy"];
    for (const port of dictsAt(spec, "ports")) delete port["nodePort"];
  }
  if (spec["type"] === "LoadBalancer") setDefaults(spec, { allocateLoadBalancerNodePorts: true });
  else delete spec["allocateLoadBalancerNodePorts"];
  setDefaults(ensureDict(service, "status"), { loadBalancer: {} });
}

/** What the server hands out when a Service is stored. Nobody owns these fields, for nobody asked for them. */
export function allocateService(service: KubeObject, { previous, cluster }: DefaultsContext): void {
  const spec = ensureDict(service, "spec");
  if (spec["type"] !== "ExternalName")
    giveAddresses(spec, valueAt(previous, "spec"), () => cluster.addresses.clusterIp());
  if (spec["type"] === "NodePort" || spec["type"] === "LoadBalancer") {
    givePorts(spec, valueAt(previous, "spec"), () => cluster.addresses.nodePort());
  }
}

function dropAddresses(spec: JsonObject): void {
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"])
    delete spec[field];
}

function giveAddresses(spec: JsonObject, previous: unknown, next: () => string): void {
  if (textAt(spec, "clusterIP") === "") {
    spec["clusterIP"] = textAt(spec, "clusterIPs", 0) || textAt(previous, "clusterIP") || next();
  }
  const stated = arrayAt(spec, "clusterIPs");
  const changed = textAt(previous, "clusterIP") !== spec["clusterIP"] && stated.length <= 1;
  if (stated.length === 0 || changed) spec["clusterIPs"] = [spec["clusterIP"]];
  // Whoever lists the endpoints of a Service without a selector may list both families.
  const isOpen = spec["clusterIP"] === "None" && spec["selector"] === undefined;
  if (isOpen) setDefaults(spec, { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" });
  else setDefaults(spec, { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
}

function givePorts(spec: JsonObject, previous: unknown, next: () => number): void {
  const before = dictsAt(previous, "ports");
  for (const port of dictsAt(spec, "ports")) {
    const same = before.find((other) => other["port"] === port["port"] && other["protocol"] === port["protocol"]);
    port["nodePort"] ||= same?.["nodePort"] ?? next();
  }
}
