import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { arrayAt, stringAt } from "../../src/base/json-path.ts";
import type { ObjectRef } from "../../src/kube/types.ts";
import { driverFor } from "../../src/release/driver.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, historyOf, openWorld, shop } from "../scenarios/world.ts";
import { changes, definition, objects } from "./drift-rows.ts";

let world: World;
const folder = mkdtempSync(join(tmpdir(), "slipway-drift-"));
const made: string[][] = [];
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(made.map((words) => world.kubectl("delete", ...words, "--wait=false", "--ignore-not-found")));
});

type Told = {
  drifted: number;
  found: {
    release: string;
    state: string;
    reason?: string;
    error?: { message: string };
    objects: { ref: ObjectRef; change: string; outcome?: string; fields: Field[]; note?: string }[];
    leftOut: { ref: ObjectRef; path?: string; reason: string; by?: string }[];
  }[];
};
type Field = {
  path: string;
  pointer: string;
  recorded?: string;
  live?: string;
  writer?: { manager: string; time?: string };
};

async function drift(namespace: string, ...words: string[]): Promise<Told & { code: number; text: string }> {
  const { code, out, err } = await world.slipway("drift", "-n", namespace, "-o", "json", ...words);
  if (!out.startsWith("{")) throw new Error(err);
  return { ...(JSON.parse(out) as Told), code, text: out };
}

const found = ({ found: releases }: Told) => releases.flatMap((release) => release.objects);

function newPlace(prefix: string): string {
  const name = freshName(prefix);
  made.push(["namespace", name]);
  return name;
}

