import type { DeployEvent } from "../deploy/events.ts";
import { observer } from "../report/observations.ts";
import { oneLine } from "../report/plain-text.ts";
import { actionLog } from "./action-log.ts";
import { cancelOnSignals } from "./cancellation.ts";
import { restoreCharts, type SaveCharts } from "./chart-cache.ts";
import { factsOf } from "./failure-facts.ts";
import { commandNames } from "./input-table.ts";
import { type ActionInputs, parseInputs } from "./inputs.ts";
import { type JobState, markPost, saveJobState } from "./job-state.ts";
import { maskSecrets, type Redact } from "./masking.ts";
import { open } from "./open.ts";
import { publish } from "./publish.ts";
import type { Run, Telling } from "./way.ts";
import { ways } from "./ways.ts";

/** The action's `main`: does what the inputs say and tells how it ended. Returns the exit code. */
export async function run(env: NodeJS.ProcessEnv): Promise<0 | 1> {
  markPost();
  const state = begin(env);
  const tell = await carryOut(state).catch(
    (error: unknown) => (ended: Run) => wayOf(ended).fail(ended, factsOf(error)),
  );
  const told = conclude(state, tell);
  for (const line of (await told.elsewhere?.()) ?? []) state.log.tell(oneLine(line, 2000));
  await state.saveCharts?.();
  return told.failed ? 1 : 0;
}

function begin(env: NodeJS.ProcessEnv): Run {
  const redact: Redact = (text) => text;
  const state: Run = {
    env,
    redact,
    keepSecret: () => {},
    log: actionLog(redact, env),
    seen: observer(),
    inputs: undefined,
    namespace: env["INPUT_NAMESPACE"] ?? "",
    own: [],
    ended: { done: false, wasTold: false },
    planned: [],
    cancellation: cancelOnSignals(() => giveUp(state)),
    remember: () => saveJobState(stateOf(state)),
  };
  return state;
}

async function carryOut(state: Run): Promise<(run: Run) => Telling> {
  const { env, cancellation } = state;
  const connection = { kubeconfig: env["INPUT_KUBECONFIG"] ?? "", token: env["INPUT_TOKEN"] ?? "" };
  // Before anything else: a message about a wrong input may repeat it.
  const { redact, keepSecret } = await maskSecrets(withoutBlanks(connection));
  state.redact = redact;
  state.keepSecret = keepSecret;
  state.log = actionLog(state.redact, env);
  const inputs = parseInputs(env, keepSecret);
  if (inputs.comment.token !== "") keepSecret(inputs.comment.token);
  state.inputs = inputs;
  const emit = (event: DeployEvent) => observe(state, event);
  const opened = await open(inputs, { signal: cancellation.signal, emit, keepSecret });
  state.namespace = opened.namespace;
  try {
    if (!inputs.dryRun) state.remember();
    state.saveCharts = await withCharts(state, inputs);
    return await ways[inputs.command].carryOut(state, inputs, opened);
  } finally {
    opened.close();
  }
}

async function withCharts({ env, log }: Run, inputs: ActionInputs): Promise<SaveCharts | undefined> {
  if (!inputs.cache || !("deploy" in inputs)) return undefined;
  const { chart } = inputs.deploy;
  const tell = (line: string) => log.tell(oneLine(line, 2000));
  return await restoreCharts({ chart: typeof chart === "string" ? { reference: chart } : chart, env, tell });
}

function withoutBlanks({ kubeconfig, token }: { kubeconfig: string; token: string }) {
  return { ...(kubeconfig.trim() && { kubeconfig }), ...(token.trim() && { token: token.trim() }) };
}

function observe(state: Run, event: DeployEvent): void {
  const { own, seen, log } = state;
  if (event.type === "plan") state.planned = event.plan.changes;
  if (event.type === "revision" && !own.includes(event.revision)) {
    own.push(event.revision);
    state.remember();
  }
  seen.emit(event);
  log.emit(event);
}

function stateOf({ namespace, own, ended, openDeployment }: Run): JobState {
  return { namespace, own, ...ended, ...(openDeployment && { deployment: openDeployment }) };
}

function conclude(state: Run, tell: (run: Run) => Telling): Telling {
  state.cancellation.stop();
  const told = tell(state);
  publish(told, state.log, state.env);
  state.ended = { done: told.unfinished === undefined, wasTold: true };
  if (state.own.length > 0) {
    state.remember();
    if (told.unfinished?.told) state.log.tell(told.unfinished.told);
  }
  return told;
}

// What was asked for is told also where another input is wrong.
function wayOf({ inputs, env }: Run) {
  const asked = env["INPUT_COMMAND"]?.trim();
  return ways[inputs?.command ?? commandNames.find((choice) => choice === asked) ?? "deploy"];
}

/** The cluster did not take the record in time: says so while the runner still lets us. */
function giveUp(state: Run): void {
  const message = "The run was cancelled, and the cluster did not answer in time to record that";
  conclude(state, (run) => wayOf(run).fail(run, { message, code: "CANCELLED" }));
  process.exit(1);
}
