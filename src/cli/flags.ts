/** One flag of a command. Long and short names are Helm's where Helm has the flag. */
export type Flag = {
  name: string;
  short?: string;
  /** Other names that mean the same. */
  aliases?: readonly string[];
  type: FlagType;
  /** What stands for the value in the help. */
  placeholder?: string;
  /** For `choice`. */
  choices?: readonly string[];
  /** What a flag means that is given without a value though its type has one: `--wait`. */
  bare?: string;
  /** Of a `choice` with `bare`: a next word that is one of the choices is its value, as of Helm flags that need one. */
  takesNext?: boolean;
  description: string;
};

/** `strings` may be repeated, and so may `list`, each of which is split at its commas. `duration` is Go's form (`5m0s`, `90s`) and comes out in milliseconds. */
export type FlagType = "boolean" | "string" | "strings" | "list" | "integer" | "duration" | "choice";

export type FlagValues = ReadonlyMap<string, boolean | string | number | readonly string[]>;

export const globalFlags: readonly Flag[] = [
  {
    name: "namespace",
    short: "n",
    type: "string",
    placeholder: "NAME",
    description: "the release's namespace (default: the context's)",
  },
  {
    name: "kubeconfig",
    type: "string",
    placeholder: "FILE",
    description: "the kubeconfig (default: $KUBECONFIG, ~/.kube/config, in-cluster)",
  },
  {
    name: "kube-context",
    aliases: ["context"],
    type: "string",
    placeholder: "NAME",
    description: "the kubeconfig's context",
  },
  {
    name: "kube-apiserver",
    aliases: ["server"],
    type: "string",
    placeholder: "URL",
    description: "the API server's address",
  },
  {
    name: "kube-token",
    aliases: ["token"],
    type: "string",
    placeholder: "TOKEN",
    description: "a bearer token (better: $SLIPWAY_KUBETOKEN)",
  },
  {
    name: "oidc-audience",
    type: "string",
    placeholder: "NAME",
    description: "log in with the OIDC token that GitHub Actions, or Buildkite, signs for this audience",
  },
  {
    name: "kube-ca-file",
    aliases: ["certificate-authority"],
    type: "string",
    placeholder: "FILE",
    description: "the authority that the API server's certificate is checked with",
  },
  { name: "kube-as-user", type: "string", placeholder: "USER", description: "act as this user" },
  { name: "kube-as-group", type: "strings", placeholder: "GROUP", description: "act as a member of this group" },
  { name: "kube-insecure-skip-tls-verify", type: "boolean", description: "do not check the API server's certificate" },
  {
    name: "kube-tls-server-name",
    type: "string",
    placeholder: "NAME",
    description: "the name that the API server's certificate has to have",
  },
  {
    name: "registry-config",
    type: "string",
    placeholder: "FILE",
    description: "the credentials of registries (default: $HELM_REGISTRY_CONFIG, or Helm's own)",
  },
  {
    name: "repository-config",
    type: "string",
    placeholder: "FILE",
    description: "the known repositories (default: $HELM_REPOSITORY_CONFIG, or Helm's own)",
  },
  {
    name: "repository-cache",
    type: "string",
    placeholder: "FOLDER",
    description: "the indexes of known repositories (default: $HELM_REPOSITORY_CACHE, or Helm's own)",
  },
  {
    name: "color",
    aliases: ["colour"],
    type: "choice",
    choices: ["never", "auto", "always"],
    placeholder: "never|auto|always",
    description: "colours in the output (default auto: on terminals, unless $NO_COLOR is set)",
  },
  {
    name: "ci",
    type: "choice",
    choices: ["auto", "none", "github", "gitlab", "buildkite"],
    placeholder: "NAME",
    description: "fold the log and annotate as this CI shows it, or none (default auto: as its environment says)",
  },
  { name: "sandbox", type: "boolean", description: "use a Kubernetes API in memory for this run" },
  { name: "debug", type: "boolean", description: "print stack traces" },
  { name: "help", short: "h", type: "boolean", description: "print this help" },
];

export const valueFlags: readonly Flag[] = [
  {
    name: "values",
    short: "f",
    type: "list",
    placeholder: "FILE",
    description: "values from a YAML file, a pattern, an address, or - for the input; may be repeated, the last wins",
  },
  {
    name: "interpolate",
    type: "strings",
    placeholder: "FILE",
    description: "a values file, or a pattern, to fill workflow context into; *.mustache.yaml always is",
  },
  { name: "set", type: "strings", placeholder: "A.B=C", description: "a value; may be repeated, or a=1,b=2" },
  { name: "set-string", type: "strings", placeholder: "A=B", description: "a value that stays text" },
  { name: "set-file", type: "strings", placeholder: "A=FILE", description: "a value read from a file" },
  { name: "set-json", type: "strings", placeholder: "A=JSON", description: "a value as JSON" },
  { name: "set-literal", type: "strings", placeholder: "A=B", description: "a value taken as it stands" },
];

