import { describe, expect, it } from "vitest";
import { valueAt } from "../../src/base/json-path.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { apps, core, names, openSandbox } from "./client.ts";

describe("the server", () => {
  it("answers only who has the token, in the header or in the address", async () => {
    const { sandbox } = await openSandbox();
    const url = `${sandbox.url}/api/v1/namespaces`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { Authorization: "Bearer x" } })).status).toBe(401);
    expect((await fetch(`${sandbox.url}/${sandbox.token}/api/v1/namespaces`)).status).toBe(200);
    expect(sandbox.kubeconfig).toContain(`server: ${sandbox.url}/${sandbox.token}\n`);
  });

  it("listens on loopback only", async () => {
    await expect(startSandbox({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("says that a port is taken", async () => {
    const { sandbox } = await openSandbox();
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  const secrets = `${core}/secrets`;
  it.each([
    ["broken JSON", "POST", secrets, "{", 400],
    ["a list for an object", "POST", secrets, "[]", 400],
    ["null", "POST", secrets, "null", 400],
    ["a text for metadata", "POST", secrets, '{"metadata":"x"}', 400],
    ["metadata without a name", "POST", secrets, '{"metadata":{}}', 422],
    ["a name that is a number", "POST", secrets, '{"metadata":{"name":5}}', 400],
    ["labels that are a list", "POST", secrets, '{"metadata":{"name":"a","labels":["x"]}}', 400],
    ["a spec that is a list", "POST", `${apps}/deployments`, '{"metadata":{"name":"a"},"spec":[]}', 400],
    ["a container that is null", "POST", `${core}/pods`, '{"metadata":{"name":"a"},"spec":{"containers":[null]}}', 422],
    ["a name with a slash", "POST", secrets, '{"metadata":{"name":"a/b"}}', 422],
    ["a path that can't be decoded", "GET", `${core}/pods/%E0%A4%A`, undefined, 404],
    ["an unknown resource", "GET", `${core}/things`, undefined, 404],
    ["an unknown path", "GET", "/nothing", undefined, 404],
    ["a method that isn't served", "PUT", secrets, "{}", 405],
    ["a wrong limit", "GET", `${secrets}?limit=x`, undefined, 400],
    ["a wrong continue token", "GET", `${secrets}?limit=1&continue=%7B`, undefined, 400],
    ["a wrong selector", "GET", `${secrets}?labelSelector=%28`, undefined, 400],
    ["a wrong version to watch from", "GET", `${secrets}?watch=1&resourceVersion=x`, undefined, 400],
    ["a wrong propagation", "DELETE", `${secrets}/x?propagationPolicy=Maybe`, undefined, 400],
  ])("answers a Status to %s", async (_name, method, path, body, code) => {
    const client = await openSandbox();
    const answer = await client.send(method, path, body);
    expect(answer.code).toBe(code);
    if (path !== "/nothing") expect(answer.body).toMatchObject({ kind: "Status", status: "Failure", code });
  });

  it("does not let a key change what objects are", async () => {
    const client = await openSandbox();
    const text = '{"metadata":{"name":"a"},"data":{"__proto__":"x","constructor":"y"}}';
    const { body, code } = await client.send("POST", `${core}/configmaps`, text);
    expect(code).toBe(201);
    expect(body["data"]).toEqual({ constructor: "y" });
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("refuses a body that is too large", async () => {
    const client = await openSandbox();
    const answer = await client.send("POST", `${core}/configmaps`, "x".repeat(9 * 1024 * 1024));
    expect(answer.code).toBe(413);
  });

  it("refuses protobuf that is broken or of an unknown kind", async () => {
    const client = await openSandbox();
    const type = { "Content-Type": "application/vnd.kubernetes.protobuf" };
    expect((await client.send("POST", `${core}/secrets`, "nonsense", type)).code).toBe(415);
    expect((await client.send("POST", `${core}/secrets`, "k8s\0\n\x7f", type)).code).toBe(400);
  });
});

describe("discovery", () => {
  it("lists the same kinds one by one and all at once", async () => {
    const client = await openSandbox();
    const accept = { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };
    const { body, headers } = await client.send("GET", "/apis", undefined, accept);
    expect(headers.get("content-type")).toContain("as=APIGroupDiscoveryList");
    const group = (body["items"] as unknown[]).find((item) => valueAt(item, "metadata", "name") === "apps");
    const aggregated = valueAt(group, "versions", 0, "resources") as { resource: string }[];
    const single = (await client.get("/apis/apps/v1"))["resources"] as { name: string }[];
    const plain = single.map((resource) => resource.name).filter((name) => !name.includes("/"));
    expect(plain).toEqual(aggregated.map((resource) => resource.resource));
    expect(plain).toContain("deployments");
  });

  it("prefers the later of two versions", async () => {
    const client = await openSandbox();
    const group = await client.get("/apis/autoscaling");
    expect(group["preferredVersion"]).toEqual({ groupVersion: "autoscaling/v2", version: "v2" });
  });

  it("tells each group's types and what can be patched", async () => {
    const client = await openSandbox();
    const index = await client.get("/openapi/v3");
    const path = valueAt(index, "paths", "apis/apps/v1", "serverRelativeURL");
    const document = await client.get(String(path));
    const item = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    expect(valueAt(document, "paths", item, "patch", "x-kubernetes-group-version-kind")).toMatchObject({
      kind: "Deployment",
    });
    expect(valueAt(document, "components", "schemas", "Container", "properties", "ports")).toMatchObject({
      "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    });
  });
});

describe("who may do what", () => {
  it("forbids what is denied, in the server's words, and says so beforehand", async () => {
    const client = await openSandbox({ deny: [{ verb: "create", resource: "deployments", namespace: "default" }] });
    const { body } = await client.send("POST", `${apps}/deployments`, {});
    expect(body["message"]).toBe(
      'deployments.apps is forbidden: User "sandbox" cannot create resource "deployments" in API group "apps" in the namespace "default"',
    );
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const ask = (verb: string) => ({
      spec: { resourceAttributes: { verb, group: "apps", resource: "deployments", namespace: "default" } },
    });
    const allowed = async (verb: string) => valueAt(await client.create(path, ask(verb)), "status", "allowed");
    expect([await allowed("create"), await allowed("get")]).toEqual([false, true]);
  });
});

describe("faults", () => {
  it("answers, breaks or keeps silent as it is told, and counts what was asked", async () => {
    const client = await openSandbox({
      intercept: ({ path, index }) => {
        if (path.includes("/busy")) return { status: 429, body: { kind: "Status" }, headers: { "Retry-After": "1" } };
        if (path.includes("/broken")) return "reset";
        if (path.includes("/silent")) return "stall";
        return index > 100 ? { status: 500 } : undefined;
      },
    });
    const busy = await client.send("GET", `${core}/pods/busy`);
    expect([busy.code, busy.headers.get("retry-after")]).toEqual([429, "1"]);
    await expect(client.send("GET", `${core}/pods/broken`)).rejects.toThrow();
    const headers = { Authorization: `Bearer ${client.sandbox.token}` };
    const silent = fetch(`${client.sandbox.url}${core}/pods/silent`, { headers, signal: AbortSignal.timeout(50) });
    await expect(silent).rejects.toThrow(/abort|timeout/i);
    expect(client.sandbox.requests.map((request) => request.path)).toEqual(
      ["busy", "broken", "silent"].map((name) => `${core}/pods/${name}`),
    );
  });
});

describe("tables", () => {
  it("shows the columns that kubectl prints", async () => {
    const client = await openSandbox();
    const accept = { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };
    const { body } = await client.send("GET", "/api/v1/namespaces", undefined, accept);
    const columns = body["columnDefinitions"] as { name: string }[];
    expect(columns.map((column) => column.name)).toEqual(["Name", "Status", "Age"]);
    expect(valueAt(body, "rows", 0, "cells", 1)).toBe("Active");
  });

  it("leaves all but the metadata out where that is asked for", async () => {
    const client = await openSandbox();
    const accept = { Accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" };
    const { body } = await client.send("GET", "/api/v1/namespaces", undefined, accept);
    expect(names(body["items"] as never)).toContain("default");
    expect(valueAt(body, "items", 0, "status")).toBeUndefined();
  });
});
