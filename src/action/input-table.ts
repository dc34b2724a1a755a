/**
 * `text` loses the blanks around it, `yaml` stays as it stands; `list` is one entry per line; `paths` one per line, or
 * with commas between; `json` is an object; `duration` is Go's form and comes out in milliseconds.
 */
export type InputKind = "text" | "yaml" | "list" | "paths" | "boolean" | "count" | "duration" | "choice" | "json";

export type Input = {
  kind: InputKind;
  default?: string;
  choices?: readonly string[];
  /** The commands that take it: to every other it may not be given, and `hint` says why. Where absent, a command that doesn't need it ignores it. */
  only?: { commands: readonly Command[]; hint: string };
};

export const commandNames = ["deploy", "plan", "rollback", "uninstall", "preview", "preview-sweep", "drift"] as const;
export type Command = (typeof commandNames)[number];

const environmentCommands = ["deploy", "rollback", "uninstall", "preview"] as const;
const environmentHint = "It is about what is deployed: use it with deploy, rollback, uninstall or preview.";
const previewOnly = {
  commands: ["preview"] as const,
  hint: "It is about the namespace of a preview: use it with command: preview.",
};

const driftOnly = {
  commands: ["drift"] as const,
  hint: "It is about how releases differ from what was deployed: use it with command: drift.",
};

/** What a runner puts its own token in place of. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's.
export const runnersToken = "${{ github.token }}";

/** Every input of the action. `action.yml` says the same to GitHub, and a test holds it to this table. */
export const inputTable = {
  command: { kind: "choice", default: "deploy", choices: commandNames },
  release: { kind: "text" },
  chart: { kind: "text" },
  "chart-version": { kind: "text" },
  "chart-repository": { kind: "text" },
  "chart-username": { kind: "text" },
  "chart-password": { kind: "text" },
  "chart-token": { kind: "text" },
  "chart-pass-credentials": { kind: "boolean", default: "false" },
  "chart-certificate-authority": { kind: "text" },
  "chart-client-certificate": { kind: "text" },
  "chart-client-key": { kind: "text" },
  "chart-insecure-skip-tls-verify": { kind: "boolean", default: "false" },
  "chart-plain-http": { kind: "boolean", default: "false" },
  "chart-verify": { kind: "boolean", default: "false" },
  "chart-keyring": { kind: "text" },
  "chart-cosign-key": { kind: "text" },
  cache: { kind: "boolean", default: "true" },
  namespace: { kind: "text" },
  "create-namespace": { kind: "boolean", default: "false" },
  values: { kind: "yaml" },
  "values-files": { kind: "paths" },
  interpolate: { kind: "paths" },
  secrets: { kind: "json" },
  vars: { kind: "json" },
  inputs: { kind: "json" },
  "deployment-inputs": { kind: "boolean", default: "false" },
  set: { kind: "list" },
  "set-string": { kind: "list" },
  "values-mode": { kind: "choice", default: "auto", choices: ["auto", "reset", "reuse", "reset-then-reuse"] },
  kubeconfig: { kind: "text" },
  context: { kind: "text" },
  server: { kind: "text" },
  token: { kind: "text" },
  audience: { kind: "text" },
  "certificate-authority": { kind: "text" },
  timeout: { kind: "duration", default: "5m" },
  wait: { kind: "boolean", default: "true" },
  "wait-for-lock": { kind: "duration", default: "0s" },
  "on-failure": { kind: "choice", default: "rollback", choices: ["rollback", "keep"] },
  "dry-run": { kind: "boolean", default: "false" },
  "plan-file": {
    kind: "text",
    only: {
      commands: ["deploy", "plan"],
      hint: "A plan is kept by command: plan, and carried out by command: deploy.",
    },
  },
  "history-max": { kind: "count", default: "10" },
  revision: {
    kind: "count",
    only: { commands: ["rollback"], hint: "It names where a rollback goes: use it with command: rollback." },
  },
  helm: { kind: "choice", default: "4", choices: ["3", "4"] },
  description: { kind: "text" },
  "replace-immutable": { kind: "choice", default: "jobs", choices: ["jobs", "all", "none"] },
  "ignore-hazards": { kind: "paths" },
  "server-side": { kind: "choice", default: "auto", choices: ["auto", "true", "false"] },
  "force-conflicts": { kind: "list" },
  "take-ownership": { kind: "boolean", default: "false" },
  crds: { kind: "choice", default: "create", choices: ["create", "upgrade", "skip"] },
  "skip-crds": { kind: "boolean", default: "false" },
  comment: { kind: "choice", default: "auto", choices: ["auto", "always", "never"] },
  "comment-id": { kind: "text" },
  "github-token": { kind: "text", default: runnersToken },
  test: { kind: "boolean", default: "false" },
  "config-rollout": { kind: "choice", default: "off", choices: ["off", "annotate", "rename"] },
  environment: { kind: "text", only: { commands: environmentCommands, hint: environmentHint } },
  "environment-url": { kind: "text", only: { commands: environmentCommands, hint: environmentHint } },
  "transient-environment": { kind: "boolean", default: "false" },
  ttl: { kind: "duration", only: previewOnly },
  quota: { kind: "paths", only: previewOnly },
  "allow-traffic-from": { kind: "paths", only: previewOnly },
  "copy-secrets": { kind: "paths", only: previewOnly },
  "namespace-labels": { kind: "paths", only: previewOnly },
  "drift-mode": { kind: "choice", default: "detect", choices: ["detect", "correct"], only: driftOnly },
  "all-namespaces": { kind: "boolean", default: "false", only: driftOnly },
  "drift-ignore": { kind: "yaml", only: driftOnly },
  "drift-ignore-files": { kind: "paths", only: driftOnly },
  "fail-on-drift": { kind: "boolean", default: "false", only: driftOnly },
  issue: { kind: "boolean", default: "true", only: driftOnly },
} as const satisfies Record<string, Input>;

export type InputName = keyof typeof inputTable;

/** Where a runner puts an input: blanks become underscores, dashes stay. */
export function variableOf(name: string): string {
  return `INPUT_${name.replace(/ /g, "_").toUpperCase()}`;
}
