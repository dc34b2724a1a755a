import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../../base/error.ts";
import { type LintOptions, lintChart } from "../../lint/lint-chart.ts";
import { type LintMessage, messageText, textOf } from "../../lint/message.ts";
import { collectValues } from "../../values/collect-values.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { helmVersion, valueSources } from "../deploy-options.ts";
import { type FlagReader, flagReader, optional } from "../read-flags.ts";

/** `slipway lint CHART...`. */
export async function lint({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const options: LintOptions = {
    config: await collectValues(valueSources(read, terminal)),
    namespace: read.string("namespace") ?? terminal.env["HELM_NAMESPACE"] ?? "default",
    helm: helmVersion(read),
    ...optional("kubeVersion", read.string("kube-version")),
    skipSchemaValidation: read.boolean("skip-schema-validation"),
  };
  const paths = read.boolean("with-subcharts") ? positionals.flatMap(withSubcharts) : positionals;
  let failed = 0;
  let toldOf = 0;
  for (const path of paths) {
    const { text, isFailed, isTold } = await lintOne(path, options, read);
    terminal.out.write(text);
    if (isFailed) failed += 1;
    if (isTold) toldOf += 1;
  }
  const summary = `${paths.length} chart(s) linted, ${failed} chart(s) failed\n`;
  if (failed > 0) terminal.err.write(`Error: ${summary}`);
  else if (!read.boolean("quiet") || toldOf > 0) terminal.out.write(summary);
  return failed > 0 ? 1 : 0;
}

type Linted = { text: string; isFailed: boolean; isTold: boolean };

async function lintOne(path: string, options: LintOptions, read: FlagReader): Promise<Linted> {
  const isQuiet = read.boolean("quiet");
  try {
    const messages = await lintChart(path, options);
    const isBad = ({ severity }: LintMessage) =>
      severity === "ERROR" || (read.boolean("strict") && severity === "WARNING");
    const shown = messages.filter(({ severity }) => !isQuiet || severity !== "INFO");
    const isTold = messages.some(({ severity }) => severity !== "INFO");
    const lines = shown.map((message) => `${messageText(message)}\n`).join("");
    return {
      text: isQuiet && !isTold ? "" : `==> Linting ${path}\n${lines}\n`,
      isFailed: messages.some(isBad),
      isTold,
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { text: `==> Linting ${path}\nError ${textOf(error)}\n\n`, isFailed: true, isTold: true };
  }
}

function withSubcharts(path: string): string[] {
  let found: string[] = [];
  try {
    found = readdirSync(join(path, "charts"), { recursive: true, encoding: "utf8" }).sort();
  } catch {
    // It has none, or is an archive.
  }
  const below = found.flatMap((name) => {
    if (name === "Chart.yaml" || name.endsWith("/Chart.yaml")) return [join(path, "charts", dirname(name))];
    return /\.(tgz|tar\.gz)$/.test(name) ? [join(path, "charts", name)] : [];
  });
  return [path, ...below];
}
