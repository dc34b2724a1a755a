import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapConcurrently } from "../../src/base/concurrency.ts";
import { part, partPath } from "../parts.ts";
import { runSlipway, runTool } from "../scenarios/tools.ts";
import { losesTemplatesInHelm3, type ValuesCase, valuesCase } from "./values/charts.ts";
import { type WrittenCase, writeCase } from "./values/write-case.ts";

const versions = ["3", "4"] as const;
const seed = Number(process.env["SLIPWAY_SEED"] ?? 1);
const count = 300;
// Go goes through maps in any order, and where values contradict each other Helm's answer depends on it.
const attempts = 6;

test.runIf(process.env["CI"] === "true")("CI has both of the real Helm", () => {
  for (const version of versions) expect(part(`helm${version}`), partPath(`helm${version}`)).toBeDefined();
});

describe.each(versions)("values as helm%s merges them", (version) => {
  const helm = part(`helm${version}`);
  const isComparable = ({ chart }: ValuesCase) => version === "4" || !losesTemplatesInHelm3(chart);

  test.runIf(helm !== undefined)(`${count} charts, seed ${seed}`, async () => {
    const cases = fc.sample(valuesCase.filter(isComparable), { seed, numRuns: count });
    const root = mkdtempSync(join(tmpdir(), "slipway-values-"));
    try {
      const differences = await mapConcurrently(cases, 2, async (one, index) => {
        const written = writeCase(join(root, String(index)), one);
        return (await differs(helm ?? "", version, written)) ? one : undefined;
      });
      expect(differences.filter((one) => one !== undefined).slice(0, 1)).toEqual([]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

async function differs(helm: string, version: string, { chart, files, sets }: WrittenCase): Promise<boolean> {
  const words = ["template", "shop", chart, ...files.flatMap((file) => ["-f", file]), ...sets.flat()];
  const ours = await runSlipway([...words, "--helm", version]);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const theirs = await runTool(helm, words, { HOME: chart });
    if (theirs.code === ours.code && theirs.out === ours.out) return false;
  }
  return true;
}
