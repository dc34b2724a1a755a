import { readFileSync, statSync } from "node:fs";
import { SlipwayError } from "../base/error.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { newBudget } from "./budget.ts";
import { chartFromFiles, type LoadContext } from "./chart-from-files.ts";
import { isGzip, readArchive } from "./read-archive.ts";
import { readFolder } from "./read-folder.ts";
import type { Chart } from "./types.ts";

/** Loads a chart from its folder or from its `.tgz`; CHART_NOT_FOUND, CHART_INVALID or CHART_LIMIT where it can't. */
export async function loadChart(path: string, { helm = "4" }: { helm?: HelmVersion } = {}): Promise<Chart> {
  const context: LoadContext = { budget: newBudget(), helm };
  return statOf(path).isDirectory() ? loadFolder(path, context) : loadArchive(path, context);
}

function loadFolder(path: string, context: LoadContext): Chart {
  const files = readFolder(path, context.budget);
  if (!files.some((file) => file.name === "Chart.yaml")) {
    throw new SlipwayError("CHART_INVALID", `The folder "${path}" is not a chart: it has no Chart.yaml`, {
      hint: "Name the folder that holds Chart.yaml, or a packaged chart (.tgz).",
    });
  }
  return chartFromFiles(files, path, context);
}

function loadArchive(path: string, context: LoadContext): Chart {
  const bytes = readFileSync(path);
  if (isGzip(bytes)) return chartFromFiles(readArchive(bytes, path, context.budget), path, context);
  const isYaml = /\.ya?ml$/i.test(path);
  throw new SlipwayError("CHART_INVALID", `The file "${path}" is not a packaged chart (a gzipped archive)`, {
    hint: isYaml
      ? "It looks like a YAML file. A values file goes with -f, the chart comes first."
      : "Name a chart's folder, or a .tgz that `helm package` made.",
  });
}

/** Loads a chart that is wholly in memory. */
export function loadPackedChart(bytes: Buffer, origin: string, { helm = "4" }: { helm?: HelmVersion } = {}): Chart {
  const context: LoadContext = { budget: newBudget(), helm };
  if (isGzip(bytes)) return chartFromFiles(readArchive(bytes, origin, context.budget), origin, context);
  throw new SlipwayError(
    "CHART_INVALID",
    `What was fetched as "${origin}" is not a packaged chart (a gzipped archive)`,
  );
}

function statOf(path: string): import("node:fs").Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) return stats;
  throw new SlipwayError("CHART_NOT_FOUND", `There is no chart at "${path}"`, { hint: hintFor(path) });
}

function hintFor(path: string): string {
  if (/^(oci|https?):\/\//.test(path)) return "Only folders and files are read here.";
  return "Name the chart's folder or its .tgz, relative to the working directory.";
}
