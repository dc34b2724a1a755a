import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartSpec, DependencySpec, ValuesCase } from "./charts.ts";

export type WrittenCase = { chart: string; files: string[]; sets: ValuesCase["sets"] };

/** Writes the chart, whose every part prints its values, and the values files. */
export function writeCase(folder: string, { chart, files, sets }: ValuesCase): WrittenCase {
  const root = join(folder, "chart");
  writeChart(root, chart);
  const paths = files.map((values, index) => {
    const path = join(folder, `values-${index}.yaml`);
    writeFileSync(path, JSON.stringify(values));
    return path;
  });
  return { chart: root, files: paths, sets };
}

function writeChart(folder: string, chart: ChartSpec): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const { name, legacy, declared } = chart;
  const dependencies = declared.length > 0 ? { dependencies: declared.map(dependency) } : {};
  const metadata = { apiVersion: legacy ? "v1" : "v2", name, version: "1.2.3" };
  writeFileSync(join(folder, "Chart.yaml"), JSON.stringify(legacy ? metadata : { ...metadata, ...dependencies }));
  if (legacy && declared.length > 0) writeFileSync(join(folder, "requirements.yaml"), JSON.stringify(dependencies));
  writeFileSync(join(folder, "values.yaml"), JSON.stringify(chart.values));
  writeFileSync(
    join(folder, "templates", "values.yaml"),
    "kind: Values\nvalues:\n  {{- .Values | toYaml | nindent 2 }}\n",
  );
  for (const subchart of chart.subcharts) writeChart(join(folder, "charts", subchart.name), subchart);
}

function dependency({ chart, imports, ...rest }: DependencySpec) {
  return { name: chart, version: "^1.0.0", repository: "", ...rest, ...(imports && { "import-values": imports }) };
}
