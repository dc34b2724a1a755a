import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Ended, World } from "../scenarios/tools.ts";
import { expectReadyImages, freshName, historyOf, openWorld, shop } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

const web = { "app.kubernetes.io/name": "shop" };

function expectDone(ended: Ended): Ended {
  expect(ended.err).not.toMatch(/error/i);
  expect(ended.code).toBe(0);
  return ended;
}

describe.concurrent.each(["helm3", "helm4"] as const)("%s and Slipway", (helm) => {
  const tool = (...words: string[]) => world[helm](...words);

  test("Helm shows, rolls back and uninstalls what Slipway deployed", async () => {
    const namespace = freshName("ours");
    const place = ["-n", namespace];
    expectDone(await world.slipway("deploy", "shop", shop, ...place, "--create-namespace"));
    expectDone(await world.slipway("deploy", "shop", shop, ...place, "--set", "image.tag=1.1"));

    const [listed] = JSON.parse(expectDone(await tool("list", ...place, "-o", "json")).out);
    expect(listed).toMatchObject({
      name: "shop",
      revision: "2",
      status: "deployed",
      chart: "shop-1.0.0",
      app_version: "1.0",
    });
    expect(expectDone(await tool("status", "shop", ...place)).out).toContain("STATUS: deployed");
    expect(JSON.parse(expectDone(await tool("history", "shop", ...place, "-o", "json")).out)).toMatchObject([
      { revision: 1, status: "superseded", description: "Install complete" },
      { revision: 2, status: "deployed", description: "Upgrade complete" },
    ]);
    const manifest = expectDone(await tool("get", "manifest", "shop", ...place)).out;
    expect(manifest).toBe((await world.slipway("get", "manifest", "shop", ...place)).out);
    expect(manifest).toContain('image: "registry.example/shop:1.1"');

    expectDone(await tool("rollback", "shop", "1", ...place, "--wait"));
    await expectReadyImages(world, namespace, web, Array(2).fill("registry.example/shop:1.0"));
    expectDone(await tool("uninstall", "shop", ...place, "--wait"));
    expect((await world.kube.list("apps/v1", "Deployment", { namespace })).items).toEqual([]);
  });

  test("Slipway upgrades, rolls back and uninstalls what Helm installed", async () => {
    const namespace = freshName("theirs");
    const place = ["-n", namespace];
    expectDone(await tool("install", "shop", shop, ...place, "--create-namespace", "--wait"));

    expectDone(await world.slipway("upgrade", "shop", shop, ...place, "--set", "image.tag=1.1,cache.enabled=false"));
    await expectReadyImages(world, namespace, web, Array(2).fill("registry.example/shop:1.1"));
    expect((await world.kube.list("apps/v1", "StatefulSet", { namespace })).items).toEqual([]);
    expectDone(await world.slipway("rollback", "shop", ...place));
    await expectReadyImages(world, namespace, web, Array(2).fill("registry.example/shop:1.0"));
    expect(await historyOf(world, "shop", namespace)).toMatchObject([
      { revision: 1, status: "superseded" },
      { revision: 2, status: "superseded" },
      { revision: 3, status: "deployed", description: "Rollback to 1" },
    ]);
    expectDone(await tool("upgrade", "shop", shop, ...place, "--set", "replicas=1", "--wait"));
    expectDone(await world.slipway("uninstall", "shop", ...place));
    expect((await world.kube.list("apps/v1", "Deployment", { namespace })).items).toEqual([]);
    expect(JSON.parse((await tool("list", ...place, "-o", "json")).out)).toEqual([]);
  });
});
