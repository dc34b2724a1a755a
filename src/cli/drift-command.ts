import type { Command } from "./command.ts";
import { outputFlag } from "./flags.ts";

export const driftCommand: Command = {
  name: "drift",
  summary: "say what of the cluster is not as it was deployed, and set it back",
  usage: "[NAME...]",
  takes: [0, Number.POSITIVE_INFINITY],
  about: `Compares live objects with the manifest of each release's last deployed revision: what differs, who changed it and
when. Of the releases that are named, of all in the namespace, or of the whole cluster. Fields that controllers and
autoscalers keep are none of it. See docs/drift.md.`,
  examples: [
    "slipway drift -A --fail-on-drift",
    "slipway drift shop cart -n prod --correct",
    "slipway drift -n prod --ignore drift-rules.yaml -o json",
  ],
  flags: [
    { name: "all-namespaces", short: "A", type: "boolean", description: "of all namespaces" },
    { name: "correct", type: "boolean", description: "set back what differs; no revision is recorded" },
    {
      name: "ignore",
      type: "strings",
      placeholder: "FILE",
      description: "rules for what to leave out, as Flux's HelmRelease has them; may be repeated",
    },
    { name: "fail-on-drift", type: "boolean", description: "exit with 2 where anything is not as recorded, still" },
    outputFlag,
  ],
  load: async () => (await import("./commands/drift.ts")).drift,
};
