import { chartCommands } from "./chart-commands.ts";
import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import { type Flag, outputFlag, renderFlags, reuseFlags, valueFlags, waitFlags } from "./flags.ts";
import { templateFlags } from "./template-flags.ts";
import { valueCommands } from "./value-commands.ts";

const recordFlags: readonly Flag[] = [
  {
    name: "history-max",
    type: "integer",
    placeholder: "N",
    description: "revisions to keep (default 10; 0 keeps all)",
  },
  { name: "description", type: "string", placeholder: "TEXT", description: "the description of the new revision" },
];

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
  { name: "skip-crds", type: "boolean", description: "do not install the definitions under crds/" },
  {
    name: "server-side",
    type: "choice",
    choices: ["auto", "true", "false"],
    bare: "true",
    placeholder: "MODE",
    description: "write objects by server-side apply (default auto: as the last revision)",
  },
  { name: "force-conflicts", type: "boolean", description: "with --server-side: take fields over from other managers" },
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
  ...recordFlags,
  ...renderFlags,
  outputFlag,
];

export const commands: readonly Command[] = [
  {
    name: "deploy",
    aliases: ["upgrade", "install"],
    summary: "bring a chart to the cluster, and take it back when it fails",
    usage: "NAME CHART",
    takes: [2, 2],
    about: `Renders the chart, applies what differs, watches the rollout. When that fails, says why and goes back to the last
good revision; a first install that fails is uninstalled. Installs where the release is absent, else upgrades.`,
    examples: [
      "slipway deploy shop ./charts/shop -n shop --create-namespace",
      "slipway deploy shop ./charts/shop -n shop -f prod.yaml --set image.tag=$SHA",
    ],
    flags: deployFlags,
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  {
    name: "plan",
    aliases: ["diff"],
    summary: "say what a deploy would change",
    usage: "NAME CHART",
    takes: [2, 2],
    about: "Compares what the chart asks for with the cluster and prints every difference. Changes nothing.",
    examples: ["slipway plan shop ./charts/shop -n shop -f prod.yaml --exit-code"],
    flags: [
      ...deployFlags,
      {
        name: "exit-code",
        aliases: ["detailed-exitcode"],
        type: "boolean",
        description: "exit with 2 when there are changes",
      },
    ],
    load: async () => (await import("./commands/deploy.ts")).plan,
  },
  {
    name: "template",
    summary: "print what a chart renders, byte for byte as Helm does",
    usage: "[NAME] CHART",
    takes: [1, 2],
    about: "Renders a chart, without a cluster unless one is asked for by --dry-run=server.",
    examples: ["slipway template shop ./charts/shop -f prod.yaml --show-only templates/deployment.yaml"],
    flags: [...valueFlags, ...renderFlags, ...chartFlags, dependencyUpdateFlag, ...templateFlags],
    load: async () => (await import("./commands/template.ts")).template,
  },
  {
    name: "rollback",
    summary: "go back to an earlier revision",
    usage: "NAME [REVISION]",
    takes: [1, 2],
    about: "Deploys a recorded revision again, as a new one: the named one, else the last good one before the present.",
    examples: ["slipway rollback shop -n shop", "slipway rollback shop 3 -n shop"],
    flags: [
      ...waitFlags,
      { name: "dry-run", type: "boolean", description: "only say what would change" },
      ...recordFlags,
      outputFlag,
    ],
    load: async () => (await import("./commands/rollback.ts")).rollback,
  },
  {
    name: "uninstall",
    aliases: ["delete", "del", "un"],
    summary: "remove a release",
    usage: "NAME...",
    takes: [1, 100],
    about: "Removes a release's objects and its history.",
    flags: [
      ...waitFlags,
      { name: "keep-history", type: "boolean", description: "keep the recorded revisions" },
      { name: "dry-run", type: "boolean", description: "only say what would be removed" },
      { name: "ignore-not-found", type: "boolean", description: "a release that is not there is no failure" },
      {
        name: "description",
        type: "string",
        placeholder: "TEXT",
        description: "the description that is kept with --keep-history",
      },
      outputFlag,
    ],
    load: async () => (await import("./commands/uninstall.ts")).uninstall,
  },
  {
    name: "list",
    aliases: ["ls"],
    summary: "list releases",
    usage: "",
    takes: [0, 0],
    about: "Lists the releases of a namespace, made by Helm or by Slipway.",
    flags: [
      { name: "all-namespaces", short: "A", type: "boolean", description: "of all namespaces" },
      {
        name: "all",
        short: "a",
        type: "boolean",
        description: "also those that were uninstalled with their history kept",
      },
      { name: "short", short: "q", type: "boolean", description: "names alone" },
      outputFlag,
    ],
    load: async () => (await import("./commands/list.ts")).list,
  },
  {
    name: "history",
    aliases: ["hist"],
    summary: "list a release's revisions",
    usage: "NAME",
    takes: [1, 1],
    about: "Lists the recorded revisions of a release, oldest first.",
    flags: [{ name: "max", type: "integer", placeholder: "N", description: "the newest N (default 256)" }, outputFlag],
    load: async () => (await import("./commands/history.ts")).history,
  },
  {
    name: "status",
    summary: "say how a release is",
    usage: "NAME",
    takes: [1, 1],
    about: "Prints what is recorded of a release and the health of each of its objects now.",
    flags: [
      { name: "revision", type: "integer", placeholder: "N", description: "of this revision (default the newest)" },
      outputFlag,
    ],
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "get",
    summary: "print what is recorded of a release",
    usage: "manifest|values|notes|hooks|metadata|all NAME",
    takes: [2, 2],
    about: "Prints a part of a recorded revision.",
    flags: [
      { name: "revision", type: "integer", placeholder: "N", description: "of this revision (default the newest)" },
      outputFlag,
    ],
    load: async () => (await import("./commands/get.ts")).get,
  },
  {
    name: "sandbox",
    summary: "serve a Kubernetes API in memory, to try things on",
    usage: "",
    takes: [0, 0],
    about:
      "Serves a Kubernetes API in memory on loopback and writes a kubeconfig for it. helm and kubectl can use it too.",
    flags: [
      { name: "port", type: "integer", placeholder: "PORT", description: "the port (default: a free one)" },
      {
        name: "write-kubeconfig",
        type: "string",
        placeholder: "FILE",
        description: "where to write the kubeconfig (default slipway-sandbox.kubeconfig)",
      },
    ],
    load: async () => (await import("./commands/sandbox.ts")).sandbox,
  },
  {
    name: "demo",
    summary: "see a deploy, an upgrade and an automatic rollback, without a cluster",
    usage: "",
    takes: [0, 0],
    about: "Shows the whole way on a Kubernetes API in memory, in a few seconds.",
    flags: [],
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  ...chartCommands,
  ...valueCommands,
];