describe.concurrent.each([
  ["client-side", []],
  ["server-side", ["--server-side"]],
])("what people change, of what was applied %s", (_, how) => {
  test("is found, with who changed it, and set back in one run", async () => {
    const namespace = newPlace("drift");
    const group = `${namespace}.example`;
    made.push(["crd", `gates.${group}`], ["clusterrole", `${namespace}-viewer`]);
    const chart = join(folder, namespace);
    const filled = (text: string) => text.replaceAll("NS", namespace).replaceAll("GROUP", group);
    for (const name of ["templates", "crds"]) mkdirSync(join(chart, name), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: all\nversion: 1.0.0\n");
    writeFileSync(join(chart, "crds/gate.yaml"), filled(definition));
    writeFileSync(join(chart, "templates/all.yaml"), objects.map(filled).join("---\n"));
    const deployed = await world.slipway(
      "deploy",
      "it",
      chart,
      "-n",
      namespace,
      "--create-namespace",
      "--wait=false",
      ...how,
    );
    expect(deployed).toMatchObject({ code: 0, err: "" });
    expect(await drift(namespace, "--fail-on-drift")).toMatchObject({ code: 0, drifted: 0 });

    const apiVersions: Record<string, string> = Object.fromEntries(
      objects.map((text) => [/^kind: (.*)$/m.exec(text)?.[1], filled(/^apiVersion: (.*)$/m.exec(text)?.[1] ?? "")]),
    );
    // A field is noted to the second, and what was written in the second of the deploy may be the deploy's.
    const second = () => Math.floor(Date.now() / 1000);
    const deployedIn = second();
    await vi.waitFor(() => expect(second()).toBeGreaterThan(deployedIn + 1), { timeout: 10_000, interval: 50 });
    for (const { object, by } of changes) {
      const [kind = "", name = ""] = filled(object).split("/");
      if (Array.isArray(by)) {
        const ended = await world.kubectl(...by, "-n", namespace);
        expect(ended, ended.err).toMatchObject({ code: 0 });
      } else if ("patch" in by) {
        const ref = {
          apiVersion: apiVersions[kind] ?? "",
          kind,
          name,
          ...(kind === "ClusterRole" ? {} : { namespace }),
        };
        await world.kube.patch(ref, kind === "Gate" ? "merge" : "strategic", by.patch, {
          fieldManager: "kubectl-edit",
        });
      }
    }

    const told = await drift(namespace, "--fail-on-drift");
    expect(told).toMatchObject({ code: 2, drifted: 1 });
    const seen = new Map(
      found(told).flatMap(({ ref, change, fields }): [string, Field][] => {
        const key = `${ref.kind}/${ref.name}`;
        if (change === "missing") return [[`${key} `, { path: "", pointer: "" }]];
        return fields.map((field) => [`${key} ${field.path}`, field]);
      }),
    );
    const byHand = /^(kubectl|localcluster)/;
    const rows = changes.map(({ name, object, field = "", recorded, live, isNobodys }) => {
      const one = seen.get(`${filled(object)} ${field}`);
      const isTold = one !== undefined;
      const hasValues =
        (recorded === undefined || one?.recorded === recorded) && (live === undefined || one?.live === live);
      const isKnown = byHand.test(one?.writer?.manager ?? "") !== (isNobodys === true || field === "");
      return isTold && hasValues && isKnown
        ? []
        : [name, one ?? [...seen.keys()].filter((key) => key.startsWith(filled(object)))];
    });
    expect(rows.filter((row) => row.length > 0)).toEqual([]);
    // Nothing but what was changed.
    const places = new Set(changes.map(({ object, field }) => `${filled(object)} ${field ?? ""}`));
    const extra = [...seen.keys()].filter((place) => !places.has(place));
    expect(extra).toEqual([]);
    expect(told.text).not.toMatch(/a-recorded-word|another-word|a-new-word/);
    for (const word of ["a-recorded-word", "another-word"])
      expect(told.text).not.toContain(Buffer.from(word).toString("base64"));

    const corrected = await drift(namespace, "--correct", "--fail-on-drift");
    expect(corrected).toMatchObject({ code: 0, drifted: 0 });
    expect(corrected.found.map(({ state }) => state)).toEqual(["corrected"]);
    expect(found(corrected).filter(({ outcome }) => outcome !== "corrected")).toEqual([]);
    expect(found(await drift(namespace, "--fail-on-drift"))).toEqual([]);
    expect((await historyOf(world, "it", namespace)).map(({ revision, status }) => [revision, status])).toEqual([
      [1, "deployed"],
    ]);
    // Written as the deploy wrote it.
    const lost = await world.kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "lost" });
    const operations = arrayAt(lost, "metadata", "managedFields").map((entry) => stringAt(entry, "operation"));
    expect(operations).toEqual([how.length > 0 ? "Apply" : "Update"]);
    // The next deploy goes on from there.
    expect(await world.slipway("deploy", "it", chart, "-n", namespace, "--wait=false", ...how)).toMatchObject({
      code: 0,
    });
    expect(found(await drift(namespace))).toEqual([]);
  });
});

