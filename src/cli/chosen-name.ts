import { SlipwayError } from "../base/error.ts";
import { renderReleaseName } from "../render/release-name.ts";
import type { Terminal } from "./command.ts";
import type { FlagReader } from "./read-flags.ts";

/** The release's name and the chart of `[NAME] CHART`; without a name, one that a template makes, or Helm's own default. */
export function nameAndChart(positionals: readonly string[], read: FlagReader, env: Terminal["env"]): [string, string] {
  const [first = "", second] = positionals;
  const template = read.string("name-template");
  if (second === undefined) return [template ? renderReleaseName(template, env) : "release-name", first];
  for (const flag of ["generate-name", "name-template"]) {
    const isSet = flag === "generate-name" ? read.boolean(flag) : template;
    if (!isSet) continue;
    throw new SlipwayError("INPUT_INVALID", `A name, "${first}", and --${flag} can't be given together`, {
      hint: "Leave one of them out.",
    });
  }
  return [first, second];
}
