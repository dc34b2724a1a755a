import { beforeAll, describe, inject } from "vitest";
import { configStories } from "../scenarios/config-stories.ts";
import { deployStories, troubleStories } from "../scenarios/deploy-stories.ts";
import { recordStories } from "../scenarios/record-stories.ts";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

describe.concurrent("on the real control plane", () => {
  deployStories(() => world);
  troubleStories(() => world);
  configStories(() => world);
  recordStories(() => world);
});
