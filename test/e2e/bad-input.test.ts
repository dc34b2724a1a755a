import { beforeAll, describe, expect, inject, test } from "vitest";
import { badInputStories } from "../scenarios/bad-input.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld, shop } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

describe("on the real control plane", () => {
  badInputStories(() => world);

  test("no permission: which verb on what", async () => {
    const namespace = freshName("denied");
    await world.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const ended = await world.slipway("deploy", "shop", shop, "-n", namespace, "--kube-as-user", "nobody");
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^Error: .*(list|get).*secrets.*\(KUBE_FORBIDDEN\)/);
    expect((await world.kube.list("v1", "Secret", { namespace })).items).toEqual([]);
  });
});
