import { describe, expect, it } from "vitest";
import { type JsonObject, valueAt } from "../../src/base/json-path.ts";
import { apps, core, names, openSandbox, workload } from "./client.ts";

const maps = `${core}/configmaps`;
const map = (name: string, metadata: JsonObject = {}): JsonObject => ({ metadata: { name, ...metadata } });

describe("writing", () => {
  it("gives identity and a version, and changes the version only when something changes", async () => {
    const client = await openSandbox();
    const created = await client.create(maps, { ...map("a"), data: { a: "1" } });
    expect(valueAt(created, "metadata")).toMatchObject({
      uid: expect.any(String),
      creationTimestamp: expect.any(String),
    });
    const same = await client.patch(`${maps}/a`, { data: { a: "1" } });
    expect(valueAt(same.body, "metadata", "resourceVersion")).toBe(valueAt(created, "metadata", "resourceVersion"));
    const other = await client.patch(`${maps}/a`, { data: { a: "2" } });
    expect(Number(valueAt(other.body, "metadata", "resourceVersion"))).toBeGreaterThan(
      Number(valueAt(created, "metadata", "resourceVersion")),
    );
  });

  it("makes a name of a prefix", async () => {
    const client = await openSandbox();
    const created = await client.create(maps, { metadata: { generateName: "gen-" } });
    expect(valueAt(created, "metadata", "name")).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  it("refuses to replace what has changed meanwhile", async () => {
    const client = await openSandbox();
    const created = await client.create(maps, map("a"));
    await client.patch(`${maps}/a`, { data: { a: "1" } });
    const answer = await client.send("PUT", `${maps}/a`, created);
    expect(answer.body).toMatchObject({ code: 409, reason: "Conflict" });
  });

  it("keeps nothing of a dry run", async () => {
    const client = await openSandbox();
    const { code } = await client.send("POST", `${maps}?dryRun=All`, map("a"));
    expect([code, (await client.send("GET", `${maps}/a`)).code]).toEqual([201, 404]);
    await client.create(maps, map("a"));
    await client.send("DELETE", `${maps}/a?dryRun=All`);
    expect((await client.send("GET", `${maps}/a`)).code).toBe(200);
  });

  it("counts a generation for the spec, not for the status", async () => {
    const client = await openSandbox();
    const path = `${apps}/deployments/web`;
    await client.create(`${apps}/deployments`, workload("Deployment", "web", "1", { paused: true }));
    const status = await client.patch(`${path}/status`, { spec: { replicas: 9 }, status: { collisionCount: 7 } });
    expect(valueAt(status.body, "status", "collisionCount")).toBe(7);
    expect([valueAt(status.body, "spec", "replicas"), valueAt(status.body, "metadata", "generation")]).toEqual([1, 1]);
    const spec = await client.patch(path, { spec: { replicas: 2 }, status: { collisionCount: 9 } });
    expect([
      valueAt(spec.body, "status", "collisionCount"),
      valueAt(spec.body, "metadata", "generation"),
    ]).not.toContain(9);
    expect(valueAt(spec.body, "metadata", "generation")).toBe(2);
  });
});

describe("listing", () => {
  const selectors: [string, string[]][] = [
    ["labelSelector=tier%3Dweb", ["a", "b"]],
    ["labelSelector=tier%3D%3Dweb,env!%3Dprod", ["b"]],
    ["labelSelector=tier+in+(web,db)", ["a", "b", "c"]],
    ["labelSelector=tier+notin+(web)", ["c", "d"]],
    ["labelSelector=!tier", ["d"]],
    ["labelSelector=env", ["a"]],
    ["labelSelector=size>5", ["c"]],
    ["fieldSelector=metadata.name%3Db", ["b"]],
    ["fieldSelector=metadata.name!%3Db", ["a", "c", "d"]],
  ];
  it.each(selectors)("selects by %s", async (query, expected) => {
    const client = await openSandbox();
    const labels: Record<string, JsonObject> = {
      a: { tier: "web", env: "prod" },
      b: { tier: "web", size: "3" },
      c: { tier: "db", size: "10" },
      d: {},
    };
    for (const [name, own] of Object.entries(labels)) await client.create(maps, map(name, { labels: own }));
    const found = names(await client.list(`${maps}?${query}`));
    expect(found.filter((name) => name !== "kube-root-ca.crt")).toEqual(expected);
  });

  it("comes in pages that miss nothing and repeat nothing", async () => {
    const client = await openSandbox();
    for (const name of ["a", "b", "c", "d", "e"]) await client.create(`${core}/secrets`, map(name));
    const seen: string[] = [];
    let token = "";
    do {
      const page = await client.get(`${core}/secrets?limit=2&continue=${token}`);
      seen.push(...names(page["items"] as JsonObject[]));
      token = String(valueAt(page, "metadata", "continue") ?? "");
      // What goes between two pages doesn't shift them.
      await client.send("DELETE", `${core}/secrets/a`);
    } while (token !== "");
    expect(seen).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("deleting", () => {
  it("waits for finalizers", async () => {
    const client = await openSandbox();
    await client.create(maps, map("a", { finalizers: ["example.com/hold"] }));
    const { body } = await client.send("DELETE", `${maps}/a`);
    expect(valueAt(body, "metadata", "deletionTimestamp")).toEqual(expect.any(String));
    expect((await client.send("GET", `${maps}/a`)).code).toBe(200);
    await client.patch(`${maps}/a`, { metadata: { finalizers: null } });
    expect((await client.send("GET", `${maps}/a`)).code).toBe(404);
  });

  it("deletes a selected collection", async () => {
    const client = await openSandbox();
    await client.create(maps, map("a", { labels: { x: "1" } }));
    await client.create(maps, map("b"));
    await client.send("DELETE", `${maps}?labelSelector=x%3D1`);
    expect(names(await client.list(maps))).toEqual(["b", "kube-root-ca.crt"]);
  });

  const owned = async (propagation: string) => {
    const client = await openSandbox();
    await client.create(`${apps}/deployments`, workload("Deployment", "web", "1", { replicas: 1 }));
    await client.until(`${apps}/deployments/web`, (object) => valueAt(object, "status", "readyReplicas") === 1);
    const [set = ""] = names(await client.list(`${apps}/replicasets`));
    const { body } = await client.send("DELETE", `${apps}/deployments/web?propagationPolicy=${propagation}`);
    return { client, set, body };
  };

  it("takes the dependents away in the background", async () => {
    const { client, set, body } = await owned("Background");
    expect(body["status"]).toBe("Success");
    await client.untilGone(`${apps}/replicasets/${set}`);
    const [pod] = names(await client.list(`${core}/pods`));
    if (pod !== undefined) await client.untilGone(`${core}/pods/${pod}`);
  });

  it("takes the dependents away first", async () => {
    const { client, set, body } = await owned("Foreground");
    expect(valueAt(body, "metadata", "finalizers")).toEqual(["foregroundDeletion"]);
    await client.untilGone(`${apps}/deployments/web`);
    expect((await client.send("GET", `${apps}/replicasets/${set}`)).code).toBe(404);
    expect(await client.list(`${core}/pods`)).toEqual([]);
  });

  it("leaves the dependents alone", async () => {
    const { client, set } = await owned("Orphan");
    await client.untilGone(`${apps}/deployments/web`);
    const left = await client.get(`${apps}/replicasets/${set}`);
    expect(valueAt(left, "metadata", "ownerReferences")).toBeUndefined();
  });

  it("collects what is made for an owner that is gone", async () => {
    const client = await openSandbox();
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "no-such-uid" };
    await client.create(maps, map("a", { ownerReferences: [owner] }));
    await client.untilGone(`${maps}/a`);
  });
});

describe("namespaces", () => {
  it("furnishes a new one, and empties one that goes", async () => {
    const client = await openSandbox();
    await client.create("/api/v1/namespaces", { metadata: { name: "shop" } });
    await client.until("/api/v1/namespaces/shop/serviceaccounts/default", () => true);
    await client.until("/api/v1/namespaces/shop/configmaps/kube-root-ca.crt", () => true);
    await client.create("/api/v1/namespaces/shop/configmaps", map("held", { finalizers: ["example.com/hold"] }));
    const { body } = await client.send("DELETE", "/api/v1/namespaces/shop");
    expect(valueAt(body, "status", "phase")).toBe("Terminating");
    const late = await client.send("POST", "/api/v1/namespaces/shop/configmaps", map("late"));
    expect(late.body["message"]).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
    );
    await client.until(
      "/api/v1/namespaces/shop/configmaps/held",
      (object) => valueAt(object, "metadata", "deletionTimestamp") !== undefined,
    );
    await client.patch("/api/v1/namespaces/shop/configmaps/held", { metadata: { finalizers: null } });
    await client.untilGone("/api/v1/namespaces/shop");
    expect((await client.send("GET", "/api/v1/namespaces/shop/configmaps/held")).code).toBe(404);
  });
});

describe("custom kinds", () => {
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const definition = {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: ["v1", "v1beta1"].map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", required: ["size"], properties: { size: { type: "integer" } } } },
          },
        },
      })),
    },
  };
  const widgets = "/apis/example.com/v1/namespaces/default/widgets";

  it("serves them from their definition to its end", async () => {
    const client = await openSandbox();
    expect((await client.send("GET", widgets)).code).toBe(404);
    await client.create(definitions, definition);
    await client.until(
      `${definitions}/widgets.example.com`,
      (object) => object["status"] !== undefined && JSON.stringify(object).includes("Established"),
    );
    await client.create(widgets, { ...map("w"), spec: { size: 1, unknown: 2 } });
    const other = await client.get("/apis/example.com/v1beta1/namespaces/default/widgets/w");
    expect(other).toMatchObject({ apiVersion: "example.com/v1beta1", spec: { size: 1 } });
    expect(valueAt(other, "spec", "unknown")).toBeUndefined();
    const bad = await client.send("POST", widgets, { ...map("x"), spec: {} });
    expect(bad.body["message"]).toBe('Widget.example.com "x" is invalid: spec.size: Required value');
    await client.send("DELETE", `${definitions}/widgets.example.com`);
    expect((await client.send("GET", widgets)).code).toBe(404);
  });
});
