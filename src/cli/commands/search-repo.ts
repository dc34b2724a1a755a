import { SlipwayError } from "../../base/error.ts";
import { chartHome } from "../../chart/home.ts";
import { keptIndex } from "../../chart/repository/known-repositories.ts";
import { readRepositories } from "../../chart/repository/repositories-file.ts";
import { bestFirst, searchIndex } from "../../chart/repository/search.ts";
import type { ExitCode, Invocation } from "../command.ts";
import { format } from "../output.ts";
import { flagReader } from "../read-flags.ts";

/** `slipway search repo [WORD...]`. */
export async function searchRepo({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const read = flagReader(flags);
  const home = chartHome(terminal.env);
  const { repositories } = readRepositories(home.repositoryConfig);
  if (repositories.length === 0) {
    throw new SlipwayError("CHART_NOT_FOUND", "No repositories are known", {
      hint: "Add one with `slipway repo add NAME URL`.",
    });
  }
  const search = {
    words: positionals.join(" "),
    isRegexp: read.boolean("regexp"),
    range: read.string("version") ?? (read.boolean("devel") ? ">0.0.0-0" : ">0.0.0"),
    everyVersion: read.boolean("versions"),
  };
  const found = repositories.flatMap((entry) => {
    const index = keptIndex(entry, { home });
    if (index !== undefined) return searchIndex(index, entry.name, search);
    terminal.err.write(`Warning: the index of "${entry.name}" is not here: run slipway repo update\n`);
    return [];
  });
  if (found.length === 0 && read.boolean("fail-on-no-result")) {
    throw new SlipwayError("CHART_NOT_FOUND", "No chart was found");
  }
  const shown = bestFirst(found).map(({ name, chart }) => ({
    name,
    version: chart.version,
    app_version: chart.appVersion ?? "",
    description: chart.description ?? "",
  }));
  const form = read.string("output");
  if (shown.length === 0 && form !== "json" && form !== "yaml") {
    terminal.out.write("No results found\n");
    return 0;
  }
  const width = read.number("max-col-width", 50);
  const cut = (text: string) => (text.length > width ? `${text.slice(0, Math.max(0, width - 3))}...` : text);
  const rows = shown.map((row) => [row.name, row.version, row.app_version, row.description].map(cut));
  terminal.out.write(format(form, shown, ["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"], rows));
  return 0;
}
