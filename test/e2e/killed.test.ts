import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { expectReadyImages, freshName, historyOf, openWorld, shop } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

/** Starts the bundled CLI and resolves, with the process, when its output has said `moment`. */
function startUntil(moment: string, words: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(inject("dist"), "cli.js"), ...words, "--kubeconfig", world.kubeconfig], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.includes(moment)) resolve(child);
    });
    child.once("close", () => reject(new Error(`It ended without saying "${moment}":\n${output}`)));
  });
}

test.concurrent("after SIGKILL in the middle of an upgrade the next deploy says what it found, and succeeds", async () => {
  const namespace = freshName("killed");
  const place = ["-n", namespace];
  expect((await world.slipway("deploy", "shop", shop, ...place, "--create-namespace")).code).toBe(0);
  const child = await startUntil("Watching the rollout", [
    "deploy",
    "shop",
    shop,
    ...place,
    "--set",
    "image.tag=never-ready",
  ]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await historyOf(world, "shop", namespace)).toMatchObject([
    { status: "deployed" },
    { status: "pending-upgrade" },
  ]);

  const next = await world.slipway("deploy", "shop", shop, ...place, "--set", "image.tag=1.2");
  expect(next.err).toBe("");
  expect(next.code).toBe(0);
  expect(next.out).toMatch(
    /Warning: Revision 2 of shop was begun .*never finished \(pending-upgrade\): that run was killed/,
  );
  await expectReadyImages(
    world,
    namespace,
    { "app.kubernetes.io/name": "shop" },
    Array(2).fill("registry.example/shop:1.2"),
  );
  const told = JSON.parse((await world.helm4("history", "shop", ...place, "-o", "json")).out);
  expect(told).toMatchObject([
    { revision: 1, status: "superseded" },
    { revision: 2, status: "failed" },
    { revision: 3, status: "deployed" },
  ]);
});

test.concurrent("a reader that goes away does not stop a deploy", async () => {
  const namespace = freshName("pipe");
  const words = ["deploy", "shop", shop, "-n", namespace, "--create-namespace"];
  const child = await startUntil("Rendering", words);
  child.stdout?.destroy();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await historyOf(world, "shop", namespace)).toMatchObject([{ status: "deployed" }]);
});

test.concurrent("a live run keeps its release: another one is told who holds it", async () => {
  const namespace = freshName("held");
  const place = ["-n", namespace];
  expect((await world.slipway("deploy", "shop", shop, ...place, "--create-namespace")).code).toBe(0);
  const child = await startUntil("Watching the rollout", [
    "deploy",
    "shop",
    shop,
    ...place,
    "--set",
    "image.tag=never-ready",
    "--timeout",
    "30s",
    "--on-failure",
    "keep",
  ]);
  const second = await world.slipway("deploy", "shop", shop, ...place);
  expect(second.code).toBe(1);
  expect(second.err).toMatch(
    new RegExp(`^Error: Release shop is being deployed by \\S+/${child.pid} since 20\\S+ \\(RELEASE_LOCKED\\)`),
  );
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(await historyOf(world, "shop", namespace)).toMatchObject([
    { status: "deployed" },
    { status: "failed", description: expect.stringContaining("the run was cancelled") },
  ]);
  expect((await world.slipway("deploy", "shop", shop, ...place)).code).toBe(0);
});
