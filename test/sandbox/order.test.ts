import { afterAll, beforeAll, describe } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { definitionStories } from "../scenarios/definition-stories.ts";
import { orderStories } from "../scenarios/order-stories.ts";
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
  orderStories(() => world);
  definitionStories(() => world);
});
