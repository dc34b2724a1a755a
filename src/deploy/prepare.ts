import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import type { Program } from "../base/run-program.ts";
import { resolveChart } from "../chart/resolve-chart.ts";
import type { Chart } from "../chart/types.ts";
import type { KubeClient } from "../kube/types.ts";
import { rollOutConfig } from "../render/config-rollout/config-rollout.ts";
import type { PostRender } from "../render/post-render.ts";
import { renderChart } from "../render/render-chart.ts";
import type { Capabilities, Rendered } from "../render/types.ts";
import { namesOfSources, readLayers } from "../values/collect-values.ts";
import { mergeLayers, type ValueLayer } from "../values/value-layers.ts";
import type { DeployOptions, Session } from "./options.ts";

/** What a deploy starts from, read before the cluster is asked anything; `old` is what an upgrade then takes over. */
export type Source = {
  chart: Chart;
  layers: readonly ValueLayer[];
  config: GoMap;
  old?: GoMap;
  valuesFrom: readonly string[];
};

export async function loadSource({ chart: source, values, helm }: DeployOptions): Promise<Source> {
  const [chart, layers] = await Promise.all([resolveChart(source, { helm }), readLayers({ ...values, helm })]);
  return { chart, layers, config: mergeLayers(layers), valuesFrom: namesOfSources(values) };
}

type Target = { revision: number; isUpgrade: boolean };

type RenderingOptions = Pick<
  DeployOptions,
  | "release"
  | "namespace"
  | "helm"
  | "skipSchemaValidation"
  | "enableDns"
  | "subchartNotes"
  | "postRenderer"
  | "configRollout"
> & { sendsCrds?: boolean };

/** Renders with what the cluster can do and has. */
export async function renderForCluster(
  { kube, signal, emit }: Pick<Session, "kube" | "signal" | "emit">,
  source: Source,
  options: RenderingOptions,
  target: Target,
): Promise<Rendered> {
  const rendered = await renderChart({
    ...source,
    release: { name: options.release, namespace: options.namespace, ...target },
    capabilities: await capabilitiesOf(kube),
    helm: options.helm,
    skipSchemaValidation: options.skipSchemaValidation,
    lookup: (apiVersion, kind, namespace, name) => look(kube, { apiVersion, kind, namespace, name }, signal),
    warn: (message) => emit({ type: "warning", message }),
    ...(options.enableDns && { enableDns: true }),
    ...(options.subchartNotes && { subchartNotes: true }),
    ...(options.postRenderer && {
      postRender: { run: await postRendererOf(options.postRenderer, signal), withCrds: options.sendsCrds === true },
    }),
  });
  const { release, namespace, configRollout = "off" } = options;
  const tied = rollOutConfig(rendered, { mode: configRollout, release, namespace });
  for (const message of tied.warnings) emit({ type: "warning", message });
  return tied.rendered;
}

// Few deploys have one, and what runs programs takes its time to load.
async function postRendererOf(program: Program, signal: AbortSignal): Promise<PostRender> {
  const { programPostRenderer } = await import("../render/post-render.ts");
  return programPostRenderer(program, signal);
}

type Query = { apiVersion: string; kind: string; namespace: string; name: string };

/** One object where a name is given, else a list; nothing where there is no such object. */
async function look(kube: KubeClient, query: Query, signal: AbortSignal): Promise<unknown> {
  const { apiVersion, kind, namespace, name } = query;
  const resource = await kube.discovery.find(apiVersion, kind);
  if (resource === undefined) {
    throw new SlipwayError(
      "PLAN_UNKNOWN_KIND",
      `A lookup asks for ${kind} (${apiVersion}), which the cluster does not know`,
    );
  }
  const place = resource.namespaced && namespace ? { namespace } : {};
  if (name) return await kube.get({ apiVersion, kind, name, ...place }, { signal });
  const { items } = await kube.list(apiVersion, kind, place, { signal });
  return { apiVersion, kind: `${kind}List`, metadata: {}, items };
}

async function capabilitiesOf(kube: KubeClient): Promise<Capabilities> {
  const [{ gitVersion, major, minor }, apiVersions] = await Promise.all([
    kube.discovery.version(),
    kube.discovery.apiVersions(),
  ]);
  return { kubeVersion: { version: gitVersion, major, minor }, apiVersions };
}