export const reuseFlags: readonly Flag[] = [
  {
    name: "reuse-values",
    type: "boolean",
    description: "start from the last revision's values and its chart's defaults",
  },
  { name: "reset-values", type: "boolean", description: "use nothing of the last revision's values" },
  {
    name: "reset-then-reuse-values",
    type: "boolean",
    description: "start from the last revision's values and the new chart's defaults",
  },
];

export const renderFlags: readonly Flag[] = [
  {
    name: "helm",
    type: "choice",
    choices: ["3", "4"],
    placeholder: "3|4",
    description: "the version of Helm to render as (default 4)",
  },
  {
    name: "post-renderer",
    type: "string",
    placeholder: "PROGRAM",
    description: "a program that reads all that is rendered and prints it changed",
  },
  {
    name: "post-renderer-args",
    type: "strings",
    placeholder: "TEXT",
    description: "an argument of the post-renderer; may be repeated",
  },
  { name: "render-subchart-notes", type: "boolean", description: "show the notes of subcharts, too" },
  { name: "enable-dns", type: "boolean", description: "let getHostByName in templates ask the network" },
  { name: "skip-schema-validation", type: "boolean", description: "do not check values against values.schema.json" },
];

export const nameFlags: readonly Flag[] = [
  {
    name: "generate-name",
    short: "g",
    type: "boolean",
    description: "in place of NAME: the chart's name and the time",
  },
  {
    name: "name-template",
    type: "string",
    placeholder: "TEXT",
    description: "in place of NAME: a template that makes it",
  },
];

export const waitFlags: readonly Flag[] = [
  {
    name: "timeout",
    type: "duration",
    placeholder: "TIME",
    description: "for the rollout, and for each hook (default 5m0s)",
  },
  {
    name: "wait",
    type: "choice",
    choices: ["watcher", "hookOnly", "legacy", "true", "false"],
    bare: "watcher",
    placeholder: "BOOL",
    description: "watch the rollout (default true; --wait=false does not)",
  },
  {
    name: "wait-for-lock",
    type: "duration",
    bare: "30m",
    placeholder: "TIME",
    description: "wait for another run that is changing the release (default: say whose; bare: 30m)",
  },
  { name: "wait-for-jobs", type: "boolean", description: "wait until the chart's Jobs are complete, too" },
  { name: "no-hooks", type: "boolean", description: "do not run hooks" },
];

/** For what can't be changed in an object that is there. */
export const replaceImmutableFlag: Flag = {
  name: "replace-immutable",
  type: "choice",
  choices: ["jobs", "all", "none"],
  bare: "all",
  placeholder: "jobs|all|none",
  description: "which objects to delete and create anew where they can't be changed (default jobs; alone: all)",
};

/** How objects are changed. */
export const mannerFlags: readonly Flag[] = [
  { name: "no-prune", type: "boolean", description: "leave in the cluster what the chart no longer has" },
  {
    name: "force-replace",
    aliases: ["force"],
    type: "boolean",
    description: "send whole objects in place of patches: what others set in them goes",
  },
  {
    name: "cleanup-on-fail",
    type: "boolean",
    description: "remove what a failed revision created, where it is not taken back as a whole",
  },
];

export const serverSideFlag: Flag = {
  name: "server-side",
  type: "choice",
  choices: ["auto", "true", "false"],
  bare: "true",
  // Helm's upgrade wants a value, its install none.
  takesNext: true,
  placeholder: "MODE",
  description: "write objects by server-side apply (default auto: as the last revision)",
};

export const forceConflictsFlag: Flag = {
  name: "force-conflicts",
  type: "strings",
  bare: "true",
  placeholder: "FIELD",
  description:
    "with --server-side: take fields over from other managers; all, or those named, as Deployment/web:spec.replicas",
};

/** What Helm has to be told and we do anyway. */
export function alwaysSo(...names: readonly string[]): Flag[] {
  return names.map((name) => ({ name, type: "boolean", description: "accepted as Helm does: it is always so" }));
}

export const outputFlag: Flag = {
  name: "output",
  short: "o",
  type: "choice",
  choices: ["table", "json", "yaml"],
  placeholder: "table|json|yaml",
  description: "the form of the output (default table)",
};

/** What is recorded of a revision, and of how many. */
export const recordFlags: readonly Flag[] = [
  {
    name: "history-max",
    type: "integer",
    placeholder: "N",
    description: "revisions to keep (default 10; 0 keeps all)",
  },
  { name: "description", type: "string", placeholder: "TEXT", description: "the description of the new revision" },
];
