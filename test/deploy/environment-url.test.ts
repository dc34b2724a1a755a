import { expect, test } from "vitest";
import { urlOf } from "../../src/deploy/environment-url.ts";
import type { KubeObject } from "../../src/kube/types.ts";

type Parts = Record<string, unknown>;

function object(apiVersion: string, kind: string, parts: Parts): KubeObject {
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop" }, ...parts };
}
const ingress = (spec: Parts, status: Parts = {}) => object("networking.k8s.io/v1", "Ingress", { spec, status });
const service = (spec: Parts, status: Parts = {}) => object("v1", "Service", { spec, status });
const route = (spec: Parts) =>
  object("gateway.networking.k8s.io/v1", "HTTPRoute", { spec: { parentRefs: [{ name: "front" }], ...spec } });
const gateway = (spec: Parts, status: Parts = {}) =>
  object("gateway.networking.k8s.io/v1", "Gateway", { spec, status });
const path = (text: string) => ({ http: { paths: [{ path: text, backend: { service: { name: "web" } } }] } });
const at = (...ingresses: Parts[]) => ({ loadBalancer: { ingress: ingresses } });
const https = { name: "s", protocol: "HTTPS", port: 443 };

const rows: [name: string, objects: KubeObject[], url: string | undefined, front?: KubeObject][] = [
  ["nothing", [], undefined],
  ["an Ingress", [ingress({ rules: [{ host: "shop.example", ...path("/") }] })], "http://shop.example"],
  [
    "one with a certificate",
    [ingress({ rules: [{ host: "shop.example", ...path("/app") }], tls: [{ hosts: ["shop.example"] }] })],
    "https://shop.example/app",
  ],
  [
    "a wildcard certificate",
    [ingress({ rules: [{ host: "pr-1.shop.example" }], tls: [{ hosts: ["*.shop.example"] }] })],
    "https://pr-1.shop.example",
  ],
  [
    "a certificate for another host",
    [ingress({ rules: [{ host: "a.example" }], tls: [{ hosts: ["b.example"] }] })],
    "http://a.example",
  ],
  ["a certificate for all hosts", [ingress({ rules: [{ host: "a.example" }], tls: [{}] })], "https://a.example"],
  ["a wildcard host", [ingress({ rules: [{ host: "*.example" }] })], undefined],
  ["no host but an address", [ingress({ rules: [path("/")] }, at({ ip: "10.0.0.7" }))], "http://10.0.0.7"],
  ["no rule but an address", [ingress({}, at({ hostname: "lb.example" }))], "http://lb.example"],
  ["an address of IPv6", [ingress({}, at({ ip: "2001:db8::1" }))], "http://[2001:db8::1]"],
  ["a pattern for a path", [ingress({ rules: [{ host: "a.example", ...path("/api(/|$)(.*)") }] })], "http://a.example"],
  ["a host that is none", [ingress({ rules: [{ host: "a.example/@evil" }] })], undefined],
  ["a host that ends the address", [ingress({ rules: [{ host: 'a"><script>' }] })], undefined],
  ["an Ingress of an old API", [object("extensions/v1beta1", "Ingress", {})], undefined],
  ["a route", [route({ hostnames: ["shop.example"] })], "http://shop.example"],
  [
    "a route of a gateway with a certificate",
    [route({ hostnames: ["shop.example"] })],
    "https://shop.example",
    gateway({ listeners: [{ name: "p", protocol: "HTTP", port: 80 }, https] }),
  ],
  [
    "a route of one listener, on another port",
    [route({ hostnames: ["shop.example"], parentRefs: [{ name: "front", sectionName: "p" }] })],
    "http://shop.example:8080",
    gateway({ listeners: [{ name: "p", protocol: "HTTP", port: 8080 }, https] }),
  ],
  [
    "a route without a host of its own",
    [route({ rules: [{ matches: [{ path: { type: "PathPrefix", value: "/app" } }] }] })],
    "https://front.example/app",
    gateway({ listeners: [{ ...https, hostname: "front.example" }] }),
  ],
  [
    "a route without any host",
    [route({})],
    "http://10.0.0.9",
    gateway({ listeners: [{ name: "p", protocol: "HTTP", port: 80 }] }, { addresses: [{ value: "10.0.0.9" }] }),
  ],
  [
    "a route by a pattern",
    [
      route({
        hostnames: ["a.example"],
        rules: [{ matches: [{ path: { type: "RegularExpression", value: "/a.*" } }] }],
      }),
    ],
    "http://a.example",
  ],
  ["a Service within the cluster", [service({ type: "ClusterIP", ports: [{ port: 80 }] })], undefined],
  [
    "one with a balancer",
    [service({ type: "LoadBalancer", ports: [{ port: 80 }] }, at({ ip: "10.0.0.8" }))],
    "http://10.0.0.8",
  ],
  [
    "one with several ports",
    [service({ type: "LoadBalancer", ports: [{ port: 80 }, { port: 443 }] }, at({ hostname: "lb.example" }))],
    "https://lb.example",
  ],
  [
    "one with a port of its own",
    [service({ type: "LoadBalancer", ports: [{ port: 8443, name: "https" }] }, at({ hostname: "lb.example" }))],
    "https://lb.example:8443",
  ],
  ["a balancer without an address yet", [service({ type: "LoadBalancer", ports: [{ port: 80 }] })], undefined],
  [
    "several: an Ingress goes before a route, and that before a Service",
    [
      service({ type: "LoadBalancer", ports: [{ port: 80 }] }, at({ ip: "10.0.0.8" })),
      route({ hostnames: ["route.example"] }),
      ingress({ rules: [{ host: "ingress.example" }] }),
    ],
    "http://ingress.example",
  ],
];
test.each(rows)("the address of %s", (_, objects, url, front) => {
  expect(urlOf(objects, ({ name }) => (name === "front" ? front : undefined))).toBe(url);
});
