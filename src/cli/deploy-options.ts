import { SlipwayError } from "../base/error.ts";
import { applyMethods, readForceConflicts } from "../deploy/force-conflicts.ts";
import { type CarryOutOptions, type DeployOptions, deployDefaults } from "../deploy/options.ts";
import type { ValueReuse } from "../deploy/reuse-values.ts";
import type { ConfigRollout } from "../render/config-rollout/config-rollout.ts";
import type { ValueSources } from "../values/collect-values.ts";
import type { PullRequestFacts } from "../values/pull-request-context.ts";
import { valueTransform } from "../values/value-transform.ts";
import { type GivenContext, workflowContext } from "../values/workflow-context.ts";
import type { Terminal } from "./command.ts";
import type { FlagReader } from "./read-flags.ts";
import { optional } from "./read-flags.ts";

type ValueTerminal = Pick<Terminal, "env" | "signal" | "keepSecret">;

/** What a workflow knows and a process does not: `SLIPWAY_SECRETS: ${{ toJSON(secrets) }}`, and likewise. */
function contextFrom(env: Terminal["env"]): GivenContext {
  const read = (name: string): unknown => {
    const text = env[name];
    if (!text) return {};
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new SlipwayError("INPUT_INVALID", `The variable ${name} is not JSON`, {
        hint: `In a workflow, write ${name}: \${{ toJSON(${name.slice("SLIPWAY_".length).toLowerCase()}) }}.`,
        cause,
      });
    }
  };
  return { secrets: read("SLIPWAY_SECRETS"), vars: read("SLIPWAY_VARS"), inputs: read("SLIPWAY_INPUTS") };
}

export function valueSources(
  flags: FlagReader,
  { env, signal, keepSecret }: ValueTerminal,
  pullRequest?: PullRequestFacts,
): ValueSources {
  return {
    env,
    signal,
    transform: valueTransform({
      context: () => workflowContext(env, { ...contextFrom(env), ...optional("pullRequest", pullRequest) }),
      interpolate: flags.strings("interpolate"),
      onSecret: keepSecret ?? (() => {}),
    }),
    files: flags.strings("values"),
    setJson: flags.strings("set-json"),
    set: flags.strings("set"),
    setString: flags.strings("set-string"),
    setFile: flags.strings("set-file"),
    setLiteral: flags.strings("set-literal"),
    helm: helmVersion(flags),
  };
}

// Of several, Helm goes by the first of these.
export function valueReuse(flags: FlagReader): ValueReuse {
  if (flags.boolean("reset-values")) return "reset";
  if (flags.boolean("reuse-values")) return "reuse";
  return flags.boolean("reset-then-reuse-values") ? "reset-then-reuse" : "auto";
}

export function helmVersion(flags: FlagReader): "3" | "4" {
  return flags.string("helm") === "3" ? "3" : "4";
}

export function carryOutOptions(flags: FlagReader): CarryOutOptions {
  const wait = flags.string("wait");
  return {
    timeoutMs: flags.number("timeout", deployDefaults.timeoutMs),
    wait: wait !== "false" && wait !== "hookOnly",
    waitForJobs: flags.boolean("wait-for-jobs"),
    cleanupOnFail: flags.boolean("cleanup-on-fail"),
    noPrune: flags.boolean("no-prune"),
    forceReplace: flags.boolean("force-replace"),
    waitForLockMs: flags.number("wait-for-lock", 0),
    hooks: !flags.boolean("no-hooks"),
    forceConflicts: readForceConflicts(flags.strings("force-conflicts")),
    ...optional("replaceImmutable", replaceModes[flags.string("replace-immutable") ?? ""]),
  };
}

const replaceModes: Record<string, NonNullable<CarryOutOptions["replaceImmutable"]>> = {
  jobs: "jobs",
  all: "all",
  none: "none",
};

type Subject = Pick<DeployOptions, "release" | "chart" | "namespace" | "values">;

export function deployOptions(subject: Subject, flags: FlagReader): DeployOptions {
  return {
    ...carryOutOptions(flags),
    ...subject,
    createNamespace: flags.boolean("create-namespace"),
    reuse: valueReuse(flags),
    onFailure: flags.string("on-failure") === "keep" ? "keep" : "rollback",
    historyMax: flags.number("history-max", deployDefaults.historyMax),
    takeOwnership: flags.boolean("take-ownership"),
    ignoreHazards: flags.strings("ignore-hazards"),
    skipCrds: flags.boolean("skip-crds") || flags.string("crds") === "skip",
    upgradeCrds: flags.string("crds") === "upgrade",
    test: flags.boolean("test"),
    configRollout: (flags.string("config-rollout") ?? "off") as ConfigRollout,
    method: applyMethods[(flags.string("server-side") ?? "auto") as keyof typeof applyMethods],

    helm: helmVersion(flags),
    ...optional("description", flags.string("description")),
    labels: readLabels(flags),
    skipSchemaValidation: flags.boolean("skip-schema-validation"),
    enableDns: flags.boolean("enable-dns"),
    subchartNotes: flags.boolean("render-subchart-notes"),
    ...optional("postRenderer", postRendererProgram(flags)),
  };
}

export function readLabels(flags: FlagReader): Record<string, string> {
  const labels = flags.strings("labels").map((text): [string, string] => {
    const equals = text.indexOf("=");
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
    throw new SlipwayError("INPUT_INVALID", `--labels can't be "${text}"`, {
      hint: "Write name=value, with commas between labels.",
    });
  });
  return Object.fromEntries(labels);
}

/** What `--post-renderer` names. */
export function postRendererProgram(flags: FlagReader): { command: string; args: readonly string[] } | undefined {
  const command = flags.string("post-renderer");
  return command ? { command, args: flags.strings("post-renderer-args") } : undefined;
}
