import type { SlipwayError } from "../base/error.ts";
import { applyMethods, readForceConflicts } from "../deploy/force-conflicts.ts";
import type { CarryOutOptions, DeployOptions } from "../deploy/options.ts";
import type { Origin } from "../deploy/origin.ts";
import type { ValueReuse } from "../deploy/reuse-values.ts";
import type { connect } from "../kube/connect.ts";
import { isNamespaceName, namespaceNameHint } from "../kube/namespace-name.ts";
import type { ValueSources } from "../values/collect-values.ts";
import { valueTransform } from "../values/value-transform.ts";
import { workflowContext } from "../values/workflow-context.ts";
import { chartInput, chartProblems } from "./chart-input.ts";
import type { CommentMode } from "./comment.ts";
import { withDeploymentInputs } from "./deployment-inputs.ts";
import { type DriftInputs, driftInputs, driftProblems } from "./drift-inputs.ts";
import { forceConflictsProblems } from "./force-conflicts-input.ts";
import { type Command, type Input, type InputName, inputTable, runnersToken } from "./input-table.ts";
import { originIn } from "./origin.ts";
import {
  type EnvironmentInputs,
  environmentInputs,
  environmentProblems,
  type PreviewInputs,
  previewInputs,
  type SweepInputs,
} from "./preview-inputs.ts";
import { type InputValues, invalidInput, joinProblems, missingInput, readInputs } from "./read-inputs.ts";

export type ConnectionInputs = NonNullable<Parameters<typeof connect>[0]> & {
  /** In place of a token: GitHub signs one for this audience. */
  audience?: string;
};

/** What every command of the action is told. */
export type SharedInputs = {
  /** The kubeconfig context's where absent. */
  namespace: string | undefined;
  connection: ConnectionInputs;
  /** Charts from elsewhere are kept between runs. */
  cache: boolean;
  dryRun: boolean;
  comment: { mode: CommentMode; token: string; id: string };
};

/** What a command over one release is told. */
export type CommonInputs = SharedInputs & {
  release: string;
  carryOut: CarryOutOptions;
  historyMax: number;
  onFailure: DeployOptions["onFailure"];
  description: string | undefined;
  environment: EnvironmentInputs;
};

/** The inputs of the commands over one release. */
export type ReleaseInputs =
  | (CommonInputs & {
      command: "deploy" | "plan";
      deploy: Omit<DeployOptions, "namespace">;
      /** Where a plan is kept, or taken from. */
      planFile: string | undefined;
    })
  | (CommonInputs & { command: "rollback"; revision: number | undefined; origin: Origin })
  | (CommonInputs & { command: "uninstall" });

/** The inputs, read once: what each command needs is there and of its type. */
export type ActionInputs = ReleaseInputs | PreviewInputs | SweepInputs | DriftInputs;

type Env = Readonly<Record<string, string | undefined>>;

/** Fails with all that is wrong at once. */
export function parseInputs(given: Env, keepSecret: (secret: string) => void = () => {}): ActionInputs {
  const env = withDeploymentInputs(given);
  const { values, problems } = readInputs(env);
  problems.push(...contradictions(values));
  if (problems.length > 0) throw joinProblems(problems);
  return readers[commandOf(values)](values, { env, keepSecret });
}

type Reader = (values: InputValues, from: { env: Env; keepSecret: (secret: string) => void }) => ActionInputs;

/** What each command makes of the inputs. */
const readers: Readonly<Record<Command, Reader>> = {
  deploy: (values, from) => ({ command: "deploy", ...deployInputs(values, from) }),
  plan: (values, from) => ({ command: "plan", ...deployInputs(values, from) }),
  rollback(values, { env }) {
    const { commit: _, ...origin } = originIn(env);
    return { command: "rollback", ...commonInputs(values), revision: values.revision, origin };
  },
  uninstall: (values) => ({ command: "uninstall", ...commonInputs(values) }),
  preview(values, from) {
    const { planFile: _, ...deploy } = deployInputs(values, from);
    return { command: "preview", ...deploy, ...previewInputs(values) };
  },
  drift: (values) => driftInputs(values, sharedInputs(values)),
  "preview-sweep": (values) => ({
    command: "preview-sweep",
    ...sharedInputs(values),
    carryOut: commonInputs(values).carryOut,
  }),
};

function commandOf({ command }: InputValues): Command {
  return command as Command;
}

function deployInputs(values: InputValues, { env, keepSecret }: Parameters<Reader>[1]) {
  const common = commonInputs(values);
  return {
    ...common,
    planFile: values["plan-file"],
    deploy: {
      ...deployOptions(values, common),
      origin: originIn(env),
      chart: chartInput(values, env, keepSecret),
      values: valueSources(values, env, keepSecret),
    },
  };
}

