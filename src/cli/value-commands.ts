import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import type { ShownPart } from "./commands/show.ts";
import { type Flag, outputFlag, renderFlags, reuseFlags, valueFlags } from "./flags.ts";

const explainFlag: Flag = {
  name: "explain",
  type: "string",
  placeholder: "PATH",
  description: "say where this value came from: every source that set it, the weakest first",
};

const lintFlags: readonly Flag[] = [
  { name: "strict", type: "boolean", description: "fail on warnings, too" },
  { name: "quiet", type: "boolean", description: "print warnings and errors alone" },
  { name: "with-subcharts", type: "boolean", description: "look over the charts under charts/, too" },
  { name: "kube-version", type: "string", placeholder: "VERSION", description: "the Kubernetes version to deploy to" },
];

const jsonPathFlag: Flag = {
  name: "jsonpath",
  type: "string",
  placeholder: "TEMPLATE",
  description: "print only what this template picks: {.image.tag}",
};

const shownParts: readonly (readonly [ShownPart, string])[] = [
  ["all", "all that a chart says of itself"],
  ["chart", "a chart's Chart.yaml"],
  ["crds", "the definitions under a chart's crds/"],
  ["readme", "a chart's README"],
  ["values", "a chart's values.yaml"],
];

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
  {
    name: "lint",
    summary: "look a chart over",
    usage: "CHART...",
    takes: [1, Number.POSITIVE_INFINITY],
    about: `Finds what Helm finds, with its verdict: an [ERROR] fails, with --strict a [WARNING] too. Besides, as [INFO]: values
that no template uses or that the schema does not know, images without a tag, and APIs that Kubernetes has removed.`,
    examples: ["slipway lint ./charts/shop -f prod.yaml --strict --kube-version 1.36"],
    flags: [...valueFlags, ...lintFlags, ...renderFlags],
    load: async () => (await import("./commands/lint.ts")).lint,
  },
  ...shownParts.map(
    ([part, what]): Command => ({
      name: `show ${part}`,
      aliases: [`inspect ${part}`],
      summary: `print ${what}`,
      usage: "CHART",
      takes: [1, 1],
      about: `Prints ${what}.`,
      flags: [
        ...(part === "values" ? [jsonPathFlag] : []),
        ...chartFlags,
        ...renderFlags.filter(({ name }) => name === "helm"),
      ],
      load: async () => (await import("./commands/show.ts")).show(part),
    }),
  ),
  {
    name: "create",
    summary: "write a new chart to start from",
    usage: "NAME",
    takes: [1, 1],
    about: "Writes the folder of a chart: a Deployment and its Service, with values and a schema for them.",
    flags: [],
    load: async () => (await import("./commands/create.ts")).create,
  },
];
