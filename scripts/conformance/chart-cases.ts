import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { runHelmTwice } from "./run-helm.ts";
import type { Case } from "./types.ts";

/** Every chart at or below a folder, with its default values and with each of its ci/*-values.yaml. */
export function* chartCases(folder: string, helm: "3" | "4"): Generator<Case> {
  for (const chart of findCharts(folder)) {
    const name = chart === folder ? basename(chart) : chart.slice(folder.length).replace(/^\//, "");
    for (const values of [undefined, ...valuesFiles(chart)]) {
      const files = values === undefined ? [] : [values];
      yield {
        name: values === undefined ? name : `${name} ${basename(values)}`,
        chart,
        values: files,
        helm: () => runHelmTwice(helm, chart, files),
      };
    }
  }
}

function* findCharts(folder: string): Generator<string> {
  if (folder.endsWith(".tgz") || existsSync(join(folder, "Chart.yaml"))) return yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== "node_modules") yield* findCharts(join(folder, entry.name));
    else if (entry.name.endsWith(".tgz")) yield join(folder, entry.name);
  }
}

function valuesFiles(chart: string): string[] {
  const ci = join(chart, "ci");
  if (!existsSync(ci)) return [];
  return readdirSync(ci)
    .filter((name) => name.endsWith("-values.yaml"))
    .map((name) => join(ci, name));
}
