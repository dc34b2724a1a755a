import { SlipwayError } from "../../src/base/error.ts";
import { loadChart } from "../../src/chart/load-chart.ts";
import { offlineCapabilities } from "../../src/render/capabilities.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { templateOutput } from "../../src/render/template-output.ts";
import { collectValues } from "../../src/values/collect-values.ts";
import type { Case, Outcome } from "./types.ts";

/** The command that every case stands for: helm template rel CHART with these flags. */
export const helmArguments = ["--namespace", "ns", "--kube-version", "v1.35.0", "--include-crds"];

export async function renderCase(
  { chart: path, values }: Pick<Case, "chart" | "values">,
  helm: "3" | "4",
): Promise<Outcome> {
  try {
    const chart = await loadChart(path, { helm });
    const config = await collectValues({ files: values, helm });
    const release = { name: "rel", namespace: "ns", revision: 1, isUpgrade: false };
    const capabilities = offlineCapabilities(helm, { kubeVersion: "v1.35.0" });
    const rendered = await renderChart({ chart, config, release, capabilities, helm });
    return { output: templateOutput(rendered, { includeCrds: true, helm }) };
  } catch (error) {
    if (error instanceof SlipwayError) return { error: `${error.code} ${error.where ?? ""} ${error.message}` };
    return { error: `BUG ${error instanceof Error ? error.stack : String(error)}` };
  }
}
