import { existsSync } from "node:fs";
import { join } from "node:path";
import { fromBytes } from "../base/go-string.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import { stringAt } from "../base/json-path.ts";
import { documentsOf } from "./documents.ts";
import type { Subject } from "./lint-chart.ts";
import type { Report } from "./message.ts";

/** That charts/ has what Chart.yaml names, and nothing else. */
export function lintDependencies({ chart, folder }: Subject, failure: string | undefined, report: Report): void {
  if (chart === undefined) {
    report("ERROR", "", `unable to load chart\n\t${failure ?? ""}`);
    return;
  }
  const declared = chart.metadata.dependencies ?? [];
  const present = chart.dependencies.map((subchart) => subchart.metadata.name);
  const extra = present.filter((name) => !declared.some((dependency) => dependency.name === name));
  const missing = declared.map(({ name }) => name).filter((name) => !present.includes(name));
  report("ERROR", folder, listed("chart metadata is missing these dependencies", extra));
  const keys = declared.map(({ name, alias }) => alias || name);
  const twice = keys.filter((key, index) => keys.indexOf(key) < index);
  report("ERROR", folder, listed("multiple dependencies with name or alias", twice));
  report("WARNING", folder, listed("chart directory is missing these dependencies", missing));
}

function listed(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${what}: ${names.join(",")}`;
}

/** That crds/ has nothing but definitions. */
export function lintDefinitions(subject: Subject, failure: string | undefined, report: Report): void {
  const { helm, files, chart, folder } = subject;
  const isThere = files.some(({ name }) => name.startsWith("crds/")) || existsSync(join(folder, "crds"));
  if (!helmDifferences[helm].strictLint || !isThere) return;
  if (chart === undefined) {
    report("ERROR", "crds/", failure);
    return;
  }
  const definitions = chart.files.filter(({ name }) => /^crds\/.*\.(ya?ml|json)$/i.test(name));
  for (const { name, data } of definitions) {
    for (const document of documentsOf(fromBytes(data), name)) {
      if ("problem" in document) {
        report("ERROR", name, document.problem);
        return;
      }
      const version = stringAt(document.object, "apiVersion") ?? "";
      const kind = stringAt(document.object, "kind");
      report(
        "ERROR",
        name,
        version.startsWith("apiextensions.k8s.io") ? undefined : "apiVersion is not in 'apiextensions.k8s.io'",
      );
      report(
        "ERROR",
        name,
        kind === "CustomResourceDefinition" ? undefined : "object kind is not 'CustomResourceDefinition'",
      );
    }
  }
}
