import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "../../src/kube/client.ts";
import type { KubeClient } from "../../src/kube/types.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { startApiServer, status, type TestServer } from "./api-server.ts";

let server: TestServer;
let client: KubeClient;
beforeEach(async () => {
  server = await startApiServer();
  client = createKubeClient(server.connection(), { clock: fakeClock() });
});
afterEach(async () => {
  client.close();
  await server.close();
});

const responseKind = (group: string, version: string, kind: string) => ({ group, version, kind });
const deployments = {
  resource: "deployments",
  responseKind: responseKind("apps", "v1", "Deployment"),
  scope: "Namespaced",
  verbs: ["get", "watch"],
  subresources: [{ subresource: "scale", responseKind: responseKind("autoscaling", "v1", "Scale") }],
};
const widget = (version: string) => ({
  resource: "widgets",
  responseKind: responseKind("example.com", version, "Widget"),
  scope: "Cluster",
});
const group = (name: string, versions: unknown[]) => ({ metadata: { name }, versions });
const groups = (...items: unknown[]) => ({ kind: "APIGroupDiscoveryList", items });
const requests = (path: string) => server.received.filter((one) => one.path === path).length;

describe("all in two requests", () => {
  beforeEach(() => {
    server.on("GET /apis", () =>
      groups(
        group("apps", [{ version: "v1", resources: [deployments] }]),
        group("example.com", [
          { version: "v2", resources: [widget("v2")] },
          { version: "v1", resources: [widget("v1")] },
        ]),
        group("metrics.k8s.io", [{ version: "v1beta1", freshness: "Stale", resources: [] }]),
      ),
    );
  });

  test("kinds are found", async () => {
    expect(await client.discovery.find("apps/v1", "Deployment")).toEqual({
      group: "apps",
      version: "v1",
      kind: "Deployment",
      plural: "deployments",
      namespaced: true,
      verbs: ["get", "watch"],
    });
    expect(await client.discovery.find("example.com/v1", "Widget")).toMatchObject({ namespaced: false, version: "v1" });
    expect(await client.discovery.find("v1", "ConfigMap")).toMatchObject({ group: "", plural: "configmaps" });
    expect(server.received.map(({ path }) => path).sort()).toEqual(["/api", "/apis"]);
    expect(server.received[0]?.headers.accept).toContain("g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  });

  test("API versions are listed as Helm lists them, also kinds of subresources", async () => {
    expect((await client.discovery.apiVersions()).sort()).toEqual([
      "apps/v1",
      "apps/v1/Deployment",
      "apps/v1/Scale",
      "example.com/v1",
      "example.com/v1/Widget",
      "example.com/v2",
      "example.com/v2/Widget",
      "metrics.k8s.io/v1beta1",
      "v1",
      "v1/ConfigMap",
      "v1/Namespace",
      "v1/Pod",
    ]);
  });

  test("resources are those of preferred versions", async () => {
    const resources = await client.discovery.resources();
    expect(resources.map(({ group, version, plural }) => [group, version, plural].join("/"))).toEqual([
      "/v1/configmaps",
      "/v1/pods",
      "/v1/namespaces",
      "apps/v1/deployments",
      "example.com/v2/widgets",
    ]);
  });

  test("an API whose server is down is told, and stops nothing else", async () => {
    await expect(client.discovery.find("metrics.k8s.io/v1beta1", "PodMetrics")).rejects.toMatchObject({
      code: "KUBE_REQUEST_FAILED",
      message: "Cannot find out what the cluster serves as metrics.k8s.io/v1beta1",
    });
    expect(await client.discovery.find("apps/v1", "Deployment")).toBeDefined();
  });

  test.each(["constructor", "__proto__"])("%s is no kind", async (name) => {
    expect(await client.discovery.find("v1", name)).toBeUndefined();
    expect(await client.discovery.find(name, name)).toBeUndefined();
  });
});

describe("what is asked again", () => {
  test("a kind that is missing is looked for anew, once for all that miss it", async () => {
    server.on(
      "GET /apis",
      () => groups(),
      () => groups(group("example.com", [{ version: "v1", resources: [widget("v1")] }])),
    );
    expect(await client.discovery.find("example.com/v1", "Widget")).toBeUndefined();
    expect(requests("/apis")).toBe(1);
    const found = await Promise.all([1, 2, 3].map(() => client.discovery.find("example.com/v1", "Widget")));
    expect(found.map((each) => each?.plural)).toEqual(["widgets", "widgets", "widgets"]);
    expect(requests("/apis")).toBe(2);
  });

  test("a kind that is known to be coming is not", async () => {
    for (let times = 1; times <= 3; times += 1)
      expect(await client.discovery.find("example.com/v1", "Widget", { again: false })).toBeUndefined();
    expect(requests("/apis")).toBe(1);
  });

  test("a kind that is known is not", async () => {
    await client.discovery.find("v1", "Pod");
    await client.discovery.find("v1", "ConfigMap");
    expect(requests("/apis")).toBe(1);
  });

  test("all of it after a refresh, and after a failure", async () => {
    server.on("GET /apis", status(403, "no"), () => groups());
    await expect(client.discovery.apiVersions()).rejects.toMatchObject({ code: "KUBE_FORBIDDEN" });
    await client.discovery.apiVersions();
    client.discovery.refresh();
    await client.discovery.apiVersions();
    expect(requests("/apis")).toBe(3);
  });
});

describe("a server that only knows the older form", () => {
  const list = (groupVersion: string, ...resources: unknown[]) => ({
    kind: "APIResourceList",
    groupVersion,
    resources,
  });
  beforeEach(() => {
    const versions = [{ groupVersion: "apps/v1", version: "v1" }];
    server.on("GET /api", () => ({ kind: "APIVersions", versions: ["v1"] }));
    server.on("GET /apis", () => ({
      kind: "APIGroupList",
      groups: [
        { name: "apps", versions, preferredVersion: versions[0] },
        { name: "metrics.k8s.io", versions: [{ groupVersion: "metrics.k8s.io/v1beta1", version: "v1beta1" }] },
      ],
    }));
    server.on("GET /api/v1", () => list("v1", { name: "pods", kind: "Pod", namespaced: true, verbs: ["get"] }));
    server.on("GET /apis/apps/v1", () =>
      list(
        "apps/v1",
        { name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] },
        { name: "deployments/scale", kind: "Scale", group: "autoscaling", version: "v1", namespaced: true },
      ),
    );
    server.on("GET /apis/metrics.k8s.io/v1beta1", status(503, "service unavailable"));
  });

  test("is asked for each group", async () => {
    expect(await client.discovery.find("apps/v1", "Deployment")).toMatchObject({
      plural: "deployments",
      namespaced: true,
    });
    expect((await client.discovery.apiVersions()).sort()).toEqual([
      "apps/v1",
      "apps/v1/Deployment",
      "apps/v1/Scale",
      "v1",
      "v1/Pod",
    ]);
    expect((await client.discovery.resources()).map(({ plural }) => plural)).toEqual(["pods", "deployments"]);
  });

  test("an API whose server is down is told, and stops nothing else", async () => {
    await expect(client.discovery.find("metrics.k8s.io/v1beta1", "PodMetrics")).rejects.toMatchObject({
      code: "KUBE_REQUEST_FAILED",
    });
  });
});

test("the version is asked once", async () => {
  server.on("GET /version", () => ({ gitVersion: "v1.36.3", major: "1", minor: "36+" }));
  expect(await client.discovery.version()).toEqual({ gitVersion: "v1.36.3", major: "1", minor: "36+" });
  await client.discovery.version();
  expect(requests("/version")).toBe(1);
});
