import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { hasCode } from "../../base/error.ts";
import { parseStrictVersion, SemverError } from "../../base/semver.ts";
import { isCompatible } from "../is-compatible.ts";
import { loadChart } from "../load-chart.ts";
import type { Chart, Dependency } from "../types.ts";

export type DependencyStatus = { name: string; version: string; repository: string; status: string };

/** Each dependency of the chart and whether it is there, in Helm's words. */
export async function dependencyStatuses(chartPath: string, chart: Chart): Promise<DependencyStatus[]> {
  const rows: DependencyStatus[] = [];
  for (const dependency of chart.metadata.dependencies ?? []) {
    const { name, version = "", repository = "" } = dependency;
    rows.push({ name, version, repository, status: await statusOf(dependency, chartPath, chart) });
  }
  return rows;
}

/** What lies in `charts/` although nothing asks for it, or although it is no chart. */
export async function strayCharts(chartPath: string, chart: Chart): Promise<string[]> {
  const folder = join(chartPath, "charts");
  const asked = new Set(chart.metadata.dependencies?.map(({ name }) => name));
  const warnings: string[] = [];
  for (const name of filesIn(folder)) {
    const path = join(folder, name);
    if (extname(name) !== ".tgz" && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    const found = await nameOf(path);
    if (found === undefined) warnings.push(`"${path}" is not a chart.`);
    else if (!asked.has(found)) warnings.push(`"${path}" is not in Chart.yaml.`);
  }
  return warnings;
}

async function statusOf(dependency: Dependency, chartPath: string, chart: Chart): Promise<string> {
  const { name } = dependency;
  const archives = filesIn(join(chartPath, "charts")).filter(
    (file) => file.startsWith(`${name}-`) && file.endsWith(".tgz"),
  );
  const versioned =
    archives.length === 1 ? archives : archives.filter((file) => isVersion(file.slice(name.length + 1, -4)));
  if (versioned.length > 1) return "too many matches";
  const [archive] = versioned;
  if (archive !== undefined) return await archiveStatus(join(chartPath, "charts", archive), dependency);
  const unpacked = chart.dependencies.findLast(({ metadata }) => metadata.name === name);
  if (unpacked === undefined) return "missing";
  return misfit(unpacked.metadata.version, dependency) ?? "unpacked";
}

async function archiveStatus(path: string, dependency: Dependency): Promise<string> {
  try {
    const { metadata } = await loadChart(path);
    if (metadata.name !== dependency.name) return "misnamed";
    return misfit(metadata.version, dependency) ?? "ok";
  } catch (error) {
    if (isUnreadable(error)) return "corrupt";
    throw error;
  }
}

function misfit(version: string, { version: wanted = "" }: Dependency): string | undefined {
  return version === wanted || isCompatible(wanted, version) ? undefined : "wrong version";
}

async function nameOf(path: string): Promise<string | undefined> {
  try {
    return (await loadChart(path)).metadata.name;
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return hasCode(error, "CHART_INVALID", "CHART_LIMIT", "YAML_INVALID", "VALUES_INVALID");
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isVersion(text: string): boolean {
  try {
    return parseStrictVersion(text) !== undefined;
  } catch (error) {
    if (error instanceof SemverError) return false;
    throw error;
  }
}
