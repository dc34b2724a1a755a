import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { checkDeployable } from "../chart/check-chart.ts";
import { isCompatible } from "../chart/is-compatible.ts";
import type { Chart } from "../chart/types.ts";
import { coalesceValues } from "../values/coalesce.ts";
import { processDependencies } from "../values/process-dependencies.ts";
import { validateSchemas } from "../values/validate-schema.ts";
import { offlineCapabilities } from "./capabilities.ts";
import { crdManifests } from "./crds.ts";
import { isPartial, renderTemplates } from "./engine.ts";
import { comparableKubeVersion } from "./kube-version.ts";
import { withLookups } from "./lookups.ts";
import { takeNotes } from "./notes.ts";
import { collectTemplates, type ReleaseInfo } from "./scopes.ts";
import { type RenderedFile, sortManifests } from "./sort-manifests.ts";
import { document } from "./template-output.ts";
import type { Capabilities, Lookup, Rendered } from "./types.ts";

export type RenderOptions = {
  chart: Chart;
  /** What the user set. */
  config: GoMap;
  release: ReleaseInfo;
  /** Of the cluster; what Helm assumes without one where absent. */
  capabilities?: Capabilities;
  /** What the `lookup` function reads with; it finds nothing where absent. */
  lookup?: Lookup;
  helm?: HelmVersion;
  /** NOTES.txt of subcharts too. */
  subchartNotes?: boolean;
  skipSchemaValidation?: boolean;
  warn?: (message: string) => void;
};

/** Renders a chart as Helm does. The loaded chart isn't changed and can be rendered again. */
export async function renderChart(options: RenderOptions): Promise<Rendered> {
  const { helm = "4", warn } = options;
  checkDeployable(options.chart);
  checkReleaseName(options.release.name);
  const coalesceOptions = { helm, ...(warn && { warn }) };
  const chart = processDependencies(options.chart, options.config, coalesceOptions);
  const capabilities = options.capabilities ?? offlineCapabilities(helm);
  let values = coalesceValues(chart, options.config, coalesceOptions);
  if (!options.skipSchemaValidation) await validateSchemas(chart, values);
  checkKubeVersion(chart, capabilities);
  const files = await withLookups(options.lookup, (lookup) => {
    const templates = collectTemplates(chart, values, { release: options.release, capabilities, helm });
    // Templates may change their values, so each attempt gets its own.
    if (lookup) values = coalesceValues(chart, options.config, { helm });
    return renderTemplates(templates, { helm, ...(lookup && { lookup }) });
  });
  return assemble(chart, files, { ...options, helm });
}

function assemble(chart: Chart, files: RenderedFile[], options: RenderOptions & { helm: HelmVersion }): Rendered {
  const { notes, rest } = takeNotes(files, chart.metadata.name, options.subchartNotes ?? false);
  const named = rest.filter(({ source }) => !isPartial(source)).sort((a, b) => (a.source < b.source ? -1 : 1));
  const { manifests, hooks } = sortManifests(named, options.helm);
  let crds: Rendered["crds"] | undefined;
  return {
    manifests,
    hooks,
    // Often large and not asked for, so they are cut into objects when someone does.
    get crds() {
      crds ??= crdManifests(chart, options.helm);
      return crds;
    },
    notes,
    manifest: manifests.map(({ source, content }) => document(source, content)).join(""),
    chart,
    config: options.config,
  };
}

const nameRule = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const maxNameLength = 53;

function checkReleaseName(name: string): void {
  if (name.length <= maxNameLength && nameRule.test(name)) return;
  throw new SlipwayError("INPUT_INVALID", `Cannot use the release name "${name}"`, {
    hint: `A release's name is lower-case letters, digits, - and ., at most ${maxNameLength} characters, such as my-shop.`,
  });
}

function checkKubeVersion(chart: Chart, { kubeVersion }: Capabilities): void {
  const wanted = chart.metadata.kubeVersion;
  if (!wanted || isCompatible(wanted, comparableKubeVersion(kubeVersion))) return;
  throw new SlipwayError(
    "CHART_INVALID",
    `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${kubeVersion.version}`,
    { hint: "Take a version of the chart that supports this Kubernetes, or name another one with --kube-version." },
  );
}
