import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { newBudget } from "../chart/budget.ts";
import { chartFromFiles } from "../chart/chart-from-files.ts";
import { isGzip, readArchive } from "../chart/read-archive.ts";
import { readFolder } from "../chart/read-folder.ts";
import type { Chart, ChartFile } from "../chart/types.ts";
import { lintChartfile } from "./chartfile-rules.ts";
import { lintDefinitions, lintDependencies } from "./folder-rules.ts";
import { collector, type LintMessage, textOf } from "./message.ts";
import { lintUnknownValues, lintUnusedValues } from "./own-rules.ts";
import { lintTemplates } from "./template-rules.ts";
import { lintValues } from "./values-rules.ts";

export type LintOptions = {
  config: GoMap;
  namespace: string;
  helm: HelmVersion;
  kubeVersion?: string;
  skipSchemaValidation?: boolean;
};

/** A chart as the rules see it: its files are there even where it can't be loaded. */
export type Subject = LintOptions & { files: readonly ChartFile[]; folder: string; chart: Chart | undefined };

/** All that Helm's linter finds, in its order, then what only we look for. Fails where there is no chart. */
export async function lintChart(path: string, options: LintOptions): Promise<LintMessage[]> {
  const files = readFiles(path);
  const { messages, report } = collector();
  let chart: Chart | undefined;
  let failure: string | undefined;
  try {
    chart = chartFromFiles(loadable(files, options.helm), path, { budget: newBudget(), helm: options.helm });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    failure = textOf(error);
  }
  const subject = { ...options, files, chart, folder: resolve(path) };
  lintChartfile(files, report, options.helm);
  await lintValues(subject, report);
  const rest = await lintTemplates(subject, failure, report);
  lintDependencies(subject, failure, report);
  lintDefinitions(subject, failure, report);
  for (const { severity, path: place, text } of rest) report(severity, place, text);
  if (chart !== undefined) {
    lintUnusedValues(chart, options.config, report);
    lintUnknownValues(chart, options.config, report);
  }
  return messages;
}

// What is wrong with the version of the API is told once in Helm 4, and the chart is looked at all the same.
function loadable(files: readonly ChartFile[], helm: HelmVersion): ChartFile[] {
  if (!helmDifferences[helm].strictLint) return [...files];
  return files.map((file) => {
    if (file.name !== "Chart.yaml") return file;
    const text = Buffer.from(file.data).toString("latin1");
    const known = text.replace(/^apiVersion:(?!\s*["']?v[12]["']?\s*(#|$)).*$/m, "apiVersion: v2");
    return { ...file, data: Buffer.from(known, "latin1") };
  });
}

function readFiles(path: string): ChartFile[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && existsSync(join(path, "Chart.yaml"))) return readFolder(path, newBudget());
  const bytes = stats?.isFile() ? readFileSync(path) : undefined;
  if (bytes !== undefined && isGzip(bytes)) return readArchive(bytes, path, newBudget());
  throw new SlipwayError("CHART_NOT_FOUND", `There is no chart at "${path}"`, {
    hint: "Name a folder that holds Chart.yaml, or a packaged chart (.tgz).",
  });
}
