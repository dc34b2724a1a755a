import { beforeAll, expect, inject, test } from "vitest";
import { arrayAt, stringAt } from "../../src/base/json-path.ts";
import type { KubeObject } from "../../src/kube/types.ts";
import type { World } from "../scenarios/tools.ts";
import { expectReadyImages, freshName, openWorld, shop } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

const web = (namespace: string) => ({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "shop-web" });
/** How Helm's field manager wrote an object; the controllers' entries are left out. */
function helmsOperations(object: KubeObject | undefined): string[] {
  const entries = arrayAt(object, "metadata", "managedFields");
  return entries
    .filter((entry) => stringAt(entry, "manager") === "helm")
    .map((entry) => stringAt(entry, "operation") ?? "");
}

test.concurrent("server-side apply owns its fields as Helm 4 does, and the release goes on that way", async () => {
  const [ours, theirs] = [freshName("ssa"), freshName("ssa4")];
  expect(await world.slipway("deploy", "shop", shop, "-n", ours, "--create-namespace", "--server-side")).toMatchObject({
    code: 0,
  });
  expect(await world.helm4("install", "shop", shop, "-n", theirs, "--create-namespace", "--wait")).toMatchObject({
    code: 0,
  });
  const [own, helms] = await Promise.all([world.kube.get(web(ours)), world.kube.get(web(theirs))]);
  expect(helmsOperations(own)).toEqual(helmsOperations(helms));

  expect(await world.slipway("deploy", "shop", shop, "-n", ours, "--set", "image.tag=1.1")).toMatchObject({
    code: 0,
    err: "",
  });
  expect(helmsOperations(await world.kube.get(web(ours)))).toEqual(["Apply"]);
  await expectReadyImages(
    world,
    ours,
    { "app.kubernetes.io/name": "shop" },
    Array(2).fill("registry.example/shop:1.1"),
  );
});

test.concurrent("what another manager owns is named, left alone, and taken over only when that is asked", async () => {
  const namespace = freshName("conflict");
  const place = ["shop", shop, "-n", namespace];
  expect((await world.slipway("deploy", ...place, "--create-namespace", "--server-side")).code).toBe(0);
  await world.kube.patch(web(namespace), "merge", { spec: { replicas: 5 } }, { fieldManager: "autoscaler" });
  const refused = await world.slipway("deploy", ...place, "--set", "replicas=3");
  expect(refused.code).toBe(1);
  expect(refused.err.split("\n")[0]).toMatch(/conflict with "autoscaler".*\.spec\.replicas/);
  expect(await world.kube.get(web(namespace))).toMatchObject({ spec: { replicas: 5 } });
  expect((await world.slipway("deploy", ...place, "--set", "replicas=3", "--force-conflicts")).code).toBe(0);
  expect(await world.kube.get(web(namespace))).toMatchObject({ spec: { replicas: 3 } });
});

test.concurrent("just the fields that are named are taken over from other managers", async () => {
  const namespace = freshName("field");
  const place = ["shop", shop, "-n", namespace];
  expect((await world.slipway("deploy", ...place, "--create-namespace", "--server-side")).code).toBe(0);
  const container = { name: "web", image: "registry.example/shop:7" };
  const others = {
    autoscaler: { spec: { replicas: 5 } },
    updater: { spec: { template: { spec: { containers: [container] } } } },
  };
  for (const [fieldManager, patch] of Object.entries(others)) {
    await world.kube.patch(web(namespace), "strategic", patch, { fieldManager });
  }
  const change = ["--set", "replicas=3", "--set", "image.tag=1.2"];
  const image = 'spec.template.spec.containers[name="web"].image';
  const rules = ["Deployment/shop-web:spec.replicas", `Deployment/shop-web:${image}`];

  const both = await world.slipway("deploy", ...place, ...change);
  expect(both.code).toBe(1);
  expect(both.err).toContain('conflict with "autoscaler" using apps/v1: .spec.replicas');
  expect(both.err).toContain(`conflict with "updater" using apps/v1: .${image}`);
  expect(both.err).toContain(`--force-conflicts=${rules[0]}\n`);
  expect(both.err).toContain(`--force-conflicts='${rules[1]}'\n`);

  const one = await world.slipway("deploy", ...place, ...change, `--force-conflicts=${rules[0]}`);
  expect(one.code).toBe(1);
  expect(one.err.split("\n")[0]).toContain(`conflict with "updater" using apps/v1: .${image}`);
  expect(one.err).not.toContain("autoscaler");
  expect(one.err).toContain(`take it over with --force-conflicts='${rules[1]}'`);
  const untouched = { replicas: 5, template: { spec: { containers: [{ image: "registry.example/shop:7" }] } } };
  expect(await world.kube.get(web(namespace))).toMatchObject({ spec: untouched });

  const named = rules.map((rule) => `--force-conflicts=${rule}`);
  const planned = await world.slipway("plan", ...place, ...change, ...named);
  expect(planned).toMatchObject({ code: 0, err: "" });
  expect(await world.slipway("deploy", ...place, ...change, ...named)).toMatchObject({ code: 0 });
  const taken = { replicas: 3, template: { spec: { containers: [{ image: "registry.example/shop:1.2" }] } } };
  expect(await world.kube.get(web(namespace))).toMatchObject({ spec: taken });
});

test.concurrent("a release that was written client-side can go over to server-side apply", async () => {
  const namespace = freshName("over");
  const place = ["shop", shop, "-n", namespace];
  expect((await world.slipway("deploy", ...place, "--create-namespace")).code).toBe(0);
  const over = await world.slipway("deploy", ...place, "--server-side", "--set", "image.tag=1.1");
  expect(over).toMatchObject({ code: 0, err: "" });
  await expectReadyImages(
    world,
    namespace,
    { "app.kubernetes.io/name": "shop" },
    Array(2).fill("registry.example/shop:1.1"),
  );
});
