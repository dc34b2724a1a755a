import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { planAfter, sequence, writeChart } from "../scenarios/any-sequence.ts";
import type { World } from "../scenarios/tools.ts";
import { freshName, openWorld } from "../scenarios/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
});

const { chart, remove } = writeChart();
afterAll(remove);

// Many more of them run on the sandbox.
const sequences = fc.sample(sequence, { numRuns: 6, seed: 2 });

test.concurrent.each(sequences.map((each, index) => ({ each, index })))(
  "a plan right after a deploy is empty, whatever was before: sequence $index",
  async ({ each }) => {
    expect(await planAfter(each, { world, chart, namespace: freshName("sequence") })).toMatchObject({
      code: 0,
      err: "",
    });
  },
);
