import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { planAfter, sequence, writeChart } from "../scenarios/any-sequence.ts";
import { makeWorld } from "../scenarios/tools.ts";

const { chart, remove } = writeChart();
afterAll(remove);

const count = Number(process.env["SLIPWAY_SEQUENCES"] ?? 100);
const seed = Number(process.env["SLIPWAY_SEED"] ?? 1);

test("a plan right after a deploy is empty, whatever was before", { timeout: 300_000 }, async () => {
  const sequences = fc.sample(sequence, { numRuns: count, seed });
  const plans = await mapConcurrently(sequences, 4, async (each) => {
    const sandbox = await startSandbox({ speed: 50 });
    const world = await makeWorld(sandbox.kubeconfig);
    try {
      return { each, ...(await planAfter(each, { world, chart, namespace: "it" })) };
    } finally {
      world.close();
      await sandbox.close();
    }
  });
  expect(plans.filter(({ code }) => code !== 0)).toEqual([]);
  console.log(`${count} sequences: each plan right after a deploy is empty (seed ${seed})`);
});
