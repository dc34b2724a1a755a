import { describe, expect, test } from "vitest";
import type { World } from "./tools.ts";
import { expectReadyImages, freshName, historyOf, shop } from "./world.ts";

const web = { "app.kubernetes.io/name": "shop" };

/** A release's life without trouble; the same on every cluster. */
export function deployStories(world: () => World): void {
  test("deploys, upgrades, lists, rolls back and uninstalls", async () => {
    const { slipway } = world();
    const namespace = freshName("life");
    const place = ["-n", namespace];

    const installed = await slipway("deploy", "shop", shop, ...place, "--create-namespace");
    expect(installed.err).toBe("");
    expect(installed.code).toBe(0);
    expect(installed.out).toContain(`The shop shop 1.0 runs in ${namespace}.`);
    await expectReadyImages(world(), namespace, web, Array(2).fill("registry.example/shop:1.0"));

    expect((await slipway("upgrade", "shop", shop, ...place, "--set", "image.tag=1.1,replicas=3")).code).toBe(0);
    await expectReadyImages(world(), namespace, web, Array(3).fill("registry.example/shop:1.1"));

    const listed = await slipway("list", ...place, "-o", "json");
    expect(JSON.parse(listed.out)).toMatchObject([
      { name: "shop", namespace, revision: "2", status: "deployed", chart: "shop-1.0.0" },
    ]);
    expect((await slipway("get", "values", "shop", ...place)).out).toBe(
      'USER-SUPPLIED VALUES:\nimage:\n  tag: "1.1"\nreplicas: 3\n',
    );
    expect((await slipway("status", "shop", ...place)).out).toMatch(/Deployment \S+\/shop-web +Current/);

    expect((await slipway("rollback", "shop", ...place)).code).toBe(0);
    await expectReadyImages(world(), namespace, web, Array(2).fill("registry.example/shop:1.0"));
    expect(await historyOf(world(), "shop", namespace)).toMatchObject([
      { revision: 1, status: "superseded", description: "Install complete" },
      { revision: 2, status: "superseded", description: "Upgrade complete" },
      { revision: 3, status: "deployed", description: "Rollback to 1" },
    ]);

    expect((await slipway("uninstall", "shop", ...place)).code).toBe(0);
    expect((await slipway("list", ...place, "-o", "json")).out.trim()).toBe("[]");
    for (const kind of ["Deployment", "StatefulSet"]) {
      expect((await world().kube.list("apps/v1", kind, { namespace })).items).toEqual([]);
    }
    expect((await world().kube.list("v1", "Secret", { namespace, labels: { owner: "helm" } })).items).toEqual([]);
    expect((await world().kube.list("coordination.k8s.io/v1", "Lease", { namespace })).items).toEqual([]);
  });

  test("plans what a deploy would change, and nothing right after it", async () => {
    const { slipway } = world();
    const namespace = freshName("plan");
    const place = ["-n", namespace];
    const before = await slipway("plan", "shop", shop, ...place, "--create-namespace", "--exit-code");
    expect(before).toMatchObject({ code: 2, err: "" });
    expect(before.out).toContain("+ Deployment");
    expect(await world().kube.get({ apiVersion: "v1", kind: "Namespace", name: namespace })).toBeUndefined();

    expect((await slipway("deploy", "shop", shop, ...place, "--create-namespace")).code).toBe(0);
    expect(await slipway("plan", "shop", shop, ...place, "--exit-code")).toMatchObject({ code: 0, err: "" });

    const changed = await slipway("diff", "shop", shop, ...place, "--set", "replicas=4", "--exit-code");
    expect(changed.code).toBe(2);
    expect(changed.out).toContain("-  replicas: 2");
    expect(changed.out).toContain("+  replicas: 4");
    expect(await historyOf(world(), "shop", namespace)).toHaveLength(1);
  });

  test("removes what the chart no longer has", async () => {
    const { slipway, kube } = world();
    const namespace = freshName("prune");
    await slipway("deploy", "shop", shop, "-n", namespace, "--create-namespace");
    const upgraded = await slipway("deploy", "shop", shop, "-n", namespace, "--set", "cache.enabled=false");
    expect(upgraded).toMatchObject({ code: 0, err: "" });
    expect(upgraded.out).toMatch(/- StatefulSet \S+\/shop-cache/);
    expect((await kube.list("apps/v1", "StatefulSet", { namespace })).items).toEqual([]);
  });
}

type Trouble = { name: string; set: string; line: RegExp; timeout?: string };

const troubles: Trouble[] = [
  {
    name: "an image that crashes",
    set: "image.tag=crash",
    line: /^Error: Deployment \S+\/shop-web: pod shop-web-\S+, container web: CrashLoopBackOff .*FATAL: DATABASE_URL is not set$/,
  },
  {
    name: "an image that is missing",
    set: "image.tag=missing",
    line: /^Error: Deployment \S+\/shop-web: pod shop-web-\S+, container web: ImagePullBackOff.*not found/,
  },
  {
    name: "a container that never gets ready",
    set: "image.tag=never-ready",
    timeout: "4s",
    line: /^Error: Deployment \S+\/shop-web: .*pod shop-web-\S+, container web/,
  },
  {
    name: "a hook Job that fails",
    set: "migration.tag=exit1",
    line: /^Error: pre-upgrade hook Job \S+\/shop-migration: pod shop-migration-\S+, container migrate: .*FATAL: DATABASE_URL is not set$/,
  },
];

