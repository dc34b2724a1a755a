// Writes test/fixtures/golden/helm3 and helm4: what the real Helm makes of our fixture charts.
// Run: node scripts/chart-goldens.ts
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixtures, type RenderCase, refusedCases, renderCases } from "../test/fixtures/render-cases.ts";
import { helmBinaries } from "./helm-binaries.ts";

const charts = join(fixtures, "charts");

function flags(item: RenderCase): string[] {
  const many = (flag: string, values: string[] = []) => values.flatMap((value) => [flag, value]);
  return [
    ...many("-f", item.values),
    ...many("--set", item.set),
    ...many("--set-string", item.setString),
    ...many("--set-file", item.setFile),
    ...many("--set-json", item.setJson),
    ...many("--set-literal", item.setLiteral),
    ...many("--show-only", item.showOnly),
    ...many("--api-versions", item.apiVersions),
    ...many("--kube-version", [item.kubeVersion ?? "v1.35.0"]),
    ...(item.includeCrds ? ["--include-crds"] : []),
    ...(item.noHooks ? ["--no-hooks"] : []),
    ...(item.skipTests ? ["--skip-tests"] : []),
    ...(item.isUpgrade ? ["--is-upgrade"] : []),
    ...(item.skipSchemaValidation ? ["--skip-schema-validation"] : []),
  ];
}

function template(helm: string, item: RenderCase): string {
  const args = ["template", "rel", item.chart, "--namespace", "ns", ...flags(item)];
  return execFileSync(helm, args, { cwd: charts, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function errorOf(helm: string, item: RenderCase): string {
  try {
    template(helm, item);
  } catch (error) {
    return String((error as { stderr: unknown }).stderr);
  }
  throw new Error(`Helm does not refuse ${item.name}`);
}

for (const major of ["3", "4"] as const) {
  const folder = join(fixtures, "golden", `helm${major}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const rendered = renderCases.filter(({ onlyHelm4 }) => major === "4" || !onlyHelm4);
  for (const item of rendered) writeFileSync(join(folder, `${item.name}.yaml`), template(helmBinaries[major], item));
  for (const item of refusedCases) writeFileSync(join(folder, `${item.name}.err`), errorOf(helmBinaries[major], item));
}
console.log(`${renderCases.length} charts rendered, ${refusedCases.length} refused, by Helm 3 and Helm 4`);
