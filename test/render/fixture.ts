import { join } from "node:path";
import { loadChart } from "../../src/chart/load-chart.ts";
import { offlineCapabilities } from "../../src/render/capabilities.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { templateOutput } from "../../src/render/template-output.ts";
import type { HelmVersion, Rendered } from "../../src/render/types.ts";
import { collectValues } from "../../src/values/collect-values.ts";
import { chartPath, fixtures, type RenderCase } from "../fixtures/render-cases.ts";

export async function renderFixture(item: RenderCase, helm: HelmVersion): Promise<Rendered> {
  const { setFile = [], values = [], kubeVersion = "v1.35.0", apiVersions = [] } = item;
  const config = await collectValues({
    ...item,
    files: values.map((file) => join(fixtures, "charts", file)),
    setFile: setFile.map((flag) => flag.replace("=", `=${join(fixtures, "charts")}/`)),
    helm,
  });
  return await renderChart({
    chart: await loadChart(chartPath(item.chart), { helm }),
    config,
    release: { name: "rel", namespace: "ns", revision: 1, isUpgrade: item.isUpgrade ?? false },
    capabilities: offlineCapabilities(helm, { kubeVersion, apiVersions }),
    helm,
    ...(item.skipSchemaValidation && { skipSchemaValidation: true }),
  });
}

export async function templateFixture(item: RenderCase, helm: HelmVersion): Promise<string> {
  return templateOutput(await renderFixture(item, helm), { ...item, helm });
}
