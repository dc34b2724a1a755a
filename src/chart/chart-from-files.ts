import { SlipwayError } from "../base/error.ts";
import { fromBytes } from "../base/go-string.ts";
import type { GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { readYaml } from "../base/yaml/read.ts";
import { type ChartBudget, chartLimits } from "./budget.ts";
import { DecodeError } from "./decode-struct.ts";
import { laterFile } from "./later-file.ts";
import { decodeLock, decodeMetadata } from "./metadata.ts";
import { isGzip, readArchive } from "./read-archive.ts";
import { readValues } from "./read-values.ts";
import type { Chart, ChartFile, ChartMetadata, Dependency } from "./types.ts";
import { validateMetadata } from "./validate-metadata.ts";

/** What loading a chart and all its subcharts shares. */
export type LoadContext = { budget: ChartBudget; helm: HelmVersion };

/** Sorts a chart's files into their places, and loads the subcharts that lie under `charts/`. */
export function chartFromFiles(files: ChartFile[], origin: string, context: LoadContext, depth = 0): Chart {
  if (depth > chartLimits.depth) throw invalid(origin, "subcharts lie too deep in each other");
  const chart = sortFiles(files, origin, context.helm);
  const problem =
    (depth === 0 ? problemOfApiVersion(chart.metadata, context.helm) : undefined) ?? validateMetadata(chart.metadata);
  if (problem !== undefined) throw invalid(origin, problem);
  chart.dependencies = loadSubcharts(chart, files, context, depth + 1);
  return chart;
}

// Helm chooses a loader by the chart's version, and that loader takes subcharts of any.
function problemOfApiVersion({ apiVersion }: ChartMetadata, helm: HelmVersion): string | undefined {
  if (apiVersion === "v1" || apiVersion === "v2" || helmDifferences[helm].takesAnyApiVersion) return undefined;
  return `unsupported apiVersion "${apiVersion}" in Chart.yaml`;
}

function sortFiles(files: ChartFile[], origin: string, helm: HelmVersion): Chart {
  const chart: Chart = {
    metadata: metadataOf(files, origin),
    templates: [],
    files: [],
    raw: files,
    values: new Map(),
    dependencies: [],
    origin,
  };
  for (const file of files) placeFile(chart, file, helm);
  return chart;
}

function metadataOf(files: ChartFile[], origin: string): ChartMetadata {
  const file = files.find(({ name }) => name === "Chart.yaml");
  if (file === undefined) throw invalid(origin, "Chart.yaml file is missing");
  const read = decode(file, origin, decodeMetadata);
  // Charts of Helm 2 needed no apiVersion: without one it is v1.
  const metadata = { ...read, apiVersion: read.apiVersion || "v1", name: read.name ?? "", version: read.version ?? "" };
  const requirements = files.find(({ name }) => name === "requirements.yaml");
  if (requirements === undefined) return metadata;
  const more = decode(requirements, origin, decodeMetadata);
  return { ...metadata, ...more, ...mergedDependencies(metadata.dependencies, more.dependencies) };
}

/** Go reads the second list over the first: what an item there doesn't say stays. */
function mergedDependencies(before: Dependency[] = [], after: Dependency[] | undefined) {
  if (after === undefined) return {};
  const merge = (item: Dependency | null, old: Dependency | null | undefined): Dependency | null =>
    item && { ...old, ...item, name: item.name || (old?.name ?? "") };
  return { dependencies: after.map((item, index) => merge(item, before[index]) as Dependency) };
}

function placeFile(chart: Chart, file: ChartFile, helm: HelmVersion): void {
  const { name } = file;
  if (name === "Chart.yaml") return;
  if (name === "Chart.lock" || name === "requirements.lock") chart.lock = decode(file, chart.origin, decodeLock);
  if (name === "Chart.lock") return;
  if (name === "requirements.yaml" || name === "requirements.lock") {
    if (chart.metadata.apiVersion === "v1") chart.files.push(file);
  } else if (name === "values.yaml") {
    chart.values = readValues(fromBytes(file.data), `${chart.origin}/${name}`, helm);
  } else if (name === "values.schema.json") {
    chart.schema = file.data;
  } else if (name.startsWith("templates/")) {
    chart.templates.push(file);
  } else if (!name.startsWith("charts/") || name.endsWith(".prov")) {
    chart.files.push(file);
  }
}

function decode<T>(file: ChartFile, origin: string, decoder: (document: GoValue) => T): T {
  const document = readYaml(fromBytes(file.data), { source: `${origin}/${file.name}`, numbers: "typed" });
  try {
    return decoder(document);
  } catch (error) {
    if (error instanceof DecodeError) throw invalid(origin, `cannot load ${file.name}: ${error.message}`);
    throw error;
  }
}

function loadSubcharts(chart: Chart, files: ChartFile[], context: LoadContext, depth: number): Chart[] {
  const subcharts: Chart[] = [];
  for (const [entry, inside] of groupSubcharts(files)) {
    const origin = `${chart.origin}/charts/${entry}`;
    if (entry.startsWith("_") || entry.startsWith(".")) continue;
    if (!entry.endsWith(".tgz")) {
      // A file right under charts/ is no chart; Helm says so in these words.
      const own = inside.filter((file) => file.name !== "");
      subcharts.push(chartFromFiles(own, origin, context, depth));
      continue;
    }
    const archive = inside[0];
    if (archive === undefined || archive.name !== "" || !isGzip(archive.data)) {
      throw invalid(origin, "it is not a packaged chart (a gzipped archive)");
    }
    subcharts.push(chartFromFiles(readArchive(archive.data, origin, context.budget), origin, context, depth));
  }
  return subcharts;
}

/** The files under `charts/` by the first part of their path, which they lose; a file right there has no name left. */
function groupSubcharts(files: ChartFile[]): Map<string, ChartFile[]> {
  const groups = new Map<string, ChartFile[]>();
  for (const file of files) {
    const { name } = file;
    if (!name.startsWith("charts/") || name.endsWith(".prov")) continue;
    const [entry = "", ...rest] = name.slice("charts/".length).split("/");
    const group = groups.get(entry) ?? [];
    group.push(laterFile(rest.join("/"), () => file.data));
    groups.set(entry, group);
  }
  return groups;
}

function invalid(origin: string, why: string): SlipwayError {
  return new SlipwayError("CHART_INVALID", `Cannot load chart "${origin}": ${why}`);
}