/** Upgrades that go wrong are taken back, with the cause in the first line. */
export function troubleStories(world: () => World): void {
  describe.each(troubles)("$name", ({ set, line, timeout }) => {
    test("ends with the old revision, the cause in the first line", async () => {
      const { slipway } = world();
      const namespace = freshName("trouble");
      const place = ["-n", namespace];
      expect((await slipway("deploy", "shop", shop, ...place, "--create-namespace")).code).toBe(0);
      const failed = await slipway("deploy", "shop", shop, ...place, "--set", set, "--timeout", timeout ?? "2m");
      const [first = ""] = failed.err.split("\n");
      expect(first).toMatch(line);
      expect(failed.err).toContain("Release shop was rolled back to revision 1, recorded as revision 3.");
      expect(failed.code).toBe(1);
      expect(await historyOf(world(), "shop", namespace)).toMatchObject([
        { revision: 1, status: "superseded" },
        { revision: 2, status: "failed" },
        { revision: 3, status: "deployed", description: "Rollback to 1" },
      ]);
      await expectReadyImages(world(), namespace, web, Array(2).fill("registry.example/shop:1.0"));
    });
  });

  test("a StatefulSet that waits for its broken pod is taken back, too, and mended by the next deploy", async () => {
    const { slipway } = world();
    const namespace = freshName("ordered");
    const place = ["-n", namespace];
    expect((await slipway("deploy", "shop", shop, ...place, "--create-namespace")).code).toBe(0);
    const broken = ["deploy", "shop", shop, ...place, "--set", "cache.image=registry.example/cache:crash"];
    const failed = await slipway(...broken);
    expect(failed.err).toMatch(
      /^Error: StatefulSet \S+\/shop-cache: pod shop-cache-0, container cache: CrashLoopBackOff/,
    );
    expect(failed.err).toContain("Release shop was rolled back to revision 1");
    const cache = { app: "shop-cache" };
    await expectReadyImages(world(), namespace, cache, ["registry.example/cache:7.2"]);

    expect((await slipway(...broken, "--on-failure", "keep")).code).toBe(1);
    expect(await slipway("deploy", "shop", shop, ...place)).toMatchObject({ code: 0, err: "" });
    await expectReadyImages(world(), namespace, cache, ["registry.example/cache:7.2"]);
  });

  test("a crash is recognised by its first restarts, long before the time is up", async () => {
    const { slipway } = world();
    const namespace = freshName("quick");
    await slipway("deploy", "shop", shop, "-n", namespace, "--create-namespace");
    const failed = await slipway(
      "deploy",
      "shop",
      shop,
      "-n",
      namespace,
      "--set",
      "image.tag=crash",
      "--timeout",
      "10m",
      "-o",
      "json",
    );
    // The node restarts a crashing container about once a second.
    const [{ containers }] = JSON.parse(failed.out).failures;
    expect(containers[0].restarts).toBeLessThanOrEqual(10);
  });

  test("a first install that fails is taken back", async () => {
    const { slipway, kube } = world();
    const namespace = freshName("first");
    const failed = await slipway(
      "deploy",
      "shop",
      shop,
      "-n",
      namespace,
      "--create-namespace",
      "--set",
      "image.tag=crash",
    );
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^Error: Deployment .*CrashLoopBackOff/);
    expect(failed.err).toContain("The first install of shop was taken back");
    expect((await kube.list("apps/v1", "Deployment", { namespace })).items).toEqual([]);
    expect((await kube.list("v1", "Secret", { namespace, labels: { owner: "helm" } })).items).toEqual([]);
  });

  test("a first install that fails is kept where that is asked, and the next deploy goes on from it", async () => {
    const { slipway } = world();
    const namespace = freshName("keep");
    const place = ["-n", namespace];
    const failed = await slipway(
      "deploy",
      "shop",
      shop,
      ...place,
      "--create-namespace",
      "--set",
      "image.tag=crash",
      "--on-failure",
      "keep",
    );
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("was left as it is");
    expect(await historyOf(world(), "shop", namespace)).toMatchObject([{ revision: 1, status: "failed" }]);
    // As Helm, an upgrade without any values takes the last ones over.
    expect(await slipway("deploy", "shop", shop, ...place, "--set", "image.tag=1.0")).toMatchObject({
      code: 0,
      err: "",
    });
    expect(await historyOf(world(), "shop", namespace)).toMatchObject([
      { revision: 1, status: "failed" },
      { revision: 2, status: "deployed" },
    ]);
  });

  test("what a failed revision added is taken away again", async () => {
    const { slipway, kube } = world();
    const namespace = freshName("added");
    const place = ["-n", namespace];
    await slipway("deploy", "shop", shop, ...place, "--create-namespace", "--set", "cache.enabled=false");
    const failed = await slipway("deploy", "shop", shop, ...place, "--set", "image.tag=missing");
    expect(failed.code).toBe(1);
    expect((await kube.list("apps/v1", "StatefulSet", { namespace })).items).toEqual([]);
  });
}
