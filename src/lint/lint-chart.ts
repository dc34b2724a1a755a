import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { newBudget, spend } from "../chart/budget.ts";
import { withoutByteOrderMark } from "../chart/byte-order-mark.ts";
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
  const found = readFiles(path);
  const { messages, report } = collector();
  const { chart, failure } = loadFiles(found, path, options.helm);
  const subject = { ...options, files: found.files, chart, folder: resolve(path) };
  lintChartfile(found.files, report, options.helm);
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

/** The files that rules read by themselves, and those that make the chart, or why they can't be had. */
type Found = { files: readonly ChartFile[]; loadable: readonly ChartFile[] | SlipwayError };

function loadFiles({ loadable }: Found, path: string, helm: HelmVersion) {
  try {
    if (loadable instanceof SlipwayError) throw loadable;
    const files = withKnownVersion(loadable, helm);
    return { chart: chartFromFiles(files, path, { budget: newBudget(), helm }), failure: undefined };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { chart: undefined, failure: textOf(error) };
  }
}

// What is wrong with the version of the API is told once in Helm 4, and the chart is looked at all the same.
function withKnownVersion(files: readonly ChartFile[], helm: HelmVersion): ChartFile[] {
  if (!helmDifferences[helm].strictLint) return [...files];
  return files.map((file) => {
    if (file.name !== "Chart.yaml") return file;
    const text = Buffer.from(file.data).toString("latin1");
    const known = text.replace(/^apiVersion:(?!\s*(?:["']?v[12]["']?\s*(#|$)|[[{])).*$/m, "apiVersion: v2");
    return { ...file, data: Buffer.from(known, "latin1") };
  });
}

function readFiles(path: string): Found {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && existsSync(join(path, "Chart.yaml"))) return readFolderFiles(path);
  const bytes = stats?.isFile() ? readFileSync(path) : undefined;
  if (bytes !== undefined && isGzip(bytes)) {
    const files = readArchive(bytes, path, newBudget());
    return { files, loadable: files };
  }
  throw new SlipwayError("CHART_NOT_FOUND", `There is no chart at "${path}"`, {
    hint: "Name a folder that holds Chart.yaml, or a packaged chart (.tgz).",
  });
}

/** What `.helmignore` names is no part of the chart, but some files are looked at all the same. */
function readFolderFiles(path: string): Found {
  const budget = newBudget();
  const own = ["Chart.yaml", "values.yaml", "values.schema.json"].flatMap((name) => {
    const file = join(path, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return [];
    spend(budget, stats.size, path);
    return [{ name, data: withoutByteOrderMark(readFileSync(file)) }];
  });
  try {
    const loadable = readFolder(path, newBudget());
    const others = loadable.filter(({ name }) => !own.some((file) => file.name === name));
    return { files: [...own, ...others], loadable };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { files: own, loadable: error };
  }
}
