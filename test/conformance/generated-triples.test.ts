import fc from "fast-check";
import { beforeAll, expect, inject, test } from "vitest";
import type { World } from "../scenarios/tools.ts";
import { openWorld } from "../scenarios/world.ts";
import { describeDifference } from "../side-by-side/differences.ts";
import { generatedTriple } from "./triples/generate.ts";
import { compareAll, installDefinitions } from "./triples/play.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld(inject("kubeconfig"));
  await installDefinitions(world);
});

const count = Number(process.env["SLIPWAY_TRIPLES"] ?? 250);
const seed = Number(process.env["SLIPWAY_TRIPLES_SEED"] ?? 1);

test.each(["csa", "ssa"] as const)("objects drawn by lot end as Helm leaves them: %s", async (method) => {
  const triples = fc.sample(generatedTriple, { numRuns: count, seed: method === "csa" ? seed : seed + 1 });
  const { differences, planned } = await compareAll(world, triples, method);
  const told = [...differences].map(([index, found]) => ({ ...triples[index], found: found.map(describeDifference) }));
  expect(told).toEqual([]);
  expect(planned).toBe("");
  console.log(`${count} objects drawn by lot: none left otherwise than by Helm (${method}, seed ${seed})`);
});