function contradictions(values: InputValues): SlipwayError[] {
  const problems: SlipwayError[] = [];
  const { release, chart, namespace, server, kubeconfig, token, audience } = values;
  const command = commandOf(values);
  const needsChart = command === "deploy" || command === "plan";
  if (release === undefined && command !== "preview-sweep" && command !== "drift")
    problems.push(missingInput("release", "Name the release, as in helm upgrade NAME CHART."));
  if (needsChart && chart === undefined) {
    problems.push(missingInput("chart", "Name the chart's folder or its .tgz file, or where else it comes from."));
  }
  if (needsChart) problems.push(...chartProblems(values));
  if (namespace !== undefined && !isNamespaceName(namespace)) {
    problems.push(invalidInput("namespace", namespace, namespaceNameHint));
  }
  problems.push(...misplaced(values), ...environmentProblems(values), ...driftProblems(values));
  problems.push(...forceConflictsProblems(values));
  if (server !== undefined && kubeconfig === undefined && token === undefined && audience === undefined) {
    problems.push(
      missingInput("token", "A server needs a token or an audience, or a kubeconfig that says who you are."),
    );
  }
  if (token !== undefined && audience !== undefined) {
    problems.push(invalidInput("audience", audience, "It stands in place of a token: give one of the two."));
  }
  return problems;
}

/** Inputs of other commands: what they ask for would not be done. */
function misplaced(values: InputValues): SlipwayError[] {
  return Object.entries<Input>(inputTable).flatMap(([name, { only, default: usual }]) => {
    const given = values[name as InputName];
    const isGiven = Array.isArray(given) ? given.length > 0 : given !== undefined && String(given) !== usual;
    if (!isGiven || only === undefined || only.commands.includes(commandOf(values))) return [];
    return [invalidInput(name, String(given), only.hint)];
  });
}

function sharedInputs(values: InputValues): SharedInputs {
  return {
    namespace: values.namespace,
    connection: connectionInputs(values),
    cache: values.cache,
    dryRun: values["dry-run"] || values.command === "plan",
    comment: {
      mode: values.comment as CommentMode,
      token: values["github-token"] === runnersToken ? "" : (values["github-token"] ?? ""),
      id: values["comment-id"] ?? "",
    },
  };
}

function commonInputs(values: InputValues): CommonInputs {
  return {
    ...sharedInputs(values),
    release: values.release ?? "",
    carryOut: {
      timeoutMs: values.timeout ?? 0,
      wait: values.wait,
      waitForLockMs: values["wait-for-lock"] ?? 0,
      waitForJobs: false,
      hooks: true,
      forceConflicts: readForceConflicts(values["force-conflicts"]),
      replaceImmutable: values["replace-immutable"] as NonNullable<CarryOutOptions["replaceImmutable"]>,
    },
    historyMax: values["history-max"] ?? 0,
    onFailure: values["on-failure"] === "keep" ? "keep" : "rollback",
    description: values.description,
    environment: environmentInputs(values),
  };
}

function connectionInputs({
  kubeconfig,
  context,
  server,
  token,
  audience,
  "certificate-authority": authority,
}: InputValues): ConnectionInputs {
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(server !== undefined && { server }),
    ...(token !== undefined && { token }),
    ...(audience !== undefined && { audience }),
    ...(authority !== undefined && { certificateAuthority: authority }),
  };
}

function valueSources(values: InputValues, env: Env, onSecret: (secret: string) => void): ValueSources {
  const { secrets = {}, vars = {}, inputs = {} } = values;
  return {
    files: values["values-files"],
    inline: values.values === undefined ? [] : [values.values],
    set: values.set,
    setString: values["set-string"],
    helm: values.helm === "3" ? "3" : "4",
    env,
    transform: valueTransform({
      context: () => workflowContext(env, { secrets, vars, inputs }),
      interpolate: values.interpolate,
      onSecret,
    }),
  };
}

function deployOptions(
  values: InputValues,
  common: CommonInputs,
): Omit<DeployOptions, "namespace" | "values" | "chart"> {
  const helm = values.helm === "3" ? "3" : "4";
  const { release, carryOut, historyMax, onFailure, description } = common;
  return {
    ...carryOut,
    release,
    createNamespace: values["create-namespace"],
    reuse: values["values-mode"] as ValueReuse,
    onFailure,
    historyMax,
    ignoreHazards: values["ignore-hazards"],
    takeOwnership: values["take-ownership"],
    skipCrds: values["skip-crds"] || values.crds === "skip",
    upgradeCrds: values.crds === "upgrade",
    test: values.test,
    configRollout: values["config-rollout"] as DeployOptions["configRollout"] & string,
    method: applyMethods[values["server-side"] as keyof typeof applyMethods],
    helm,
    ...(description !== undefined && { description }),
    labels: {},
    skipSchemaValidation: false,
  };
}
