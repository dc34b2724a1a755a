import { basename, join, resolve } from "node:path";
import { helmBinaries } from "../helm-binaries.ts";
import { outputOf, runProcess, type Usage } from "./run-process.ts";

export type BenchOptions = {
  helm: "3" | "4";
  valuesFiles: readonly string[];
  runs: number;
  /** The folder of our bundles. */
  dist: string;
  /** The Node.js that runs them. */
  node: string;
};

export type Bench = {
  name: string;
  ours: Usage[];
  theirs: Usage[];
  /** Milliseconds of the second of two renders of a loaded chart in one process. */
  again: number[];
};

/** Runs ours and Helm's in turns, so that what else the machine does meets both alike. */
export async function benchChart(chart: string, options: BenchOptions): Promise<Bench> {
  const { helm, valuesFiles, node, dist } = options;
  const args = ["template", "bench", chart, ...valuesFiles.flatMap((file) => ["-f", file])];
  const ours = [join(dist, "cli.js"), ...args, "--helm", helm];
  const again = [join(import.meta.dirname, "render-again.ts"), resolve(dist, "index.js"), helm, chart, ...valuesFiles];
  // The first run of each fills the system's caches.
  if (outputOf(node, ours) !== outputOf(helmBinaries[helm], args)) {
    console.error(`${chart}: the outputs differ: by something random, or else npm run conformance says where`);
  }
  const bench: Bench = { name: basename(chart), ours: [], theirs: [], again: [] };
  for (let run = 0; run < options.runs; run++) {
    bench.ours.push(runProcess(node, ours));
    bench.theirs.push(runProcess(helmBinaries[helm], args));
    bench.again.push(Number(outputOf(process.execPath, again)));
  }
  return bench;
}
