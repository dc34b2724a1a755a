import { basename } from "node:path";
import { SlipwayError } from "../base/error.ts";
import { renderReleaseName } from "../render/release-name.ts";
import type { Terminal } from "./command.ts";
import type { FlagReader } from "./read-flags.ts";

type Chosen = { name: string; chart: string };

/** The release's name and the chart of `[NAME] CHART`; without a name, one that a template makes, or Helm's own default. */
export function nameAndChart(positionals: readonly string[], read: FlagReader, env: Terminal["env"]): Chosen {
  return choose(positionals, read, env) ?? { name: "release-name", chart: positionals[0] ?? "" };
}

/** The same for a release that will be there: without a name, one that is asked for, or INPUT_INVALID. */
export function newNameAndChart(positionals: readonly string[], read: FlagReader, env: Terminal["env"]): Chosen {
  const chosen = choose(positionals, read, env);
  if (chosen !== undefined) return chosen;
  const [chart = ""] = positionals;
  if (read.boolean("generate-name")) return { name: generatedName(chart, Date.now()), chart };
  throw new SlipwayError("INPUT_INVALID", `A release needs a name and a chart, and only "${chart}" is given`, {
    hint: "Write NAME CHART, or ask for a name with --generate-name.",
  });
}

function choose(positionals: readonly string[], read: FlagReader, env: Terminal["env"]): Chosen | undefined {
  const [first = "", second] = positionals;
  const template = read.string("name-template");
  if (second === undefined) return template ? { name: renderReleaseName(template, env), chart: first } : undefined;
  for (const flag of ["generate-name", "name-template"]) {
    const isSet = flag === "generate-name" ? read.boolean(flag) : template;
    if (!isSet) continue;
    throw new SlipwayError("INPUT_INVALID", `A name, "${first}", and --${flag} can't be given together`, {
      hint: "Leave one of them out.",
    });
  }
  return { name: first, chart: second };
}

/** As Helm makes it: the chart's name up to the first dot, and the seconds since 1970. */
function generatedName(chart: string, nowMs: number): string {
  const [base] = basename(chart).split(".");
  return `${base || "chart"}-${Math.floor(nowMs / 1000)}`;
}
