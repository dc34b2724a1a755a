import { fromBytes } from "../base/go-string.ts";
import type { GoValue } from "../base/go-value.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import type { Chart, ChartFile } from "../chart/types.ts";
import { fileLayer, type ValueLayer } from "./value-layers.ts";
import { lookUp, type ValuePath } from "./value-path.ts";

/** One place that says something about a value. */
export type Mention = {
  /** The file, `values`, or the flag. */
  source: string;
  /** Counted from 1, of a file. */
  line?: number;
  column?: number;
  /** As this source has it: a subchart's own values, an import and a global each have another path. */
  path: ValuePath;
  /** `null` deletes what is below. */
  value: GoValue;
  /** It ends the path early: it is no map, so there is nothing below it. */
  isAbove: boolean;
};

/** `chart` as `processDependencies` gives it; `layers` are the user's, the weakest first. */
export type ExplainerOptions = { chart: Chart; layers: readonly ValueLayer[]; helm: HelmVersion };

/**
 * Tells all that set the value at a path or deleted it, the weakest first: what is imported, the defaults of the chart
 * that it belongs to and of those above, the user's; then, for a global, the same of the charts above.
 */
export type Explainer = (path: ValuePath) => Mention[];

export function explainer({ chart: root, layers, helm }: ExplainerOptions): Explainer {
  const files = new Map<ChartFile, ValueLayer>();
  const layerOf = (file: ChartFile, source: string): ValueLayer => {
    const known = files.get(file) ?? fileLayer(source, fromBytes(file.data), helm);
    files.set(file, known);
    return known;
  };

  const explain: Explainer = (path) => {
    const own = [...defaultsOf(root, path), ...layers.flatMap((layer) => mentionIn(layer, path))];
    const above = pathAbove(root, path);
    return above === undefined ? own : [...own, ...explain(above)];
  };

  const defaultsOf = (chart: Chart, path: ValuePath): Mention[] => {
    const [first, ...rest] = path;
    const subchart = chart.dependencies.find(({ metadata }) => metadata.name === first);
    // The chart's `values` also have what it imports; the file has what was written.
    const file = chart.raw.find(({ name }) => name === "values.yaml");
    return [
      ...importedPaths(chart, path).flatMap((imported) => defaultsOf(chart, imported)),
      ...(subchart === undefined ? [] : defaultsOf(subchart, rest)),
      ...(file === undefined ? [] : mentionIn(layerOf(file, `${chart.origin}/values.yaml`), path)),
    ];
  };

  return explain;
}

/** A subchart's global is also its parent's, which wins. */
function pathAbove(root: Chart, path: ValuePath): ValuePath | undefined {
  const at = path.indexOf("global");
  if (at < 1) return undefined;
  let chart: Chart | undefined = root;
  for (const step of path.slice(0, at)) {
    chart = chart.dependencies.find(({ metadata }) => metadata.name === step);
    if (chart === undefined) return undefined;
  }
  return [...path.slice(0, at - 1), ...path.slice(at)];
}

/** Where in the chart's values lies what its `import-values` bring to the path. */
function importedPaths(chart: Chart, path: ValuePath): ValuePath[] {
  return (chart.metadata.dependencies ?? []).flatMap((dependency) =>
    ((dependency["import-values"] ?? []) as { child: string; parent: string }[]).flatMap(({ child, parent }) => {
      const target = parent === "." ? [] : parent.split(".");
      const leadsThere = path.length > target.length && target.every((name, index) => path[index] === name);
      const from = [dependency.name, ...child.split(".")];
      // What lies inside the part that is imported is no import of it.
      const isItself = from.every((name, index) => path[index] === name);
      return leadsThere && !isItself ? [[...from, ...path.slice(target.length)]] : [];
    }),
  );
}

function mentionIn(layer: ValueLayer, path: ValuePath): Mention[] {
  const values = layer.values();
  const part: (string | number)[] = [];
  let value: GoValue | undefined = values;
  for (const [index, step] of path.entries()) {
    part.push(Array.isArray(value) ? Number(step) : String(step));
    value = lookUp(value, [step]);
    if (value === undefined) return [];
    const length = index + 1;
    const isContainer = value instanceof Map || Array.isArray(value);
    if (length < path.length && isContainer) continue;
    return [{ source: layer.name, ...layer.place?.(part), path: part, value, isAbove: length < path.length }];
  }
  return [];
}

/** `prod.yaml:3:5`, or the flag's name. */
export function placeText({ source, line, column }: Mention): string {
  return line === undefined ? source : `${source}:${line}:${column}`;
}
