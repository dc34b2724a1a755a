import { redactAll } from "../base/redact.ts";
import type { DeployEvent } from "../deploy/events.ts";
import { type Observer, observer } from "../report/observations.ts";
import { oneLine } from "../report/plain-text.ts";
import { shownChange } from "../report/shown-change.ts";
import type { Ending, Story } from "../report/story.ts";
import { type ActionLog, actionLog } from "./action-log.ts";
import { type Cancellation, cancelOnSignals } from "./cancellation.ts";
import { commentOn } from "./comment.ts";
import { factsOf } from "./failure-facts.ts";
import { inputTable } from "./input-table.ts";
import { type ActionInputs, parseInputs } from "./inputs.ts";
import { type JobState, markPost, saveJobState } from "./job-state.ts";
import { maskSecrets, type Redact } from "./masking.ts";
import { open } from "./open.ts";
import { type Performed, perform } from "./perform.ts";
import { publish } from "./publish.ts";

type Env = NodeJS.ProcessEnv;

/** One run of the action, from what it knows at first to how it ended. */
type Run = {
  env: Env;
  redact: Redact;
  log: ActionLog;
  seen: Observer;
  inputs: ActionInputs | undefined;
  namespace: string;
  own: number[];
  planned: Story["changes"];
  cancellation: Cancellation;
};

/** The action's `main`: does what the inputs say and tells how it ended. Returns the exit code. */
export async function run(env: Env): Promise<0 | 1> {
  markPost();
  const state = begin(env);
  const { ending, changes } = await performInputs(state).catch((error: unknown) => ({
    ending: { kind: "error", error: factsOf(error) } as const,
    changes: state.planned,
  }));
  const story = conclude(state, ending, changes);
  await tellPullRequest(state, story);
  return isFailure(ending) ? 1 : 0;
}

async function tellPullRequest({ inputs, env, log }: Run, story: Story): Promise<void> {
  if (inputs === undefined || story.cancelled) return;
  const told = await commentOn(story, { ...inputs.comment, env });
  if (told !== undefined) log.tell(oneLine(told, 2000));
}

function begin(env: Env): Run {
  const redact: Redact = (text) => text;
  const state: Run = {
    env,
    redact,
    log: actionLog(redact, env),
    seen: observer(),
    inputs: undefined,
    namespace: env["INPUT_NAMESPACE"] ?? "",
    own: [],
    planned: [],
    cancellation: cancelOnSignals(() => giveUp(state)),
  };
  return state;
}

async function performInputs(state: Run): Promise<Performed> {
  const { env, cancellation } = state;
  const connection = { kubeconfig: env["INPUT_KUBECONFIG"] ?? "", token: env["INPUT_TOKEN"] ?? "" };
  // Before anything else: a message about a wrong input may repeat it.
  const { redact, keepSecret } = await maskSecrets(withoutBlanks(connection));
  state.redact = redact;
  state.log = actionLog(state.redact, env);
  const inputs = parseInputs(env, keepSecret);
  if (inputs.comment.token !== "") keepSecret(inputs.comment.token);
  state.inputs = inputs;
  const emit = (event: DeployEvent) => observe(state, event);
  const { session, namespace, close } = await open(inputs, { signal: cancellation.signal, emit });
  state.namespace = namespace;
  try {
    if (!inputs.dryRun) saveJobState(stateOf(state));
    return await perform(session, inputs, { namespace, isSecret: (text) => redact(text) !== text });
  } finally {
    close();
  }
}

function withoutBlanks({ kubeconfig, token }: { kubeconfig: string; token: string }) {
  return { ...(kubeconfig.trim() && { kubeconfig }), ...(token.trim() && { token: token.trim() }) };
}

function observe(state: Run, event: DeployEvent): void {
  const { own, seen, log } = state;
  if (event.type === "plan") state.planned = event.plan.changes;
  if (event.type === "revision" && !own.includes(event.revision)) {
    own.push(event.revision);
    saveJobState(stateOf(state));
  }
  seen.emit(event);
  log.emit(event);
}

function stateOf({ namespace, own }: Run, ending: Partial<JobState> = {}): JobState {
  return { namespace, own, done: false, wasTold: false, ...ending };
}

function conclude(state: Run, ending: Ending, changes: Story["changes"]): Story {
  const { redact, log, env, inputs } = state;
  state.cancellation.stop();
  const story = redactAll(storyOf(state, ending, changes.map(shownChange)), redact);
  publish(story, log, env);
  if (state.own.length > 0) {
    const done = isDone(state, ending);
    saveJobState(stateOf(state, { done, wasTold: true }));
    const isTakenBack = inputs?.command === "deploy" && inputs.onFailure === "rollback";
    if (!done && isTakenBack) log.tell("The post step of this action takes the release back.");
  }
  return story;
}

function isFailure(ending: Ending): boolean {
  return ending.kind === "error" || (ending.kind === "result" && ending.result.cause !== undefined);
}

// A run that was cancelled recorded at best that it failed; one that ended with an error may not even have done that.
function isDone({ inputs, cancellation }: Run, ending: Ending): boolean {
  if (ending.kind === "planned") return true;
  if (ending.kind === "error") return false;
  const { cause, rolledBack } = ending.result;
  return cause === undefined || rolledBack || !cancellation.signal.aborted || inputs?.onFailure === "keep";
}

function storyOf(state: Run, ending: Ending, changes: Story["changes"]): Story {
  const { env, inputs, namespace, seen, cancellation } = state;
  const { hasChanged, rollout, rollback, warnings, hazards = [] } = seen;
  return {
    command: inputs?.command ?? commandIn(env),
    release: inputs?.release ?? env["INPUT_RELEASE"]?.trim() ?? "",
    namespace,
    cancelled: cancellation.signal.aborted,
    changes,
    ending,
    observed: { hasChanged, rollout, rollback, warnings, hazards },
  };
}

// What was asked for is told also where another input is wrong.
function commandIn(env: Env): Story["command"] {
  return inputTable.command.choices.find((choice) => choice === env["INPUT_COMMAND"]?.trim()) ?? "deploy";
}

/** The cluster did not take the record in time: says so while the runner still lets us. */
function giveUp(state: Run): void {
  const message = "The run was cancelled, and the cluster did not answer in time to record that";
  conclude(state, { kind: "error", error: { message, code: "CANCELLED" } }, state.planned);
  process.exit(1);
}
