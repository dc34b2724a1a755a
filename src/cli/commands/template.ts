import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { loadChart } from "../../chart/load-chart.ts";
import { offlineCapabilities } from "../../render/capabilities.ts";
import { renderChart } from "../../render/render-chart.ts";
import { templateDocuments, templateOutput } from "../../render/template-output.ts";
import type { Rendered } from "../../render/types.ts";
import { collectValues } from "../../values/collect-values.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { helmVersion, valueSources } from "../deploy-options.ts";
import { type FlagReader, flagReader, optional } from "../read-flags.ts";

/** `slipway template [NAME] CHART`: exactly what `helm template` prints. */
export async function template(invocation: Invocation): Promise<ExitCode> {
  const { positionals, flags, terminal } = invocation;
  const read = flagReader(flags);
  const [name, path] = nameAndChart(positionals);
  const [chart, config] = await Promise.all([
    loadChart(path, { helm: helmVersion(read) }),
    collectValues(valueSources(read)),
  ]);
  const helm = helmVersion(read);
  const isUpgrade = read.boolean("is-upgrade");
  const rendered = await renderChart({
    chart,
    config,
    release: {
      name,
      namespace: read.string("namespace") ?? terminal.env["HELM_NAMESPACE"] ?? "default",
      revision: 1,
      isUpgrade,
    },
    capabilities: offlineCapabilities(helm, {
      ...optional("kubeVersion", read.string("kube-version")),
      apiVersions: read.strings("api-versions").flatMap((text) => text.split(",")),
    }),
    helm,
    skipSchemaValidation: read.boolean("skip-schema-validation"),
  });
  const folder = read.string("output-dir");
  if (folder === undefined) terminal.out.write(templateOutput(rendered, outputOptions(read)));
  else writeDocuments(rendered, folder, read, terminal.out);
  return 0;
}

function nameAndChart([first = "", second]: string[]): [string, string] {
  return second === undefined ? ["release-name", first] : [first, second];
}

function outputOptions(read: FlagReader) {
  return {
    helm: helmVersion(read),
    includeCrds: read.boolean("include-crds"),
    noHooks: read.boolean("no-hooks"),
    skipTests: read.boolean("skip-tests"),
    showOnly: read.strings("show-only").flatMap((text) => text.split(",")),
  };
}

// A template's path is the chart's to choose: it must not lead out of the folder.
function writeDocuments(
  rendered: Rendered,
  folder: string,
  read: FlagReader,
  out: { write(text: string): void },
): void {
  const root = resolve(folder);
  const files = new Map<string, string>();
  for (const { path, text } of templateDocuments(rendered, outputOptions(read))) {
    const target = resolve(join(root, path));
    if (!target.startsWith(root + sep))
      throw new SlipwayError("CHART_INVALID", `The template ${path} leads out of ${folder}`);
    files.set(target, (files.get(target) ?? "") + text);
  }
  for (const [target, text] of files) {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    writeFileSync(target, text);
    out.write(`wrote ${target}\n`);
  }
}
