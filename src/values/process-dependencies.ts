import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import { isCompatible } from "../chart/is-compatible.ts";
import { copyMap } from "../chart/merge-maps.ts";
import type { Chart, ChartMetadata, Dependency } from "../chart/types.ts";
import { type CoalesceOptions, coalesceValues, mergeTables, mergeValues } from "./coalesce.ts";
import { tableAt, valueAt } from "./value-path.ts";

/**
 * The chart with the subcharts that the values enable, under their aliases, and with the values that it imports from
 * them. The chart itself stays as it was loaded.
 */
export function processDependencies(chart: Chart, config: GoMap, options: CoalesceOptions): Chart {
  if (chart.metadata.dependencies === undefined && chart.dependencies.length === 0) return chart;
  const own = draftOf(chart);
  enableSubcharts(own, config, "", options);
  importValues(own, options);
  return own;
}

/** A copy whose dependencies, at any depth, may be changed. */
function draftOf(chart: Chart): Chart {
  return { ...chart, metadata: copyMetadata(chart.metadata), dependencies: chart.dependencies.map(draftOf) };
}

function copyMetadata(metadata: ChartMetadata): ChartMetadata {
  const { dependencies } = metadata;
  return dependencies === undefined ? metadata : { ...metadata, dependencies: dependencies.map((one) => ({ ...one })) };
}

function enableSubcharts(chart: Chart, values: GoMap, path: string, options: CoalesceOptions): void {
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return;
  chart.dependencies = aliasSubcharts(chart, declared, options);
  const coalesced = coalesceValues(chart, values, options);
  const disabled = new Set(declared.filter((d) => !isEnabled(d, coalesced, path, options)).map(({ name }) => name));
  const enabled = chart.dependencies.filter((subchart) => !disabled.has(subchart.metadata.name));
  for (const subchart of enabled) enableSubcharts(subchart, coalesced, `${path}${subchart.metadata.name}.`, options);
  const kept = declared.filter(({ name }) => !disabled.has(name));
  for (const dependency of kept) dependency.enabled = true;
  // A chart whose last dependency is disabled is from then on like one that never had any.
  if (kept.length > 0) chart.metadata.dependencies = kept;
  else delete chart.metadata.dependencies;
  chart.dependencies = enabled;
}

/**
 * Subcharts that Chart.yaml doesn't name come first; each that it names is there once for each of its aliases, which
 * become their names in Chart.yaml.
 */
function aliasSubcharts(chart: Chart, declared: Dependency[], options: CoalesceOptions): Chart[] {
  const isFor = (subchart: Chart, { name, version }: Dependency) =>
    subchart.metadata.name === name && isCompatible(version ?? "", subchart.metadata.version);
  const subcharts = chart.dependencies.filter(
    (subchart) => !declared.some((dependency) => isFor(subchart, dependency)),
  );
  for (const dependency of declared) {
    const subchart = chart.dependencies.find((candidate) => isFor(candidate, dependency));
    if (subchart !== undefined) subcharts.push(aliased(subchart, dependency.alias, options));
    if (dependency.alias) dependency.name = dependency.alias;
  }
  return subcharts;
}

// In Helm 3 the subcharts of a chart that is there twice are the same for both: what becomes of them for the first
// alias, their own aliases and imports, is how the second finds them.
function aliased(subchart: Chart, alias: string | undefined, { helm }: CoalesceOptions): Chart {
  const isShared = helmDifferences[helm].sharesAliasedSubcharts;
  const metadata = isShared ? { ...subchart.metadata } : copyMetadata({ ...subchart.metadata });
  if (alias) metadata.name = alias;
  const dependencies = isShared ? subchart.dependencies : subchart.dependencies.map((one) => ({ ...one }));
  return { ...subchart, metadata, dependencies };
}

function isEnabled(dependency: Dependency, values: GoMap, path: string, options: CoalesceOptions): boolean {
  for (const condition of (dependency.condition ?? "").trim().split(",")) {
    if (condition === "") continue;
    const value = valueAt(values, path + condition);
    if (typeof value === "boolean") return value;
    if (value !== undefined) {
      options.warn?.(`Condition path "${condition}" for chart ${dependency.name} returned non-bool value`);
    }
  }
  return isTagged(dependency, values, options);
}

function isTagged(dependency: Dependency, values: GoMap, options: CoalesceOptions): boolean {
  const tags = tableAt(values, "tags");
  const found = (dependency.tags ?? []).map((tag) => tags?.get(tag)).filter((value) => value !== undefined);
  if (found.some((value) => typeof value !== "boolean")) {
    options.warn?.(`A tag for chart ${dependency.name} returned non-bool value`);
  }
  return found.includes(true) || !found.includes(false);
}

function importValues(chart: Chart, options: CoalesceOptions): void {
  for (const subchart of chart.dependencies) importValues(subchart, options);
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return;
  const values = mergeValues(chart, new Map(), options);
  let imported: GoMap = new Map();
  for (const dependency of declared) {
    const given = dependency["import-values"];
    if (given === undefined) continue;
    const ways = given.map((way) => wayOf(way as GoValue)).filter((way) => way !== undefined);
    for (const { child, parent } of ways) {
      const table = tableAt(values, `${dependency.name}.${child}`);
      if (table === undefined) options.warn?.(`ImportValues missing table "${child}" from chart ${dependency.name}`);
      // Merging writes nulls into its source, which is the subchart's own table here; Helm gives an empty one as a new one.
      else imported = mergeTables(imported, nest(parent, table.size === 0 ? new Map() : table), options.warn);
    }
    // Plain objects, which a second look at the same declaration doesn't take for ways any more.
    dependency["import-values"] = ways;
  }
  chart.values = mergeTables(copyMap(values), imported, options.warn);
}

/** `child` is read from the subchart's values, `parent` is where it goes; a bare name is below `exports`. */
function wayOf(way: GoValue): { child: string; parent: string } | undefined {
  if (typeof way === "string") return { child: `exports.${way}`, parent: "." };
  if (!(way instanceof Map)) return undefined;
  return { child: printed(way.get("child")), parent: printed(way.get("parent")) };
}

function printed(value: GoValue | undefined): string {
  return value === undefined || value === null ? "<nil>" : String(value);
}

function nest(path: string, table: GoMap): GoMap {
  if (path === ".") return table;
  return path.split(".").reduceRight<GoMap>((inner, name) => new Map([[name, inner]]), table);
}
