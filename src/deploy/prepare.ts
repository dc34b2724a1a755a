import { SlipwayError } from "../base/error.ts";
import type { GoMap } from "../base/go-value.ts";
import { loadChart } from "../chart/load-chart.ts";
import type { Chart } from "../chart/types.ts";
import type { KubeClient } from "../kube/types.ts";
import { renderChart } from "../render/render-chart.ts";
import type { Capabilities, Rendered } from "../render/types.ts";
import { collectValues } from "../values/collect-values.ts";
import type { DeployOptions, Session } from "./options.ts";

/** What a deploy starts from, read before the cluster is asked anything. */
export type Source = { chart: Chart; config: GoMap };

export async function loadSource({ chart: path, values, helm }: DeployOptions): Promise<Source> {
  const [chart, config] = await Promise.all([loadChart(path, { helm }), collectValues({ ...values, helm })]);
  return { chart, config };
}

type Target = { revision: number; isUpgrade: boolean };

/** Renders with what the cluster can do and has. */
export async function renderForCluster(
  { kube, signal, emit }: Session,
  source: Source,
  options: DeployOptions,
  target: Target,
): Promise<Rendered> {
  return await renderChart({
    ...source,
    release: { name: options.release, namespace: options.namespace, ...target },
    capabilities: await capabilitiesOf(kube),
    helm: options.helm,
    skipSchemaValidation: options.skipSchemaValidation,
    lookup: (apiVersion, kind, namespace, name) => look(kube, { apiVersion, kind, namespace, name }, signal),
    warn: (message) => emit({ type: "warning", message }),
  });
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
