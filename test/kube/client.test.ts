import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "../../src/kube/client.ts";
import type { KubeClient, KubeObject } from "../../src/kube/types.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { configMap, startApiServer, status, type TestServer } from "./api-server.ts";

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

const collection = "/api/v1/namespaces/shop/configmaps";
const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "one" };
const object: KubeObject = configMap("one");

/** The last request as `METHOD /path?query`, with its content type and body. */
function last() {
  const { method, path, query, headers, body } = server.received.at(-1) ?? {};
  return { request: `${method} ${path}${query?.size ? `?${query}` : ""}`, type: headers?.["content-type"], body };
}

const json = "application/json";
test.each<[string, () => Promise<unknown>, ReturnType<typeof last>]>([
  ["get", () => client.get(ref), { request: `GET ${collection}/one`, type: undefined, body: undefined }],
  ["create", () => client.create(object), { request: `POST ${collection}`, type: json, body: object }],
  [
    "create, for trial, as Helm",
    () => client.create(object, { dryRun: true, fieldManager: "helm" }),
    { request: `POST ${collection}?dryRun=All&fieldManager=helm`, type: json, body: object },
  ],
  ["replace", () => client.replace(object), { request: `PUT ${collection}/one`, type: json, body: object }],
  [
    "merge patch",
    () => client.patch(ref, "merge", { data: null }),
    { request: `PATCH ${collection}/one`, type: "application/merge-patch+json", body: { data: null } },
  ],
  [
    "strategic merge patch",
    () => client.patch(ref, "strategic", {}, { dryRun: true }),
    { request: `PATCH ${collection}/one?dryRun=All`, type: "application/strategic-merge-patch+json", body: {} },
  ],
  [
    "JSON patch",
    () => client.patch(ref, "json", [{ op: "remove", path: "/data" }]),
    {
      request: `PATCH ${collection}/one`,
      type: "application/json-patch+json",
      body: [{ op: "remove", path: "/data" }],
    },
  ],
  [
    "apply",
    () => client.patch(ref, "apply", object, { force: true, fieldManager: "helm" }),
    {
      request: `PATCH ${collection}/one?force=true&fieldManager=helm`,
      type: "application/apply-patch+yaml",
      body: object,
    },
  ],
  [
    "delete",
    () => client.delete(ref),
    { request: `DELETE ${collection}/one`, type: json, body: { apiVersion: "v1", kind: "DeleteOptions" } },
  ],
  [
    "delete, with all that one can say",
    () => client.delete(ref, { propagation: "Foreground", uid: "u", dryRun: true }),
    {
      request: `DELETE ${collection}/one`,
      type: json,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Foreground",
        preconditions: { uid: "u" },
        dryRun: ["All"],
      },
    },
  ],
])("%s", async (_name, call, expected) => {
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) server.on(`${method} ${collection}/one`, () => object);
  server.on(`POST ${collection}`, () => object);
  await call();
  expect(last()).toEqual(expected);
  expect(server.received.at(-1)?.headers.authorization).toBe("Bearer secret-token");
});

describe("where things lie", () => {
  test.each<[string, object, string]>([
    [
      "without a namespace, in the context's",
      { ...ref, namespace: undefined },
      "/api/v1/namespaces/default/configmaps/one",
    ],
    [
      "of the whole cluster",
      { apiVersion: "v1", kind: "Namespace", namespace: "shop", name: "x" },
      "/api/v1/namespaces/x",
    ],
    [
      "names can't leave their place",
      { ...ref, name: "../../secrets/s?x=1" },
      `${collection}/..%2F..%2Fsecrets%2Fs%3Fx%3D1`,
    ],
    ["not even upwards", { ...ref, namespace: ".." }, "/api/v1/namespaces/%2E%2E/configmaps/one"],
  ])("%s", async (_name, where, path) => {
    const seen: string[] = [];
    const counting = createKubeClient(server.connection(), { onRequest: (request) => seen.push(request.path) });
    expect(await counting.get(where as typeof ref)).toBeUndefined();
    counting.close();
    expect(seen.at(-1)).toBe(path);
  });

  test("a kind that the cluster does not serve", async () => {
    await expect(client.get({ ...ref, kind: "Gadget" })).rejects.toMatchObject({
      code: "PLAN_UNKNOWN_KIND",
      message: "The cluster does not serve Gadget of v1",
    });
  });
});

