import { fromBytes } from "../base/go-string.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { GoInt } from "../base/go-value.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import type { Chart } from "../chart/types.ts";
import type { Source } from "../template/nodes.ts";
import { capabilitiesObject } from "./capabilities.ts";
import { chartObject } from "./chart-object.ts";
import { filesObject } from "./files-object.ts";
import type { Capabilities } from "./types.ts";
import { asValues, emptyValues } from "./values-object.ts";

/** A template file, and what its dot is: `scope` is shared by the templates of one chart. */
export type TemplateFile = { name: string; source: Source; basePath: string; scope: GoMap };

export type ReleaseInfo = {
  name: string;
  namespace: string;
  revision: number;
  isUpgrade: boolean;
  /** What is no upgrade is an install, but for what is only looked over. */
  isInstall?: boolean;
};

export type ScopeOptions = { release: ReleaseInfo; capabilities: Capabilities; helm: HelmVersion };

/** The templates of the chart and of its subcharts, each with what it sees; `values` are coalesced. */
export function collectTemplates(chart: Chart, values: GoMap, options: ScopeOptions): TemplateFile[] {
  const shared: Shared = {
    helm: options.helm,
    release: releaseObject(options.release),
    capabilities: capabilitiesObject(options.capabilities, options.helm),
    files: [],
  };
  addChart(shared, chart, { path: chart.metadata.name, values: asValues(values, options.helm), isRoot: true });
  return shared.files;
}

type Shared = { helm: HelmVersion; release: GoMap; capabilities: GoValue; files: TemplateFile[] };
type Place = { path: string; values: GoMap; isRoot: boolean };

function addChart(shared: Shared, chart: Chart, { path, values, isRoot }: Place): GoMap {
  const subcharts: GoMap = new Map();
  const scope: GoMap = new Map<string, GoValue>([
    ["Chart", chartObject(chart, isRoot, shared.helm)],
    ["Files", filesObject(chart.files)],
    ["Release", shared.release],
    ["Capabilities", shared.capabilities],
    ["Values", values],
    ["Subcharts", subcharts],
  ]);
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const place = { path: `${path}/charts/${name}`, values: valuesBelow(values, name, shared.helm), isRoot: false };
    subcharts.set(name, addChart(shared, subchart, place));
  }
  const isLibrary = chart.metadata.type?.toLowerCase() === "library";
  for (const file of chart.templates) {
    const base = file.name.slice(file.name.lastIndexOf("/") + 1);
    if (isLibrary && !base.startsWith("_")) continue;
    shared.files.push({
      name: `${path}/${file.name}`,
      source: sourceOf(file.data, `${path}/${file.name}`, shared.helm),
      basePath: `${path}/templates`,
      scope,
    });
  }
  return scope;
}

/** By a file's bytes, so that a chart that is rendered again is not parsed again; each Helm has functions of its own. */
const sources = { "3": new WeakMap<Uint8Array, Source>(), "4": new WeakMap<Uint8Array, Source>() };

function sourceOf(data: Uint8Array, name: string, helm: HelmVersion): Source {
  const known = sources[helm].get(data);
  if (known?.name === name) return known;
  const source = { name, text: fromBytes(data) };
  sources[helm].set(data, source);
  return source;
}

// A view of the subchart's map in its parent's values: both see what a template sets.
function valuesBelow(values: GoMap, name: string, helm: HelmVersion): GoMap {
  const own = values.get(name);
  return own instanceof Map ? asValues(own, helm) : emptyValues(helm);
}

function releaseObject({ name, namespace, revision, isUpgrade, isInstall = !isUpgrade }: ReleaseInfo): GoMap {
  return new Map<string, GoValue>([
    ["Name", name],
    ["Namespace", namespace],
    ["IsUpgrade", isUpgrade],
    ["IsInstall", isInstall],
    ["Revision", new GoInt("int", BigInt(revision))],
    ["Service", "Helm"],
  ]);
}
