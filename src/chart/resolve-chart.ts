import { existsSync } from "node:fs";
import type { HelmVersion } from "../base/helm-version.ts";
import type { ChartSource, SourceContext } from "./chart-source.ts";
import { loadChart, loadPackedChart } from "./load-chart.ts";
import type { LocatedChart } from "./surroundings.ts";
import type { Chart } from "./types.ts";

/** The chart that a path names, or what else says where it comes from; fetched, verified and loaded. */
export async function resolveChart(
  source: string | ChartSource,
  { helm = "4", ...context }: SourceContext & { helm?: HelmVersion } = {},
): Promise<Chart> {
  if (typeof source === "string") return await loadChart(source, { helm });
  const located = await locate(source, context);
  if (source.verify !== undefined) {
    const { verifyLocated } = await import("./provenance/verify-chart.ts");
    await verifyLocated(located, source.verify.keyring);
  }
  if (located.kind === "remote") return loadPackedChart(located.bytes, located.origin, { helm });
  const chart = await loadChart(located.path, { helm });
  if (source.updateDependencies !== true || !isIncomplete(chart)) return chart;
  const { updateDependencies } = await import("./dependency/update.ts");
  await updateDependencies(located.path, { source, context });
  return await loadChart(located.path, { helm });
}

// Most charts lie here, and need nothing of what fetches others.
async function locate(source: ChartSource, context: SourceContext): Promise<LocatedChart> {
  const { reference, repository, cosignKey } = source;
  if (repository === undefined && cosignKey === undefined && existsSync(reference))
    return { kind: "local", path: reference };
  const { locateChart } = await import("./locate-chart.ts");
  return await locateChart(source, context);
}

function isIncomplete(chart: Chart): boolean {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  return chart.metadata.dependencies?.some(({ name }) => !present.has(name)) ?? false;
}
