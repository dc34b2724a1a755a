import { arrayAt, numberAt, stringAt } from "../base/json-path.ts";
import type { KubeObject } from "../kube/types.ts";
import { lastGood } from "../release/history.ts";
import { fetchLive } from "./live-objects.ts";
import { readManifest } from "./objects.ts";
import type { Session } from "./options.ts";
import { locateRecorded } from "./recorded-objects.ts";

/** Finds a Gateway that a route names. */
type FindGateway = (ref: { namespace: string; name: string }) => KubeObject | undefined;

const gatewayGroup = "gateway.networking.k8s.io/";
const isHost = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i;
const isAddress = /^[0-9a-f:.]+$/i;

/**
 * Where a browser reaches what runs: at an Ingress, else at an HTTPRoute of a Gateway, else at a Service of type
 * LoadBalancer. `undefined` where no object has a host or an address.
 */
export function urlOf(objects: readonly KubeObject[], findGateway: FindGateway = () => undefined): string | undefined {
  const first = (kind: string, group: string, find: (object: KubeObject) => string | undefined) => {
    for (const object of objects) {
      const url = object.kind === kind && object.apiVersion.startsWith(group) ? find(object) : undefined;
      if (url !== undefined) return url;
    }
    return undefined;
  };
  return (
    first("Ingress", "networking.k8s.io/", ingressUrl) ??
    first("HTTPRoute", gatewayGroup, (route) => routeUrl(route, findGateway)) ??
    first("Service", "v1", serviceUrl)
  );
}

function ingressUrl(ingress: KubeObject): string | undefined {
  const rules = arrayAt(ingress, "spec", "rules");
  const rule = rules.find((each) => stringAt(each, "http", "paths", 0, "backend", "service", "name")) ?? rules[0];
  const host = stringAt(rule, "host") ?? balancerHost(ingress);
  const secured = arrayAt(ingress, "spec", "tls");
  const hosts = secured.flatMap((entry) => arrayAt(entry, "hosts"));
  const isSecured = secured.length > 0 && (hosts.length === 0 || hosts.some((each) => covers(each, host)));
  return urlFrom(isSecured ? "https" : "http", host, stringAt(rule, "http", "paths", 0, "path"));
}

function routeUrl(route: KubeObject, findGateway: FindGateway): string | undefined {
  const parent = arrayAt(route, "spec", "parentRefs")[0];
  const gateway = findGateway({
    namespace: stringAt(parent, "namespace") ?? route.metadata.namespace ?? "",
    name: stringAt(parent, "name") ?? "",
  });
  const section = stringAt(parent, "sectionName");
  const listeners = arrayAt(gateway, "spec", "listeners").filter(
    (listener) => section === undefined || stringAt(listener, "name") === section,
  );
  const listener = listeners.find((each) => stringAt(each, "protocol") === "HTTPS") ?? listeners[0];
  const protocol = stringAt(listener, "protocol") === "HTTPS" ? "https" : "http";
  const own = arrayAt(route, "spec", "hostnames").find((host) => typeof host === "string");
  const host = own ?? stringAt(listener, "hostname") ?? stringAt(gateway, "status", "addresses", 0, "value");
  const match = arrayAt(route, "spec", "rules", 0, "matches")[0];
  const path = stringAt(match, "path", "type") === "RegularExpression" ? "/" : stringAt(match, "path", "value");
  return urlFrom(protocol, typeof host === "string" ? host : undefined, path, numberAt(listener, "port"));
}

function serviceUrl(service: KubeObject): string | undefined {
  if (stringAt(service, "spec", "type") !== "LoadBalancer") return undefined;
  const ports = arrayAt(service, "spec", "ports");
  const isSecured = (port: unknown) => numberAt(port, "port") === 443 || stringAt(port, "name") === "https";
  const port = ports.find(isSecured) ?? ports.find((each) => numberAt(each, "port") === 80) ?? ports[0];
  const protocol = isSecured(port) ? "https" : "http";
  return urlFrom(protocol, balancerHost(service), "/", numberAt(port, "port"));
}

function balancerHost(object: KubeObject): string | undefined {
  const first = arrayAt(object, "status", "loadBalancer", "ingress")[0];
  return stringAt(first, "hostname") ?? stringAt(first, "ip");
}

function covers(pattern: unknown, host: string | undefined): boolean {
  if (typeof pattern !== "string" || host === undefined) return false;
  if (pattern === host) return true;
  return pattern.startsWith("*.") && host.slice(host.indexOf(".")) === pattern.slice(1);
}

/** Text of a chart becomes part of an address only where it is a host or a path. A wildcard names no place. */
function urlFrom(protocol: "http" | "https", host: string | undefined, path = "/", port?: number): string | undefined {
  if (host === undefined || !(isHost.test(host) || isAddress.test(host))) return undefined;
  const shownPort = port === undefined || port === (protocol === "https" ? 443 : 80) ? "" : `:${port}`;
  const place = host.includes(":") ? `[${host}]` : host;
  const plainPath = /^\/[\w./~-]*$/.test(path) ? path : "/";
  const url = `${protocol}://${place}${shownPort}${plainPath === "/" ? "" : plainPath}`;
  return URL.canParse(url) ? url : undefined;
}

/** Where the release as it runs is reached. What can't be read of the cluster is not looked at. */
export async function environmentUrl(session: Session, release: string): Promise<string | undefined> {
  const { kube, signal } = session;
  const revision = lastGood(await session.driver.history(release));
  if (revision === undefined) return undefined;
  const scope = { discovery: kube.discovery, namespace: revision.namespace, coming: new Map() };
  const kinds = new Set(["Ingress", "HTTPRoute", "Service"]);
  const recorded = readManifest(revision.manifest).filter(({ object }) => kinds.has(object.kind));
  const located = await locateRecorded(recorded, scope, () => {});
  const live = [...(await fetchLive(kube, located, signal)).values()];
  const gateways = new Map<string, KubeObject>();
  for (const route of live.filter(({ kind }) => kind === "HTTPRoute")) {
    const parent = arrayAt(route, "spec", "parentRefs")[0];
    const namespace = stringAt(parent, "namespace") ?? route.metadata.namespace ?? "";
    const name = stringAt(parent, "name") ?? "";
    const ref = { apiVersion: `${gatewayGroup}v1`, kind: "Gateway", namespace, name };
    const gateway = name ? await kube.get(ref, { signal }).catch(() => undefined) : undefined;
    if (gateway) gateways.set(`${namespace}/${name}`, gateway);
  }
  return urlOf(live, ({ namespace, name }) => gateways.get(`${namespace}/${name}`));
}
