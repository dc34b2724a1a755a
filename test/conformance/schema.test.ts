import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { loadChart } from "../../src/chart/load-chart.ts";
import { offlineCapabilities } from "../../src/render/capabilities.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { part } from "../parts.ts";
import { runTool } from "../scenarios/tools.ts";
import { fixedCases, type SchemaCase, schemaCase } from "./schema/schemas.ts";
import type { JsonMap } from "./values/charts.ts";

const seed = Number(process.env["SLIPWAY_SEED"] ?? 1);
const count = Number(process.env["SLIPWAY_CASES"] ?? 300);

const cases = [...fixedCases, ...fc.sample(schemaCase, { seed, numRuns: count })];
const nameOf = (index: number) => `s${String(index).padStart(4, "0")}`;

/**
 * Each case is a chart, all of them in one: Helm checks the values of all and names those that are refused. Every third
 * lies inside the one before it, and of every other one the values are given by the chart above.
 */
function writeCharts(root: string): void {
  const given: JsonMap = {};
  let above = root;
  for (const [index, { schema, values }] of cases.entries()) {
    const name = nameOf(index);
    const folder = join(index % 3 === 2 ? above : root, "charts", name);
    const isGiven = index % 2 === 0 && index % 3 !== 2;
    if (isGiven) given[name] = values;
    writeChart(folder, { name, schema, values: isGiven ? {} : values });
    above = folder;
  }
  writeChart(root, { name: "root", values: given });
}

function writeChart(folder: string, { name, schema, values }: Partial<SchemaCase> & { name: string }): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), JSON.stringify({ apiVersion: "v2", name, version: "1.0.0" }));
  writeFileSync(join(folder, "values.yaml"), JSON.stringify(values));
  if (schema !== undefined) writeFileSync(join(folder, "values.schema.json"), JSON.stringify(schema));
}

/** All of them; the command line shows the first. */
async function ourRefusals(root: string, helm: "3" | "4"): Promise<string> {
  const rendered = renderChart({
    chart: await loadChart(root, { helm }),
    config: new Map(),
    release: { name: "shop", namespace: "default", revision: 1, isUpgrade: false },
    capabilities: offlineCapabilities(helm, { apiVersions: [] }),
    helm,
    skipSchemaValidation: false,
  });
  return await rendered.then(
    () => "",
    (error: unknown) => (error instanceof SlipwayError ? (error.detail ?? error.message) : String(error)),
  );
}

/** The charts whose values are refused; Helm 4 has no line break before some of them. */
function refused(err: string): Set<string> {
  return new Set([...err.matchAll(/(s\d{4}):$/gm)].map(([, name = ""]) => name));
}

describe.each(["3", "4"] as const)("schemas as helm%s applies them", (version) => {
  const helm = part(`helm${version}`);

  test.runIf(helm !== undefined)(`${cases.length} schemas, seed ${seed}`, async () => {
    const root = mkdtempSync(join(tmpdir(), "slipway-schema-"));
    try {
      writeCharts(root);
      const theirs = refused((await runTool(helm ?? "", ["template", "shop", root], { HOME: root })).err);
      const ours = refused(await ourRefusals(root, version));
      // Else nothing would be shown.
      expect(theirs.size).toBeGreaterThan(cases.length / 5);
      expect(theirs.size).toBeLessThan((cases.length * 4) / 5);
      const different = cases.filter((_, index) => theirs.has(nameOf(index)) !== ours.has(nameOf(index)));
      const shown = different
        .slice(0, 3)
        .map((one) => ({ ...one, helm: verdict(theirs, one), ours: verdict(ours, one) }));
      expect({ different: different.length, shown }).toEqual({ different: 0, shown: [] });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

function verdict(names: ReadonlySet<string>, one: SchemaCase): string {
  return names.has(nameOf(cases.indexOf(one))) ? "refused" : "taken";
}
