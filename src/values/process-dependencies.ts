import type { GoMap, GoValue } from "../base/go-value.ts";
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
  const enabled = enableSubcharts(chart, config, "", options);
  return importValues(enabled, options);
}

function enableSubcharts(chart: Chart, values: GoMap, path: string, options: CoalesceOptions): Chart {
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return chart;
  const named = declared.map((dependency) => ({ ...dependency, name: dependency.alias || dependency.name }));
  const all: Chart = { ...chart, dependencies: aliasSubcharts(chart, declared) };
  const coalesced = coalesceValues(all, values, options);
  const disabled = new Set(named.filter((d) => !isEnabled(d, coalesced, path, options)).map(({ name }) => name));
  const dependencies = all.dependencies
    .filter((subchart) => !disabled.has(subchart.metadata.name))
    .map((subchart) => enableSubcharts(subchart, coalesced, `${path}${subchart.metadata.name}.`, options));
  const kept = named.filter(({ name }) => !disabled.has(name)).map((dependency) => ({ ...dependency, enabled: true }));
  return { ...chart, metadata: withDependencies(chart.metadata, kept), dependencies };
}

// A chart whose last dependency is disabled is from then on like one that never had any.
function withDependencies(metadata: ChartMetadata, dependencies: Dependency[]): ChartMetadata {
  const { dependencies: _, ...rest } = metadata;
  return dependencies.length === 0 ? rest : { ...rest, dependencies };
}

/** Subcharts that Chart.yaml doesn't name come first; each that it names is there once for each of its aliases. */
function aliasSubcharts(chart: Chart, declared: Dependency[]): Chart[] {
  const isFor = (subchart: Chart, { name, version }: Dependency) =>
    subchart.metadata.name === name && isCompatible(version ?? "", subchart.metadata.version);
  const others = chart.dependencies.filter((subchart) => !declared.some((dependency) => isFor(subchart, dependency)));
  for (const dependency of declared) {
    const subchart = chart.dependencies.find((candidate) => isFor(candidate, dependency));
    if (subchart === undefined) continue;
    const name = dependency.alias || subchart.metadata.name;
    others.push({ ...subchart, metadata: { ...subchart.metadata, name } });
  }
  return others;
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

function importValues(chart: Chart, options: CoalesceOptions): Chart {
  const dependencies = chart.dependencies.map((subchart) => importValues(subchart, options));
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return { ...chart, dependencies };
  const values = mergeValues({ ...chart, dependencies }, new Map(), options);
  let imported: GoMap = new Map();
  const resolved: Dependency[] = [];
  for (const dependency of declared) {
    const ways = (dependency["import-values"] ?? [])
      .map((way) => wayOf(way as GoValue))
      .filter((way) => way !== undefined);
    for (const { child, parent } of ways) {
      const table = tableAt(values, `${dependency.name}.${child}`);
      if (table === undefined) options.warn?.(`ImportValues missing table "${child}" from chart ${dependency.name}`);
      else imported = mergeTables(imported, nest(parent, table), options.warn);
    }
    resolved.push(dependency["import-values"] === undefined ? dependency : { ...dependency, "import-values": ways });
  }
  return {
    ...chart,
    metadata: withDependencies(chart.metadata, resolved),
    dependencies,
    values: mergeTables(copyMap(values), imported, options.warn),
  };
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