describe("what is not there", () => {
  test("can't be got, nor deleted", async () => {
    const missing = status(404, 'configmaps "one" not found');
    server.on(`GET ${collection}/one`, missing);
    server.on(`DELETE ${collection}/one`, missing);
    expect(await client.get(ref)).toBeUndefined();
    expect(await client.delete(ref)).toBe("absent");
  });

  test("can't be created in", async () => {
    server.on(`POST ${collection}`, status(404, 'namespaces "shop" not found'));
    await expect(client.create(object)).rejects.toMatchObject({ code: "KUBE_NOT_FOUND" });
  });
});

describe("lists", () => {
  const page = (names: string[], next?: string) => () => ({
    kind: "ConfigMapList",
    metadata: { resourceVersion: "77", ...(next && { continue: next }) },
    items: names.map((name) => ({ metadata: { name } })),
  });
  const queries = () =>
    server.received.filter(({ path }) => path === collection).map(({ query }) => Object.fromEntries(query));

  test("come in pages, and their members say what they are", async () => {
    server.on(`GET ${collection}`, page(["a", "b"], "more"), page(["c"]));
    const { items, resourceVersion } = await client.list("v1", "ConfigMap", { namespace: "shop" });
    expect(items).toEqual(["a", "b", "c"].map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } })));
    expect(resourceVersion).toBe("77");
    expect(queries()).toEqual([{ limit: "500" }, { limit: "500", continue: "more" }]);
  });

  test("whose pages expire are fetched at once", async () => {
    server.on(`GET ${collection}`, page(["a"], "more"), status(410, "expired"), page(["a", "b"]));
    const { items } = await client.list("v1", "ConfigMap", { namespace: "shop" });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(queries().at(-1)).toEqual({});
  });

  test("of all namespaces, with selectors", async () => {
    server.on("GET /api/v1/configmaps", page([]));
    await client.list("v1", "ConfigMap", {
      labels: { owner: "helm", name: "x" },
      labelSelector: "status!=a",
      fieldSelector: "type=b",
    });
    expect(Object.fromEntries(server.received.at(-1)?.query ?? [])).toEqual({
      limit: "500",
      labelSelector: "owner=helm,name=x,status!=a",
      fieldSelector: "type=b",
    });
  });
});

describe("logs", () => {
  const pod = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web" };
  const path = "GET /api/v1/namespaces/shop/pods/web/log";
  const text = (body: string) => (_received: unknown, response: { end(body: string): unknown }) =>
    void response.end(body);

  test.each([
    ["lines", "one\ntwo\n", ["one", "two"]],
    ["a line without an end", "one\r\ntwo", ["one", "two"]],
    ["an empty line between", "one\n\ntwo\n", ["one", "", "two"]],
    ["nothing", "", []],
  ])("%s", async (_name, body, expected) => {
    server.on(path, text(body));
    expect(await client.logs(pod, { container: "c", tailLines: 5, previous: true })).toEqual(expected);
    expect(Object.fromEntries(server.received.at(-1)?.query ?? [])).toEqual({
      container: "c",
      tailLines: "5",
      previous: "true",
      limitBytes: "1048576",
    });
  });

  test.each([400, 404])("of what has not started or is gone (%i) are empty", async (code) => {
    server.on(path, status(code, "container is waiting to start"));
    expect(await client.logs(pod, { container: "c", tailLines: 5 })).toEqual([]);
  });

  test("that the user may not see are told", async () => {
    server.on(path, status(403, "no"));
    await expect(client.logs(pod, { container: "c", tailLines: 5 })).rejects.toMatchObject({ code: "KUBE_FORBIDDEN" });
  });
});

test("any path can be asked; health answers with a word", async () => {
  server.on("GET /readyz", (_received, response) => void response.end("ok"));
  server.on("POST /apis/reviews", ({ body }) => ({ asked: body }));
  expect(await client.raw("GET", "/readyz")).toBe("ok");
  expect(await client.raw("POST", "/apis/reviews", { a: 1 })).toEqual({ asked: { a: 1 } });
});

test("an answer that is no object is told", async () => {
  server.on(`GET ${collection}/one`, () => [1]);
  await expect(client.get(ref)).rejects.toMatchObject({ code: "KUBE_REQUEST_FAILED" });
});
