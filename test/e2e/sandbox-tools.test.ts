import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import type { Ended, World } from "../scenarios/tools.ts";
import { freshName, openWorld, readyImages, shop } from "../scenarios/world.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-tools-"));
let world: World;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox();
  world = await openWorld(sandbox.kubeconfig);
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const web = { "app.kubernetes.io/name": "shop" };

function done(ended: Ended): string {
  expect(ended.code === 0 ? "" : ended.err).toBe("");
  return ended.out;
}

describe.each(["helm3", "helm4"] as const)("%s on the sandbox", (helm) => {
  test.concurrent("installs, lists, upgrades, rolls back, tests and uninstalls", async () => {
    const namespace = freshName("tools");
    const place = ["-n", namespace];
    const tool = async (...words: string[]) => done(await world[helm](...words, ...place));
    const images = () => readyImages(world, namespace, web);

    expect(await tool("install", "shop", shop, "--create-namespace", "--wait")).toContain("STATUS: deployed");
    expect(await images()).toEqual(Array(2).fill("registry.example/shop:1.0"));
    await tool("upgrade", "shop", shop, "--wait", "--set", "image.tag=1.1,replicas=3,cache.enabled=false");
    expect(await images()).toEqual(Array(3).fill("registry.example/shop:1.1"));
    expect((await world.kube.list("apps/v1", "StatefulSet", { namespace })).items).toEqual([]);
    expect(JSON.parse(await tool("list", "-o", "json"))).toMatchObject([{ name: "shop", revision: "2" }]);

    await tool("rollback", "shop", "1", "--wait");
    expect(await images()).toEqual(Array(2).fill("registry.example/shop:1.0"));
    expect(JSON.parse(await tool("history", "shop", "-o", "json"))).toMatchObject([
      { revision: 1, status: "superseded" },
      { revision: 2, status: "superseded" },
      { revision: 3, status: "deployed", description: "Rollback to 1" },
    ]);
    expect(await tool("get", "all", "shop")).toContain("registry.example/shop:1.0");

    await tool("uninstall", "shop", "--wait");
    expect(JSON.parse(await tool("list", "-o", "json"))).toEqual([]);
    for (const kind of ["Deployment", "StatefulSet", "ReplicaSet"]) {
      expect((await world.kube.list("apps/v1", kind, { namespace })).items).toEqual([]);
    }
  });

  test.concurrent("a broken upgrade fails, and Slipway goes on from it", async () => {
    const namespace = freshName("broken");
    const place = ["-n", namespace];
    done(await world[helm]("install", "shop", shop, ...place, "--create-namespace", "--wait"));
    const failed = await world[helm](
      "upgrade",
      "shop",
      shop,
      ...place,
      "--wait",
      "--timeout",
      "2s",
      "--set",
      "image.tag=crash",
    );
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/UPGRADE FAILED/);
    done(await world.slipway("deploy", "shop", shop, ...place, "--set", "image.tag=1.2"));
    expect(await readyImages(world, namespace, web)).toEqual(Array(2).fill("registry.example/shop:1.2"));
  });
});

describe("kubectl on the sandbox", () => {
  test.concurrent("gets, describes, scales, waits, reads logs and deletes", async () => {
    const namespace = freshName("kubectl");
    done(await world.slipway("deploy", "shop", shop, "-n", namespace, "--create-namespace"));
    const kubectl = async (...words: string[]) => done(await world.kubectl(...words, "-n", namespace));

    expect(await kubectl("get", "deployments")).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nshop-web +2\/2 +2 +2 /,
    );
    expect(await kubectl("get", "pods", "-o", "name", "-l", "app.kubernetes.io/name=shop")).toMatch(
      /^(pod\/shop-web-\S+\n){2}$/,
    );
    expect(await kubectl("get", "deployment", "shop-web", "-o", "jsonpath={.spec.replicas}")).toBe("2");
    expect(await kubectl("describe", "deployment", "shop-web")).toMatch(/ScalingReplicaSet/);
    expect(await kubectl("api-resources")).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(await kubectl("explain", "deployment.spec.replicas")).toContain("FIELD: replicas <integer>");

    await kubectl("scale", "deployment/shop-web", "--replicas=3");
    await kubectl("rollout", "status", "deployment/shop-web", "--timeout=20s");
    expect(await readyImages(world, namespace, web)).toHaveLength(3);
    expect(await kubectl("logs", "deployment/shop-web")).not.toBe("");
    await kubectl("delete", "deployment/shop-web", "--wait", "--timeout=20s");
    expect((await world.kubectl("get", "deployment", "shop-web", "-n", namespace)).err).toContain("NotFound");
  });

  test.concurrent("applies, patches, labels and deletes, by its own and by the server's hand", async () => {
    const namespace = freshName("apply");
    const kubectl = async (...words: string[]) => done(await world.kubectl(...words, "-n", namespace));
    await kubectl("create", "namespace", namespace);
    const file = join(folder, "apply.yaml");
    const write = (data: string) =>
      writeFileSync(file, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${data}\n`);
    write("{x: '1', y: '1'}");
    expect(await kubectl("apply", "-f", file)).toBe("configmap/a created\n");
    expect(await kubectl("apply", "-f", file)).toBe("configmap/a unchanged\n");
    write("{x: '2'}");
    expect(await world.kubectl("diff", "-f", file, "-n", namespace)).toMatchObject({ code: 1, err: "" });
    expect(await kubectl("apply", "-f", file)).toBe("configmap/a configured\n");
    expect(await kubectl("get", "configmap", "a", "-o", "jsonpath={.data}")).toBe('{"x":"2"}');
    expect(await kubectl("apply", "--server-side", "--force-conflicts", "-f", file)).toContain("serverside-applied");
    await kubectl("patch", "configmap", "a", "-p", '{"data":{"z":"3"}}');
    await kubectl("label", "configmap", "a", "tier=one");
    expect(await kubectl("get", "configmaps", "-l", "tier=one", "-o", "name")).toBe("configmap/a\n");
    expect(await kubectl("delete", "-f", file)).toMatch(/^configmap "a" deleted/);
    expect(await kubectl("auth", "can-i", "create", "deployments")).toBe("yes\n");
    await kubectl("delete", "namespace", namespace, "--timeout=20s");
  });
});
