import { chartCommands } from "./chart-commands.ts";
import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import { deployCommands } from "./deploy-commands.ts";
import { driftCommand } from "./drift-command.ts";
import { renderFlags, valueFlags } from "./flags.ts";
import { previewCommands } from "./preview-commands.ts";
import { rbacCommand } from "./rbac-command.ts";
import { changeCommands, recordCommands } from "./release-commands.ts";
import { templateFlags } from "./template-flags.ts";
import { valueCommands } from "./value-commands.ts";

/** In the order in which the help tells them. */
export const commands: readonly Command[] = [
  ...deployCommands,
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
  ...changeCommands,
  driftCommand,
  ...recordCommands,
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
  ...previewCommands,
  rbacCommand,
  ...chartCommands,
  ...valueCommands,
];
