// Measures whole processes of ours and of the real Helm in turns, over the same charts.
//
//   npm run bench -- template CHART...       medians of wall time, CPU time and peak memory, and ours as parts of Helm's
//
// Options: -f FILE (values, for every chart), --runs N, --helm 3, --dist FOLDER, --node PATH
import { parseArgs } from "node:util";
import { type Bench, benchChart } from "./bench/bench-chart.ts";
import { medianOf } from "./bench/median.ts";
import type { Usage } from "./bench/run-process.ts";
import { helmBinaries } from "./helm-binaries.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    values: { type: "string", short: "f", multiple: true, default: [] },
    runs: { type: "string", default: "11" },
    helm: { type: "string", default: "4" },
    dist: { type: "string", default: "dist" },
    node: { type: "string", default: process.execPath },
  },
});

const [subject, ...charts] = positionals;
if (subject !== "template" || charts.length === 0) {
  console.error("Name charts: npm run bench -- template CHART...");
  process.exit(2);
}

const helm = values.helm === "3" ? "3" : "4";
console.log(`medians of ${values.runs} runs in turns with Helm ${helm} (${helmBinaries[helm]})`);
console.log(row("chart", ["measure", "ours", "Helm", "ratio"]));
for (const chart of charts) {
  const bench = await benchChart(chart, {
    helm,
    valuesFiles: values.values,
    runs: Number(values.runs),
    dist: values.dist,
    node: values.node,
  });
  for (const line of linesOf(bench)) console.log(row(bench.name, line));
}

function linesOf({ ours, theirs, again }: Bench): string[][] {
  const helmWall = medianOf(theirs.map(({ wallMs }) => wallMs));
  const compared = (name: string, unit: string, pick: (usage: Usage) => number) =>
    line(name, unit, medianOf(ours.map(pick)), medianOf(theirs.map(pick)));
  return [
    compared("wall", "ms", ({ wallMs }) => wallMs),
    compared("CPU", "ms", ({ cpuMs }) => cpuMs),
    compared("memory", "MiB", ({ peakMiB }) => peakMiB),
    line("again in one process", "ms", medianOf(again), helmWall),
  ];
}

function line(name: string, unit: string, ours: number, theirs: number): string[] {
  return [name, `${ours.toFixed(0)} ${unit}`, `${theirs.toFixed(0)} ${unit}`, `${(ours / theirs).toFixed(2)}`];
}

function row(name: string, [measure = "", ...figures]: string[]): string {
  return `${name.padEnd(28)} ${measure.padEnd(21)} ${figures.map((text) => text.padStart(9)).join(" ")}`;
}
