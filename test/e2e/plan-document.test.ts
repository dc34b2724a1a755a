import { beforeAll, describe, inject } from "vitest";
import { planStories } from "../scenarios/plan-stories.ts";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

describe("on the real control plane", () => {
  planStories(() => world);
});
