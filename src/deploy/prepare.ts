import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { loadChart } from "../chart/load-chart.ts";
import type { Chart } from "../chart/types.ts";
import type { KubeClient, KubeObject } from "../kube/types.ts";
import { renderChart } from "../render/render-chart.ts";
import type { Capabilities, Rendered } from "../render/types.ts";
import { collectValues, type ValueSources } from "../values/collect-values.ts";
import type { DeployOptions } from "./options.ts";

/** What a deploy starts from, read before the cluster is asked anything. */
export type Source = { chart: Chart; config: GoMap };

export async function loadSource(options: { chart: string; values: ValueSources }): Promise<Source> {
  const [chart, config] = await Promise.all([loadChart(options.chart), collectValues(options.values)]);
  return { chart, config };
}

type RenderTarget = { kube: KubeClient; signal: AbortSignal; revision: number; isUpgrade: boolean };

const maxLookupRounds = 10;

/**
 * Renders with what the cluster can do. Templates run without waiting, so the answers to `lookup` are fetched between
 * two renderings, until one asks for nothing new.
 */
export async function renderForCluster(
  source: Source,
  options: DeployOptions,
  target: RenderTarget,
): Promise<Rendered> {
  const { kube, signal, revision, isUpgrade } = target;
  const capabilities = await capabilitiesOf(kube);
  const answers = new Map<string, unknown>();
  for (let round = 0; round < maxLookupRounds; round++) {
    const asked = new Map<string, LookupQuery>();
    const rendered = renderChart({
      chart: source.chart,
      values: source.config,
      release: { name: options.release, namespace: options.namespace, revision, isUpgrade },
      capabilities,
      helm: options.helm,
      skipSchemaValidation: options.skipSchemaValidation,
      lookup: (apiVersion, kind, namespace, name) => {
        const query = { apiVersion, kind, namespace, name };
        const key = JSON.stringify(query);
        if (!answers.has(key)) asked.set(key, query);
        return answers.get(key);
      },
    });
    if (asked.size === 0) return rendered;
    await Promise.all([...asked].map(async ([key, query]) => answers.set(key, await answer(kube, query, signal))));
  }
  throw new SlipwayError(
    "TEMPLATE_EXEC",
    `The chart's lookups ask for something new in each of ${maxLookupRounds} renderings`,
    {
      hint: "Look for a lookup whose name is random or made from another lookup's answer.",
    },
  );
}

type LookupQuery = { apiVersion: string; kind: string; namespace: string; name: string };

async function answer(
  kube: KubeClient,
  query: LookupQuery,
  signal: AbortSignal,
): Promise<KubeObject | object | undefined> {
  const { apiVersion, kind, namespace, name } = query;
  const resource = await kube.discovery.find(apiVersion, kind);
  if (resource === undefined)
    throw new SlipwayError(
      "PLAN_UNKNOWN_KIND",
      `lookup asks for ${kind} (${apiVersion}), which the cluster does not know`,
    );
  const place = resource.namespaced && namespace ? { namespace } : {};
  if (name) return await kube.get({ apiVersion, kind, name, ...place }, { signal });
  const { items } = await kube.list(apiVersion, kind, place, { signal });
  return { apiVersion, kind: `${kind}List`, metadata: {}, items };
}

export async function capabilitiesOf(kube: KubeClient): Promise<Capabilities> {
  const [{ gitVersion, major, minor }, apiVersions] = await Promise.all([
    kube.discovery.version(),
    kube.discovery.apiVersions(),
  ]);
  return { kubeVersion: { version: gitVersion, major, minor }, apiVersions };
}
