import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import { checkDeployable } from "../chart/check-chart.ts";
import { isCompatible } from "../chart/is-compatible.ts";
import type { Chart } from "../chart/types.ts";
import { coalesceValues } from "../values/coalesce.ts";
import { explainer } from "../values/explain-value.ts";
import { processDependencies } from "../values/process-dependencies.ts";
import { validateSchemas } from "../values/validate-schema.ts";
import type { ValueLayer } from "../values/value-layers.ts";
import { offlineCapabilities } from "./capabilities.ts";
import { crdFiles, crdManifests } from "./crds.ts";
import { isPartial, type RenderLimits, renderTemplates } from "./engine.ts";
import { comparableKubeVersion } from "./kube-version.ts";
import { withLookups } from "./lookups.ts";
import { readHeads } from "./manifest-head.ts";
import { takeNotes } from "./notes.ts";
import type { PostRender } from "./post-render.ts";
import { postRenderFiles } from "./post-render-files.ts";
import { checkReleaseName } from "./release-name.ts";
import { resolveHost } from "./resolve-host.ts";
import { collectTemplates, type ReleaseInfo } from "./scopes.ts";
import { type RenderedFile, sortManifests } from "./sort-manifests.ts";
import { splitManifests } from "./split-manifests.ts";
import { document } from "./template-output.ts";
import type { Capabilities, Lookup, Rendered } from "./types.ts";

export type RenderOptions = {
  chart: Chart;
  /** What the user set. */
  config: GoMap;
  /** What `config` was merged from, for messages that say where a value was set. */
  layers?: readonly ValueLayer[];
  /** What it was set with, for messages: `prod.yaml`, `--set`. */
  valuesFrom?: readonly string[];
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
  /** Changes what is rendered before it counts; `withCrds` sends definitions under `crds/` along, where Helm 3 does. */
  postRender?: { run: PostRender; withCrds?: boolean };
  /** `getHostByName` asks the network; else it gives nothing. */
  enableDns?: boolean;
  limits?: RenderLimits;
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
  const { layers = [] } = options;
  if (!options.skipSchemaValidation) await validateSchemas(chart, values, explainer({ chart, layers, helm }));
  checkKubeVersion(chart, capabilities);
  const outside = { ...(options.lookup && { lookup: options.lookup }), ...(options.enableDns && { resolveHost }) };
  const files = await withLookups(outside, (sources) => {
    const templates = collectTemplates(chart, values, { release: options.release, capabilities, helm });
    // Templates may change their values, so each attempt gets its own.
    if (sources.lookup ?? sources.resolveHost) values = coalesceValues(chart, options.config, { helm });
    const { valuesFrom = [], limits } = options;
    return renderTemplates(templates, { helm, valuesFrom, ...(limits && { limits }), ...sources });
  });
  const { notes, rest } = takeNotes(files, chart.metadata.name, options.subchartNotes ?? false);
  return await assemble(chart, { notes, rest }, { ...options, helm });
}

type Parts = { notes: string; rest: RenderedFile[] };

async function assemble(chart: Chart, parts: Parts, options: RenderOptions & { helm: HelmVersion }): Promise<Rendered> {
  const { postRender, helm } = options;
  if (postRender === undefined) return sorted(chart, parts, options);
  if (helmDifferences[helm].postRendersHooks) {
    return sorted(chart, { ...parts, rest: await postRenderFiles(parts.rest, postRender.run) }, options);
  }
  const rendered = sorted(chart, parts, options);
  const crds = postRender.withCrds ? crdFiles(chart).map(({ source, text }) => document(source, text)) : [];
  return withManifest(rendered, await postRender.run(crds.join("") + rendered.manifest), helm);
}

// What a post-renderer of Helm 3 prints is the manifest as it stands.
function withManifest(rendered: Rendered, manifest: string, helm: HelmVersion): Rendered {
  const documents = readHeads(splitManifests(manifest, helm), "the post-renderer's output");
  const manifests = documents.map(({ head: { apiVersion, kind, name }, content }) => {
    const source = /^# Source: (\S+)/m.exec(content)?.[1] ?? "the post-renderer's output";
    return { source, content, apiVersion, kind, name };
  });
  const { hooks, notes, chart, config } = rendered;
  return {
    hooks,
    notes,
    chart,
    config,
    manifests,
    manifest,
    get crds() {
      return rendered.crds;
    },
  };
}

function sorted(chart: Chart, { notes, rest }: Parts, options: RenderOptions & { helm: HelmVersion }): Rendered {
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

function checkKubeVersion(chart: Chart, { kubeVersion }: Capabilities): void {
  const wanted = chart.metadata.kubeVersion;
  if (!wanted || isCompatible(wanted, comparableKubeVersion(kubeVersion))) return;
  throw new SlipwayError(
    "CHART_INVALID",
    `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${kubeVersion.version}`,
    { hint: "Take a version of the chart that supports this Kubernetes, or name another one with --kube-version." },
  );
}
