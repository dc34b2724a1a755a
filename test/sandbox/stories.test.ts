import { afterAll, beforeAll, describe } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { configStories } from "../scenarios/config-stories.ts";
import { deployStories, troubleStories } from "../scenarios/deploy-stories.ts";
import { recordStories } from "../scenarios/record-stories.ts";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

let world: World;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox();
  world = await openWorld(sandbox.kubeconfig);
});
afterAll(() => sandbox.close());

describe.concurrent("on the sandbox", () => {
  deployStories(() => world);
  troubleStories(() => world);
  configStories(() => world);
  recordStories(() => world);
});
