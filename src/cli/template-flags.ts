import { type Flag, forceConflictsFlag, nameFlags, serverSideFlag, waitFlags } from "./flags.ts";

/** Of `helm install`: `helm template` takes them, and so do we, but they say nothing about rendering. */
const withoutEffect = "accepted as Helm does; nothing is installed here";

const ignored: readonly Flag[] = [
  ...[
    "atomic",
    "create-namespace",
    "disable-openapi-validation",
    "force",
    "force-replace",
    "hide-notes",
    "replace",
    "rollback-on-failure",
    "skip-crds",
    "take-ownership",
    "wait-for-jobs",
  ].map((name): Flag => ({ name, type: "boolean", description: withoutEffect })),
  { name: "description", type: "string", placeholder: "TEXT", description: withoutEffect },
  ...[serverSideFlag, forceConflictsFlag, ...waitFlags.filter(({ name }) => name === "timeout" || name === "wait")].map(
    (flag): Flag => ({ ...flag, description: withoutEffect }),
  ),
];

/** What `slipway template` takes beside values and the version of Helm. */
export const templateFlags: readonly Flag[] = [
  {
    name: "show-only",
    short: "s",
    type: "strings",
    placeholder: "PATH",
    description: "print only this template; may be repeated, may be a pattern",
  },
  { name: "include-crds", type: "boolean", description: "print the definitions under crds/, too" },
  { name: "no-hooks", type: "boolean", description: "leave hooks out" },
  { name: "skip-tests", type: "boolean", description: "leave test hooks out" },
  { name: "is-upgrade", type: "boolean", description: "set .Release.IsUpgrade" },
  {
    name: "kube-version",
    type: "string",
    placeholder: "VERSION",
    description: "the Kubernetes version of .Capabilities",
  },
  {
    name: "api-versions",
    short: "a",
    type: "list",
    placeholder: "GROUP/VERSION",
    description: "more API versions of .Capabilities",
  },
  { name: "output-dir", type: "string", placeholder: "FOLDER", description: "write files in place of printing" },
  { name: "release-name", type: "boolean", description: "with --output-dir: in a folder named after the release" },
  {
    name: "dry-run",
    type: "choice",
    choices: ["client", "server", "true"],
    bare: "client",
    placeholder: "client|server",
    description: "server: ask the cluster for its versions and for what templates look up, and check the objects",
  },
  { name: "validate", type: "boolean", description: "as --dry-run=server" },
  ...nameFlags,
  { name: "labels", short: "l", type: "list", placeholder: "A=B", description: "labels of the release; only checked" },
  ...ignored,
];
