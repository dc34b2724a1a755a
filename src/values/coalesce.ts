import { SlipwayError } from "../base/error.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { copyMap } from "../chart/merge-maps.ts";
import type { Chart } from "../chart/types.ts";

export type CoalesceOptions = {
  helm: HelmVersion;
  /** Called with each of Helm's warnings: «skipped value for …: Not a table.». */
  warn?: (message: string) => void;
};

type Context = {
  /** Nulls of the user's values delete a default, or stay where the values are to be coalesced once more. */
  keepNulls: boolean;
  /** Helm 4 drops nulls from a chart's defaults, Helm 3 leaves them. */
  dropDefaultNulls: boolean;
  warn: (message: string) => void;
};

/** The values that templates see: `config` over the defaults of the chart and, under their names, of its subcharts. */
export function coalesceValues(chart: Chart, config: GoMap, options: CoalesceOptions): GoMap {
  return coalesceChart(chart, copyMap(config), "", contextOf(options, false));
}

/** As `coalesceValues`, but nulls stay: for steps that come before the values are coalesced for good. */
export function mergeValues(chart: Chart, config: GoMap, options: CoalesceOptions): GoMap {
  return coalesceChart(chart, copyMap(config), "", contextOf(options, true));
}

/** `source` under `target`, which is changed and given back; nulls stay. `source` is changed too. */
export function mergeTables(target: GoMap, source: GoMap, warn: (message: string) => void = ignore): GoMap {
  return mergeTable(target, source, "", { keepNulls: true, dropDefaultNulls: false, warn });
}

/** `source` under copies of `target`, whose nulls delete what is below them. */
export function coalesceUnder(target: GoMap, source: GoMap): GoMap {
  return mergeTable(copyMap(target), copyMap(source), "", { keepNulls: false, dropDefaultNulls: false, warn: ignore });
}

function contextOf({ helm, warn }: CoalesceOptions, keepNulls: boolean): Context {
  return { keepNulls, dropDefaultNulls: helmDifferences[helm].dropsDefaultNulls && !keepNulls, warn: warn ?? ignore };
}

function ignore(): void {}

function coalesceChart(chart: Chart, target: GoMap, path: string, context: Context): GoMap {
  const ownPath = join(path, chart.metadata.name);
  mergeDefaults(chart, target, ownPath, context);
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const values = target.has(name) ? target.get(name) : new Map();
    if (!(values instanceof Map)) throw typeMismatch(name, values ?? null);
    target.set(name, values);
    mergeGlobals(values, target, ownPath, context);
    coalesceChart(subchart, values, ownPath, context);
  }
  return target;
}

function typeMismatch(name: string, value: GoValue): SlipwayError {
  return new SlipwayError("VALUES_INVALID", `Cannot pass values to the subchart "${name}": "${name}" must be a map`, {
    hint: `Write the subchart's values under "${name}:"; it is ${Array.isArray(value) ? "a list" : "a single value"} now.`,
  });
}

function mergeDefaults(chart: Chart, target: GoMap, path: string, context: Context): void {
  const subcharts = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
  for (const [key, value] of copyMap(chart.values)) {
    if (!target.has(key)) {
      if (context.dropDefaultNulls) {
        if (value === null) continue;
        if (value instanceof Map) dropNulls(value);
      }
      target.set(key, value);
      continue;
    }
    const own = target.get(key);
    if (own === null && !context.keepNulls) target.delete(key);
    else if (own instanceof Map) {
      if (value instanceof Map) mergeDefault(own, value, join(path, key), subcharts.has(key), context);
      else if (value !== null) context.warn(`skipped value for ${join(path, key)}: Not a table.`);
    }
  }
}

// What belongs to a subchart keeps its nulls, which delete the subchart's own defaults later on.
function mergeDefault(target: GoMap, source: GoMap, path: string, isSubchart: boolean, context: Context): void {
  const keepNulls = context.keepNulls || isSubchart;
  if (!keepNulls && context.dropDefaultNulls) dropNulls(source);
  mergeTable(target, source, path, { ...context, keepNulls });
}

function mergeGlobals(target: GoMap, source: GoMap, path: string, context: Context): void {
  const own = target.has("global") ? target.get("global") : new Map();
  const above = source.has("global") ? source.get("global") : new Map();
  if (!(own instanceof Map && above instanceof Map)) {
    context.warn(`skipping globals because ${own instanceof Map ? "source" : "destination"} global is not a table.`);
    return;
  }
  for (const [key, value] of above) {
    const existing = own.get(key);
    if (value instanceof Map) {
      if (!own.has(key)) own.set(key, new Map(value));
      else if (existing instanceof Map) {
        // The parent's map wins here, key by key.
        own.set(key, mergeTable(new Map(value), existing, join(path, key), { ...context, keepNulls: true }));
      } else context.warn(`Conflict: cannot merge map onto non-map for "${key}". Skipping.`);
    } else if (existing instanceof Map) context.warn(`key ${key} is table. Skipping`);
    else own.set(key, value);
  }
  target.set("global", own);
}

function mergeTable(target: GoMap, source: GoMap, path: string, context: Context): GoMap {
  const hidden = hideUnderNulls(target, source);
  for (const [key, value] of source) {
    const own = target.get(key);
    if (own === undefined) {
      target.set(key, value);
    } else if (own === null) {
      if (!context.keepNulls && hidden?.has(key)) target.delete(key);
    } else if (value instanceof Map) {
      if (own instanceof Map) mergeTable(own, value, join(path, key), context);
      else context.warn(`cannot overwrite table with non table for ${join(path, key)}`);
    } else if (own instanceof Map && value !== null) {
      context.warn(`destination for ${join(path, key)} is a table. Ignoring non-table value`);
    }
  }
  return target;
}

// A null of the target also goes into the source, which others may share, as it does in Helm.
function hideUnderNulls(target: GoMap, source: GoMap): Set<string> | undefined {
  let hidden: Set<string> | undefined;
  for (const [key, own] of target) {
    if (own !== null) continue;
    const value = source.get(key);
    if (value !== null && value !== undefined) hidden = (hidden ?? new Set()).add(key);
    source.set(key, null);
  }
  return hidden;
}

function dropNulls(map: GoMap): void {
  map.forEach((value, key) => {
    if (value === null) map.delete(key);
    else if (value instanceof Map) dropNulls(value);
  });
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
