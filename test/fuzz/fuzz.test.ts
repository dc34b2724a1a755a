import { expect, test } from "vitest";
import { failureText, runTarget } from "./run-target.ts";
import { targets } from "./targets.ts";

// Long where it is worth it: whoever works on the code runs the tests all the time.
const seconds = process.env["CI"] === "true" ? 30 : 2;
const seed = Number(process.env["SLIPWAY_FUZZ_SEED"] ?? 20_260_501);

test.concurrent.each(Object.keys(targets))("%s takes what it is fed, or refuses it", async (name) => {
  const { runs, failure } = await runTarget(name, { seed, seconds });
  expect(failure && failureText(name, seed, failure)).toBeUndefined();
  expect(runs).toBeGreaterThan(10);
});
