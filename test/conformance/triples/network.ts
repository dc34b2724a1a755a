import type { JsonObject } from "../../../src/base/json-path.ts";
import { type Row, type Triple, triplesOf, withSpec } from "./triple.ts";

const service = withSpec("v1", "Service", { selector: { app: "x" } });
const port = (number: number, rest: JsonObject = {}): JsonObject => ({ port: number, name: `p${number}`, ...rest });
const dns = (protocol: string, rest: JsonObject = {}): JsonObject => ({
  port: 53,
  protocol,
  name: `dns-${protocol.toLowerCase()}`,
  ...rest,
});
/** Elements that share a merge key. */
const twinRows: Row[] = [
  {
    name: "a second protocol of one number comes",
    old: { ports: [dns("UDP")] },
    next: { ports: [dns("UDP"), dns("TCP")] },
  },
  {
    name: "one of two protocols of a number changes",
    old: { ports: [dns("UDP"), dns("TCP")] },
    next: { ports: [dns("UDP"), dns("TCP", { targetPort: 5353 })] },
  },
  {
    name: "two protocols of one number, beside a port by hand",
    old: { ports: [dns("UDP"), dns("TCP")] },
    live: { ports: [{ port: 99, name: "hand" }] },
    next: { ports: [dns("TCP", { targetPort: 5353 }), dns("UDP")] },
  },
  {
    name: "one of two protocols of a number goes",
    old: { ports: [dns("UDP"), dns("TCP")] },
    next: { ports: [dns("TCP")] },
  },
];

const serviceRows: Row[] = [
  { name: "a port comes", old: { ports: [port(80)] }, next: { ports: [port(80), port(443)] } },
  { name: "a port goes", old: { ports: [port(80), port(443)] }, next: { ports: [port(443)] } },
  { name: "ports change places", old: { ports: [port(80), port(443)] }, next: { ports: [port(443), port(80)] } },
  {
    name: "a port changes its number",
    old: { ports: [port(80, { name: "http" })] },
    next: { ports: [port(81, { name: "http" })] },
  },
  {
    name: "a port changes its target",
    old: { ports: [port(80, { targetPort: "a" })] },
    next: { ports: [port(80, { targetPort: 9 })] },
  },
  {
    name: "a port no longer says its target",
    old: { ports: [port(80, { targetPort: "a" })] },
    next: { ports: [port(80)] },
  },
  {
    name: "a port by hand stays",
    old: { ports: [port(80)] },
    live: { ports: [port(99)] },
    next: { ports: [port(81), port(80)] },
  },
  {
    name: "a port that somebody took away comes back",
    old: { ports: [port(80), port(81)] },
    live: { ports: [{ port: 81, $patch: "delete" }] },
    next: { ports: [port(80), port(81)] },
  },
  { name: "a port changes its protocol", old: { ports: [port(53)] }, next: { ports: [port(53, { protocol: "UDP" })] } },
  {
    name: "node ports that the cluster gave stay",
    old: { type: "NodePort", ports: [port(80)] },
    next: { type: "NodePort", ports: [port(80, { targetPort: 8 })] },
  },
  { name: "it becomes a NodePort", old: { ports: [port(80)] }, next: { type: "NodePort", ports: [port(80)] } },
  { name: "it becomes a ClusterIP again", old: { type: "NodePort", ports: [port(80)] }, next: { ports: [port(80)] } },
  {
    name: "it becomes a name elsewhere",
    old: { ports: [port(80)] },
    next: { type: "ExternalName", externalName: "a.example", ports: [port(80)], selector: undefined },
  },
  {
    name: "a load balancer's ranges",
    old: { type: "LoadBalancer", ports: [port(80)], loadBalancerSourceRanges: ["192.0.2.0/24"] },
    live: { loadBalancerSourceRanges: ["192.0.2.0/25"] },
    next: { type: "LoadBalancer", ports: [port(80)], loadBalancerSourceRanges: ["192.0.2.0/26"] },
  },
  {
    name: "the selector, with one by hand",
    old: { ports: [port(80)], selector: { a: "1", b: "1" } },
    live: { selector: { hand: "1" } },
    next: { ports: [port(80)], selector: { a: "2" } },
  },
  {
    name: "addresses from outside",
    old: { ports: [port(80)], externalIPs: ["192.0.2.1"] },
    next: { ports: [port(80)], externalIPs: ["192.0.2.2", "192.0.2.1"] },
  },
  {
    name: "affinity of sessions comes and goes",
    old: { ports: [port(80)], sessionAffinity: "ClientIP" },
    next: { ports: [port(80)], sessionAffinity: "None" },
  },
];

const backend = (name: string): JsonObject => ({ service: { name, port: { number: 80 } } });
const hostRule = (host: string, ...paths: string[]): JsonObject => ({
  host,
  http: { paths: paths.map((path) => ({ path, pathType: "Prefix", backend: backend("web") })) },
});
const ingress = withSpec("networking.k8s.io/v1", "Ingress", {});
const ingressRows: Row[] = [
  {
    name: "rules are one value",
    old: { rules: [hostRule("a.example", "/")] },
    live: { rules: [hostRule("hand.example", "/")] },
    next: { rules: [hostRule("b.example", "/"), hostRule("a.example", "/x")] },
  },
  {
    name: "rules by hand beside a change elsewhere are set back",
    old: { rules: [hostRule("a.example", "/")] },
    live: { rules: [hostRule("hand.example", "/")] },
    next: { ingressClassName: "a", rules: [hostRule("a.example", "/")] },
  },
  {
    name: "certificates come and go",
    old: { rules: [hostRule("a.example", "/")], tls: [{ hosts: ["a.example"], secretName: "a" }] },
    next: { rules: [hostRule("a.example", "/")] },
  },
  {
    name: "a default backend instead of rules",
    old: { rules: [hostRule("a.example", "/")] },
    next: { defaultBackend: backend("web") },
  },
];

const policy = withSpec("networking.k8s.io/v1", "NetworkPolicy", { podSelector: {} });
const policyRows: Row[] = [
  {
    name: "rules are one value",
    old: { ingress: [{ ports: [{ port: 80 }] }] },
    live: { ingress: [{ ports: [{ port: 99 }] }] },
    next: { ingress: [{ from: [{ podSelector: {} }] }] },
  },
  {
    name: "types by hand",
    old: { policyTypes: ["Ingress"] },
    live: { policyTypes: ["Ingress", "Egress"] },
    next: { policyTypes: ["Ingress"] },
  },
];

/** Elements that share a merge key, in Services. */
export const serviceTwins: readonly Triple[] = triplesOf(service, twinRows);

/** Of what leads to pods. */
export const networkTriples: readonly Triple[] = [
  ...triplesOf(service, serviceRows),
  ...triplesOf(ingress, ingressRows),
  ...triplesOf(policy, policyRows),
];
