import { beforeAll, describe, inject } from "vitest";
import { definitionStories } from "../scenarios/definition-stories.ts";
import { orderStories } from "../scenarios/order-stories.ts";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

describe.concurrent("on the real control plane", () => {
  orderStories(() => world);
  definitionStories(() => world);
});
