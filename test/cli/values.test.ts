import { expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

const chart = new URL("../../examples/shop", import.meta.url).pathname;

test("values of no release need no cluster", async () => {
  const { code, out } = await commandLine(["values", "-", chart, "--set", "image.tag=v2"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^image:\n(?: .*\n)*? {2}tag: v2$/m);
});

test("where a release was named and there is no cluster, the way without one is told", async () => {
  const { code, err } = await commandLine(["values", "shop", chart]);
  expect(code).toBe(1);
  expect(err).toContain('Write - in place of "shop" for the values without a release');
});
