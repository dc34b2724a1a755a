import { SlipwayError } from "../../base/error.ts";
import { dependencyStatuses, strayCharts } from "../../chart/dependency/list.ts";
import { buildDependencies, type DependencyOptions, updateDependencies } from "../../chart/dependency/update.ts";
import { loadChart } from "../../chart/load-chart.ts";
import { oneLine } from "../../report/plain-text.ts";
import { accessOf, verification } from "../chart-source.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { table } from "../output.ts";
import { flagReader } from "../read-flags.ts";

/** `slipway dependency update [CHART]`. */
export async function update(invocation: Invocation): Promise<ExitCode> {
  await updateDependencies(chartFolder(invocation), await options(invocation));
  return 0;
}

/** `slipway dependency build [CHART]`. */
export async function build(invocation: Invocation): Promise<ExitCode> {
  await buildDependencies(chartFolder(invocation), await options(invocation));
  return 0;
}

/** `slipway dependency list [CHART]`. */
export async function list(invocation: Invocation): Promise<ExitCode> {
  const { terminal } = invocation;
  const path = chartFolder(invocation);
  const chart = await loadChart(path);
  if (chart.metadata.dependencies === undefined) {
    terminal.err.write(`Chart ${oneLine(chart.metadata.name, 200)} has no dependencies\n`);
    return 0;
  }
  const rows = await dependencyStatuses(path, chart);
  const heads = ["NAME", "VERSION", "REPOSITORY", "STATUS"];
  terminal.out.write(
    table(
      heads,
      rows.map(({ name, version, repository, status }) => [name, version, repository, status]),
    ),
  );
  for (const line of await strayCharts(path, chart)) terminal.err.write(`Warning: ${oneLine(line, 500)}\n`);
  return 0;
}

function chartFolder({ positionals: [path = "."] }: Invocation): string {
  if (path !== "") return path;
  throw new SlipwayError("INPUT_INVALID", "The chart's folder has no name");
}

async function options({ flags, terminal }: Invocation): Promise<DependencyOptions> {
  const read = flagReader(flags);
  const { env, signal, keepSecret } = terminal;
  return {
    source: { env, signal, access: accessOf(read, keepSecret), ...(await verification(read, env)) },
    skipRefresh: read.boolean("skip-refresh"),
    tell: (line) => terminal.out.write(`${oneLine(line, 500)}\n`),
  };
}