describe.concurrent("what is no drift", () => {
  test("is left out, with why", async () => {
    const namespace = newPlace("nodrift");
    const web = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "shop-web" };
    const deployed = await world.slipway("deploy", "shop", shop, "-n", namespace, "--create-namespace");
    expect(deployed).toMatchObject({ code: 0 });
    const scaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace },
      spec: {
        maxReplicas: 9,
        minReplicas: 1,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop-web" },
      },
    };
    await world.kube.create(scaler);
    await world.kube.patch(web, "merge", { spec: { replicas: 4 } }, { fieldManager: "somebody" });
    for (const word of ["restart", "status"]) {
      const ended = await world.kubectl("rollout", word, "deployment/shop-web", "-n", namespace);
      expect(ended).toMatchObject({ code: 0 });
    }
    const labels = { labels: { "example.com/injected": "yes" } };
    await world.kube.patch(web, "merge", { metadata: labels }, { fieldManager: "mesh-webhook" });
    const service = { apiVersion: "v1", kind: "Service", namespace, name: "shop-web" };
    const leave = {
      metadata: { annotations: { "slipway.dev/drift": "ignore" } },
      spec: { selector: { app: "other" } },
    };
    await world.kube.patch(service, "merge", leave, { fieldManager: "kubectl-edit" });
    const settings = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "shop-settings" };
    const config = await world.kube.get(settings);
    const [key = ""] = Object.keys((config?.["data"] ?? {}) as object);
    await world.kube.patch(settings, "merge", { data: { [key]: "other" } }, { fieldManager: "kubectl-edit" });
    const rules = join(folder, `${namespace}.yaml`);
    writeFileSync(rules, `- paths: [/data/${key.replaceAll("/", "~1")}]\n  target: {kind: ConfigMap, name: shop-.*}\n`);

    const told = await drift(namespace, "--ignore", rules, "--fail-on-drift");
    expect([told.code, found(told)]).toEqual([0, []]);
    const reasons = told.found[0]?.leftOut.map(({ ref, path, reason }) => [ref.kind, path, reason]);
    expect(reasons).toEqual(
      expect.arrayContaining([
        ["Deployment", "spec.replicas", "autoscaler"],
        ["Service", undefined, "annotation"],
        ["ConfigMap", `data.${key}`.replace(/\.([^.]*[^\w-].*)$/, '["$1"]'), "rule"],
      ]),
    );
    expect((await drift(namespace, "--ignore", rules, "--correct")).code).toBe(0);
    expect(await world.kube.get(web)).toMatchObject({ spec: { replicas: 4 } });
    expect(await world.kube.get(settings)).toMatchObject({ data: { [key]: "other" } });
    const settled = async () =>
      expect(found(await drift(namespace)).map(({ ref, fields }) => [ref.kind, fields])).toEqual([
        ["ConfigMap", expect.anything()],
      ]);
    await vi.waitFor(settled, { timeout: 60_000, interval: 500 });
  });
});

describe.concurrent("a release that somebody else is changing", () => {
  test("is not set back", async () => {
    const namespace = newPlace("busy");
    expect(await world.slipway("deploy", "shop", shop, "-n", namespace, "--create-namespace")).toMatchObject({
      code: 0,
    });
    const service = { apiVersion: "v1", kind: "Service", namespace, name: "shop-web" };
    const change = { metadata: { labels: { "app.kubernetes.io/name": "other" } } };
    await world.kube.patch(service, "merge", change, { fieldManager: "kubectl-edit" });
    const time = new Date().toISOString().replace("Z", "000Z");
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "slipway-shop", namespace },
      spec: { holderIdentity: "elsewhere/7", leaseDurationSeconds: 15, acquireTime: time, renewTime: time },
    };
    await world.kube.create(lease);
    const ref = { apiVersion: lease.apiVersion, kind: "Lease", name: "slipway-shop", namespace };
    const renew = setInterval(() => {
      const renewTime = new Date().toISOString().replace("Z", "000Z");
      world.kube.patch(ref, "merge", { spec: { renewTime } }).catch(() => {});
    }, 500);
    try {
      const told = await drift(namespace, "--correct");
      expect(told.code).toBe(1);
      expect(told.found[0]).toMatchObject({
        state: "failed",
        error: { message: expect.stringContaining("elsewhere/7") },
      });
    } finally {
      clearInterval(renew);
    }
    await world.kube.delete(ref);
    expect(await world.kube.get(service)).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/name": "other" } },
    });
    // Begun by another tool, which holds no lock.
    const driver = driverFor(world.kube, namespace, { kind: "secret" });
    const [first] = await driver.history("shop");
    if (first === undefined) throw new Error("No record");
    await driver.create({ ...first, revision: 2, status: "pending-upgrade" });
    const pending = await drift(namespace, "--correct");
    expect(pending.found[0]?.state).toBe("skipped");
    expect(arrayAt(pending.found, 0, "objects")).toEqual([]);
    expect(await world.kube.get(service)).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/name": "other" } },
    });
  });
});
