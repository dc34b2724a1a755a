import { afterAll, beforeAll, describe } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { planStories } from "../scenarios/plan-stories.ts";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";

let world: World;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox({ podStartMs: 10 });
  world = await openWorld(sandbox.kubeconfig);
});
afterAll(() => sandbox.close());

describe("on the sandbox", () => {
  planStories(() => world);
});
