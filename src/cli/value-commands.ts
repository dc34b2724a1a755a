import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import { type Flag, outputFlag, renderFlags, reuseFlags, valueFlags } from "./flags.ts";

const explainFlag: Flag = {
  name: "explain",
  type: "string",
  placeholder: "PATH",
  description: "say where this value came from: every source that set it, the weakest first",
};

/** The commands that look at a chart and its values and change nothing but files. */
export const valueCommands: readonly Command[] = [
  {
    name: "values",
    summary: "print a chart's merged values, or where one came from",
    usage: "RELEASE|- CHART",
    takes: [2, 2],
    about: `Prints the values that the templates see. RELEASE is what an upgrade would take values over from; - is none, and
needs no cluster. With --explain, prints each file and flag that set one value, with its line; * marks the one that won.`,
    examples: ["slipway values - ./charts/shop -f prod.yaml --explain image.tag"],
    flags: [...valueFlags, ...reuseFlags, explainFlag, ...renderFlags, ...chartFlags, dependencyUpdateFlag, outputFlag],
    load: async () => (await import("./commands/values.ts")).values,
  },
];
