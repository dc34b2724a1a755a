import { chartFlags, dependencyUpdateFlag } from "./chart-flags.ts";
import type { Command } from "./command.ts";
import {
  type Flag,
  mannerFlags,
  outputFlag,
  renderFlags,
  replaceImmutableFlag,
  serverSideFlag,
  valueFlags,
  waitFlags,
} from "./flags.ts";

const repositoryFlag: Flag = {
  name: "repository",
  type: "string",
  placeholder: "OWNER/NAME",
  description: "the repository, with its host where that is not github.com (default: $GITHUB_REPOSITORY)",
};

const previewFlags: readonly Flag[] = [
  repositoryFlag,
  { name: "pr", type: "integer", placeholder: "NUMBER", description: "the number of the pull request" },
];

const upFlags: readonly Flag[] = [
  { name: "sha", type: "string", placeholder: "COMMIT", description: "the commit that is deployed" },
  { name: "branch", type: "string", placeholder: "NAME", description: "its branch, for pr.branch in values files" },
  { name: "title", type: "string", placeholder: "TEXT", description: "its title, for pr.title in values files" },
  { name: "author", type: "string", placeholder: "NAME", description: "its author, for pr.author in values files" },
  {
    name: "ttl",
    type: "duration",
    placeholder: "TIME",
    description: "how long the preview may live from now, such as 72h (default: until it is taken down)",
  },
  {
    name: "quota",
    type: "list",
    placeholder: "A=B",
    description: "a limit of its ResourceQuota, such as pods=20; may be repeated",
  },
  {
    name: "allow-traffic-from",
    type: "list",
    placeholder: "NAMESPACE",
    description: "let only pods of the preview and of this namespace reach it; self: only its own; may be repeated",
  },
  {
    name: "copy-secret",
    aliases: ["copy-secrets"],
    type: "list",
    placeholder: "NAMESPACE/NAME",
    description: "copy this Secret into the preview; may be repeated",
  },
  {
    name: "namespace-labels",
    type: "list",
    placeholder: "A=B",
    description: "a label of the preview's namespace; may be repeated",
  },
  {
    name: "on-failure",
    type: "choice",
    choices: ["rollback", "keep"],
    placeholder: "rollback|keep",
    description: "what to do when the deploy fails (default rollback)",
  },
];

/** Previews of pull requests, where no GitHub event says what to do. */
export const previewCommands: readonly Command[] = [
  {
    name: "preview up",
    summary: "bring a chart up in a namespace of its own, for a pull request",
    usage: "NAME CHART",
    takes: [2, 2],
    about: `Makes the namespace pr-NUMBER-NAME, marked as this pull request's, and deploys the chart there. Done again, it brings the
same preview to another commit. A namespace that Slipway did not make is left alone: name another one with -n.`,
    examples: ["slipway preview up shop ./charts/shop --repository owner/shop --pr 123 --sha $SHA --ttl 72h"],
    flags: [
      ...previewFlags,
      ...upFlags,
      ...valueFlags,
      ...waitFlags,
      ...chartFlags,
      dependencyUpdateFlag,
      replaceImmutableFlag,
      serverSideFlag,
      ...mannerFlags,
      ...renderFlags,
      outputFlag,
    ],
    load: async () => (await import("./commands/preview.ts")).previewUp,
  },
  {
    name: "preview down",
    summary: "take a pull request's preview down, with its namespace",
    usage: "NAME",
    takes: [1, 1],
    about: `Uninstalls the release and deletes the namespace that preview up made, and waits until it is gone. Says what holds one
that does not go. That there is none is no failure.`,
    examples: ["slipway preview down shop --repository owner/shop --pr 123"],
    flags: [...previewFlags, ...waitFlags, outputFlag],
    load: async () => (await import("./commands/preview.ts")).previewDown,
  },
  {
    name: "preview sweep",
    summary: "remove previews whose time has passed, or that are named",
    usage: "",
    takes: [0, 0],
    about: `Removes the previews of a repository whose time (--ttl) has passed, and those of pull requests that are closed. Which
these are, say --closed here, and GitHub in a workflow with command: preview-sweep.`,
    examples: ["slipway preview sweep --repository owner/shop --closed 123,124"],
    flags: [
      repositoryFlag,
      {
        name: "closed",
        type: "list",
        placeholder: "NUMBER",
        description: "a pull request that is closed; may be repeated",
      },
      { name: "all-repositories", type: "boolean", description: "of every repository, by their time alone" },
      { name: "dry-run", type: "boolean", description: "only say what would be removed" },
      ...waitFlags,
      outputFlag,
    ],
    load: async () => (await import("./commands/preview.ts")).previewSweep,
  },
];
