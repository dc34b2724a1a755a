import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { environmentUrl } from "../../src/deploy/environment-url.ts";
import { driverFor } from "../../src/release/driver.ts";
import { type Cluster, startCluster } from "./fixture.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  for (const kind of ["HTTPRoute", "Gateway"]) await cluster.kube.create(definition(kind));
});
afterAll(() => cluster.close());

const group = "gateway.networking.k8s.io";

function definition(kind: string) {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

function urlOf(namespace: string): Promise<string | undefined> {
  const { kube } = cluster;
  const driver = driverFor(kube, namespace, { kind: undefined, onUnreadable: () => {} });
  const session = { kube, driver, clock: systemClock, signal: new AbortController().signal, emit: () => {} };
  return environmentUrl(session, "web");
}

async function deploy(namespace: string, templates: Record<string, string>): Promise<void> {
  const chart = cluster.chart(templates);
  expect(await cluster.slipway("deploy", "web", chart, "-n", namespace, "--create-namespace")).toMatchObject({
    code: 0,
    err: "",
  });
}

const service = (type: string) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ${type}, selector: {app: web}, ports: [{port: 80}]}
`;

test("a route's address is its gateway's, with that one's protocol", async () => {
  await deploy("routed", {
    "service.yaml": service("ClusterIP"),
    "route.yaml": `apiVersion: ${group}/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: front, namespace: default}]
  hostnames: [shop.example.com]
`,
  });
  // No gateway yet: at least the host is known.
  expect(await urlOf("routed")).toBe("http://shop.example.com");
  await cluster.kube.create({
    apiVersion: `${group}/v1`,
    kind: "Gateway",
    metadata: { name: "front", namespace: "default" },
    spec: { listeners: [{ name: "https", protocol: "HTTPS", port: 443 }] },
  });
  expect(await urlOf("routed")).toBe("https://shop.example.com");
});

test("a balancer's address is the one that it was given", async () => {
  await deploy("balanced", { "service.yaml": service("LoadBalancer") });
  expect(await urlOf("balanced")).toMatch(/^http:\/\/203\.0\.113\.\d+$/);
});

test("a release without any of these has none, nor has one that is not there", async () => {
  await deploy("inside", { "service.yaml": service("ClusterIP") });
  expect(await urlOf("inside")).toBeUndefined();
  expect(await urlOf("nowhere")).toBeUndefined();
});
