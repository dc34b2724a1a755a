import type { Command } from "./command.ts";
import {
  alwaysSo,
  forceConflictsFlag,
  mannerFlags,
  outputFlag,
  recordFlags,
  replaceImmutableFlag,
  waitFlags,
} from "./flags.ts";

/** The commands that change a release that is there, or run its tests. */
export const changeCommands: readonly Command[] = [
  {
    name: "rollback",
    summary: "go back to an earlier revision",
    usage: "NAME [REVISION]",
    takes: [1, 2],
    about: "Deploys a recorded revision again, as a new one: the named one, else the last good one before the present.",
    examples: ["slipway rollback shop -n shop", "slipway rollback shop 3 -n shop"],
    flags: [
      ...waitFlags,
      ...mannerFlags,
      forceConflictsFlag,
      replaceImmutableFlag,
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
    takes: [1, Number.POSITIVE_INFINITY],
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
    name: "unlock",
    summary: "say who holds a release's lock, and take it from a run that is dead",
    usage: "NAME",
    takes: [1, 1],
    about: `Removes what a run left that was killed: its lock, and the revision that it had begun, which is recorded as failed.
The next deploy does the same by itself. A run that lives keeps its lock, unless you force it.`,
    examples: ["slipway unlock shop -n shop"],
    flags: [
      {
        name: "force",
        type: "boolean",
        description: "also from a run that lives: it then changes nothing more, and is recorded as failed",
      },
      {
        name: "timeout",
        type: "duration",
        placeholder: "TIME",
        description: "how old a revision has to be that Helm began, to count as abandoned (default 5m0s)",
      },
      outputFlag,
    ],
    load: async () => (await import("./commands/unlock.ts")).unlock,
  },
  {
    name: "test",
    summary: "run a release's tests",
    usage: "NAME",
    takes: [1, 1],
    about: "Runs the test hooks of the newest revision, and records how they went. Exits with 1 where one fails.",
    examples: ["slipway test shop -n shop --logs", "slipway test shop -n shop --filter '!name=shop-load'"],
    flags: [
      {
        name: "filter",
        type: "list",
        placeholder: "name=TEST",
        description: "only these tests; !name=TEST: all but these",
      },
      { name: "logs", type: "boolean", description: "print the logs of all tests, not only of one that fails" },
      { name: "timeout", type: "duration", placeholder: "TIME", description: "for each test (default 5m0s)" },
      ...alwaysSo("hide-notes"),
      outputFlag,
    ],
    load: async () => (await import("./commands/test.ts")).test,
  },
];

/** The commands that say what is there, and take over what Helm 2 made. */
export const recordCommands: readonly Command[] = [
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
    name: "convert-helm2",
    summary: "take over releases that Helm 2 made",
    usage: "[NAME...]",
    takes: [0, 100],
    about: `Records what Helm 2's Tiller recorded as Helm 3 does, every revision, each release in its own namespace. Stop
Tiller first. The objects stay as they are; the next deploy of a release marks them as its own.`,
    examples: ["slipway convert-helm2 --dry-run", "slipway convert-helm2 shop --delete"],
    flags: [
      {
        name: "tiller-namespace",
        type: "string",
        placeholder: "NAME",
        description: "where Tiller keeps its records (default kube-system)",
      },
      { name: "dry-run", type: "boolean", description: "only say what would be converted" },
      { name: "delete", type: "boolean", description: "remove Helm 2's records when all is converted" },
      outputFlag,
    ],
    load: async () => (await import("./commands/convert-helm2.ts")).convertHelm2,
  },
];
