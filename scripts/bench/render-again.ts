// Renders a loaded chart twice and prints how many milliseconds the second time took: INDEX.JS HELM CHART [VALUES-FILE...]
import { pathToFileURL } from "node:url";

const [index = "", helm = "4", path = "", ...files] = process.argv.slice(2);
const { loadChart, collectValues, renderChart, templateOutput } = (await import(
  pathToFileURL(index).href
)) as typeof import("../../src/index.ts");

const version = helm === "3" ? "3" : "4";
const chart = await loadChart(path, { helm: version });
const config = await collectValues({ files, helm: version });

await render();
const from = performance.now();
await render();
console.log(performance.now() - from);

async function render(): Promise<string> {
  const rendered = await renderChart({
    chart,
    config,
    release: { name: "bench", namespace: "default", revision: 1, isUpgrade: false },
    helm: version,
  });
  return templateOutput(rendered, { helm: version });
}
