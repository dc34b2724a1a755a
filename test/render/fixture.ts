import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadChart } from "../../src/chart/load-chart.ts";
import { template } from "../../src/cli/commands/template.ts";
import { offlineCapabilities } from "../../src/render/capabilities.ts";
import { renderChart } from "../../src/render/render-chart.ts";
import { templateOutput } from "../../src/render/template-output.ts";
import type { HelmVersion, Rendered } from "../../src/render/types.ts";
import { collectValues } from "../../src/values/collect-values.ts";
import { readTree } from "../fixtures/read-tree.ts";
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
    release: { name: item.release ?? "rel", namespace: "ns", revision: 1, isUpgrade: item.isUpgrade ?? false },
    capabilities: offlineCapabilities(helm, { kubeVersion, apiVersions }),
    helm,
    ...(item.skipSchemaValidation && { skipSchemaValidation: true }),
  });
}

export async function templateFixture(item: RenderCase, helm: HelmVersion): Promise<string> {
  if (item.outputDir) return await writtenFiles(item, helm);
  return templateOutput(await renderFixture(item, helm), { ...item, helm });
}

/** What the command writes with `--output-dir`. */
async function writtenFiles(item: RenderCase, helm: HelmVersion): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "written-"));
  try {
    const flags = new Map<string, string | boolean>([
      ["output-dir", folder],
      ["namespace", "ns"],
      ["kube-version", "v1.35.0"],
      ["helm", helm],
      ["include-crds", item.includeCrds ?? false],
    ]);
    const out = { write: () => {} };
    const terminal = { out, err: out, env: {}, isTty: false, signal: new AbortController().signal };
    await template({ positionals: ["rel", chartPath(item.chart)], flags, terminal });
    return readTree(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
