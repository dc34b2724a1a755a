import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import {
  alwaysSo,
  type Flag,
  forceConflictsFlag,
  mannerFlags,
  nameFlags,
  outputFlag,
  recordFlags,
  renderFlags,
  replaceImmutableFlag,
  reuseFlags,
  serverSideFlag,
  valueFlags,
  waitFlags,
} from "./flags.ts";

const deployFlags: readonly Flag[] = [
  ...valueFlags,
  ...waitFlags,
  ...chartFlags,
  dependencyUpdateFlag,
  {
    name: "on-failure",
    type: "choice",
    choices: ["rollback", "keep"],
    placeholder: "rollback|keep",
    description: "what to do when it fails (default rollback; a first install is uninstalled)",
  },
  ...reuseFlags,
  { name: "create-namespace", type: "boolean", description: "create the namespace if it is missing" },
  {
    name: "dry-run",
    type: "choice",
    choices: ["none", "client", "server", "true", "false"],
    bare: "client",
    placeholder: "MODE",
    description: "only say what would change, as slipway plan does",
  },
  { name: "take-ownership", type: "boolean", description: "take over objects that another release, or none, owns" },
  replaceImmutableFlag,
  {
    name: "ignore-hazards",
    type: "list",
    placeholder: "ID",
    description: "go on in spite of hazards that the plan tells, or of all; may be repeated",
  },
  {
    name: "crds",
    type: "choice",
    choices: ["create", "upgrade", "skip"],
    placeholder: "create|upgrade|skip",
    description: "the definitions under crds/: create those that are missing (default), upgrade the others, too",
  },
  { name: "skip-crds", type: "boolean", description: "as --crds=skip" },
  {
    name: "code-quality",
    type: "string",
    placeholder: "FILE",
    description: "write what is wrong with which file as a report of GitLab's code quality",
  },
  {
    name: "config-rollout",
    type: "choice",
    choices: ["off", "annotate", "rename"],
    placeholder: "MODE",
    description: "how changed ConfigMaps and Secrets reach pods: off, annotate or rename (see docs/configuration.md)",
  },
  serverSideFlag,
  ...mannerFlags,
  forceConflictsFlag,
  { name: "labels", short: "l", type: "list", placeholder: "A=B", description: "labels on the recorded revision" },
  {
    name: "install",
    short: "i",
    type: "boolean",
    description: "accepted for those who come from helm upgrade: it is always so",
  },
  {
    name: "atomic",
    aliases: ["rollback-on-failure"],
    type: "boolean",
    description: "accepted likewise: see --on-failure",
  },
  ...nameFlags,
  { name: "hide-notes", type: "boolean", description: "do not show the chart's notes" },
  { name: "test", type: "boolean", description: "run the chart's tests at the end; one that fails fails the deploy" },
  ...alwaysSo("hide-secret", "disable-openapi-validation", "replace"),
  ...recordFlags,
  ...renderFlags,
  outputFlag,
];

/** The commands that bring a chart to a cluster, or say what that would change. */
export const deployCommands: readonly Command[] = [
  {
    name: "deploy",
    aliases: ["upgrade", "install"],
    summary: "bring a chart to the cluster, and take it back when it fails",
    usage: "[NAME] CHART",
    takes: [1, 2],
    about: `Renders the chart, applies what differs, watches the rollout. When that fails, says why and goes back to the last
good revision; a first install that fails is uninstalled. Installs where the release is absent, else upgrades.`,
    examples: [
      "slipway deploy shop ./charts/shop -n shop --create-namespace",
      "slipway deploy shop ./charts/shop -n shop -f prod.yaml --set image.tag=$SHA",
    ],
    flags: [
      ...deployFlags,
      {
        name: "plan",
        type: "string",
        placeholder: "FILE",
        description: "deploy only what this file of slipway plan --out says, if nothing has changed since",
      },
    ],
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  {
    name: "plan",
    aliases: ["diff"],
    summary: "say what a deploy would change",
    usage: "[NAME] CHART",
    takes: [1, 2],
    about: "Compares what the chart asks for with the cluster and prints every difference. Changes nothing.",
    examples: [
      "slipway plan shop ./charts/shop -n shop -f prod.yaml --exit-code",
      "slipway plan shop ./charts/shop -n shop -f prod.yaml --out plan.json",
    ],
    flags: [
      ...deployFlags,
      {
        name: "exit-code",
        aliases: ["detailed-exitcode"],
        type: "boolean",
        description: "exit with 2 when there are changes",
      },
      {
        name: "out",
        type: "string",
        placeholder: "FILE",
        description: "keep the plan in a file, for slipway deploy --plan",
      },
    ],
    load: async () => (await import("./commands/deploy.ts")).plan,
  },
];
