import { SlipwayError } from "../../base/error.ts";
import { fromBytes } from "../../base/go-string.ts";
import { executeJsonPath } from "../../base/jsonpath/execute.ts";
import { type PathNode, parseJsonPath } from "../../base/jsonpath/parse.ts";
import { metadataYaml } from "../../chart/chart-yaml.ts";
import { resolveChart } from "../../chart/resolve-chart.ts";
import type { Chart } from "../../chart/types.ts";
import { crdFiles } from "../../render/crds.ts";
import { oneLine } from "../../report/plain-text.ts";
import { chartSource } from "../chart-source.ts";
import type { ExitCode, Invocation, Terminal } from "../command.ts";
import { helmVersion } from "../deploy-options.ts";
import { flagReader } from "../read-flags.ts";

export type ShownPart = "chart" | "values" | "readme" | "crds" | "all";

/** `slipway show PART CHART`: what `helm show` prints. */
export function show(part: ShownPart) {
  return async ({ positionals, flags, terminal }: Invocation): Promise<ExitCode> => {
    const read = flagReader(flags);
    const helm = helmVersion(read);
    const source = await chartSource(positionals[0] ?? "", read, terminal);
    const template = part === "values" ? read.string("jsonpath") : undefined;
    const nodes = template ? parseJsonPath(template) : undefined;
    const chart = await resolveChart(source, { helm });
    terminal.out.write(nodes === undefined ? shown(chart, part, helm) : pickedValues(chart, nodes, terminal));
    return 0;
  };
}

function shown(chart: Chart, part: ShownPart, helm: "3" | "4"): string {
  const all = part === "all";
  const separator = all ? "---\n" : "";
  let text = "";
  if (all || part === "chart") text += `${metadataYaml(chart.metadata)}\n`;
  if (all || part === "values") text += shownValues(chart, separator);
  if (all || part === "readme") text += shownReadme(chart, separator);
  if (all || part === "crds") text += shownDefinitions(chart, all, helm);
  return text;
}

// Where a path leads nowhere Helm prints nothing, and all is well.
function pickedValues({ values }: Chart, nodes: readonly PathNode[], { err }: Pick<Terminal, "err">): string {
  try {
    return executeJsonPath(nodes, values);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    err.write(`Warning: ${oneLine(error.message, 500)}${error.hint === undefined ? "" : `. ${error.hint}`}\n`);
    return "";
  }
}

function shownValues({ raw }: Chart, separator: string): string {
  const file = raw.find(({ name }) => name === "values.yaml");
  return file === undefined ? "" : `${separator}${fromBytes(file.data)}\n`;
}

const readmeNames = new Set(["readme.md", "readme.txt", "readme"]);

function shownReadme({ files }: Chart, separator: string): string {
  const file = files.find(({ name }) => readmeNames.has(name.toLowerCase()));
  return file === undefined ? "" : `${separator}${fromBytes(file.data)}\n`;
}

// Helm 3 puts a separator only before the first of them, and only where other parts are before it.
function shownDefinitions(chart: Chart, all: boolean, helm: "3" | "4"): string {
  return crdFiles(chart)
    .map(({ text }, index) => {
      const wants = helm === "4" || (all && index === 0);
      return `${wants && !text.startsWith("---") ? "---\n" : ""}${text}\n`;
    })
    .join("");
}
