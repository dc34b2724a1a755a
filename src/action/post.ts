import { SlipwayError } from "../base/error.ts";
import { redactAll } from "../base/redact.ts";
import type { DeployEvent } from "../deploy/events.ts";
import { finishInterrupted } from "../deploy/finish.ts";
import type { Session } from "../deploy/options.ts";
import { observer } from "../report/observations.ts";
import { oneLine } from "../report/plain-text.ts";
import type { Ending, Story } from "../report/story.ts";
import { actionLog } from "./action-log.ts";
import { factsOf } from "./failure-facts.ts";
import { parseInputs, type ReleaseInputs } from "./inputs.ts";
import type { JobState } from "./job-state.ts";
import { maskSecrets } from "./masking.ts";
import { open } from "./open.ts";
import { endOpenDeployment } from "./post-deployment.ts";
import type { PreviewInputs } from "./preview-inputs.ts";
import { publish } from "./publish.ts";
import { telling } from "./release-way.ts";

type Inputs = ReleaseInputs | PreviewInputs;
type To = { emit: (event: DeployEvent) => void; keepSecret: (secret: string) => void; env: NodeJS.ProcessEnv };

// After a cancellation GitHub gives all that is left of a job five minutes.
const limitMs = 4 * 60_000;

/** The action's `post`: finishes what `main` was cut off from. Silent where another run has gone on from there. */
export async function post(env: NodeJS.ProcessEnv, state: JobState): Promise<0 | 1> {
  // Only the commands over one release, or a preview, leave `post` something to do.
  const inputs = parseInputs(env) as Inputs;
  const { redact, keepSecret } = await maskSecrets(inputs.connection);
  const log = actionLog(redact, env);
  const seen = observer();
  const emit = (event: DeployEvent) => {
    seen.emit(event);
    log.emit(event);
  };
  const { ending, lines } = await finish(inputs, state, { emit, keepSecret, env });
  for (const line of lines) log.tell(oneLine(line, 2000));
  if (ending === undefined) return 0;
  const { hasChanged, rollout, rollback, warnings } = seen;
  const story: Story = {
    command: inputs.command === "preview" ? "deploy" : inputs.command,
    release: inputs.release,
    namespace: state.namespace,
    cancelled: false,
    finishing: { wasTold: state.wasTold },
    changes: [],
    ending,
    observed: { hasChanged, rollout, rollback, warnings },
  };
  publish(telling(redactAll(story, redact)), log, env);
  return ending.kind === "error" || (ending.kind === "result" && ending.result.rollbackCause !== undefined) ? 1 : 0;
}

type Finished = { ending?: Ending | undefined; lines: string[] };

async function finish(inputs: Inputs, state: JobState, to: To): Promise<Finished> {
  const signal = AbortSignal.timeout(limitMs);
  let ending: Ending | undefined;
  try {
    const { session, close } = await open(inputs, { ...to, signal, namespace: state.namespace });
    try {
      ending = await finishRelease(session, inputs, state);
      return { ending, lines: await endOpenDeployment(inputs, state, { session, env: to.env }) };
    } finally {
      close();
    }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return {
      ending: ending ?? { kind: "error", error: factsOf(error) },
      lines: await endOpenDeployment(inputs, state, { env: to.env }),
    };
  }
}

async function finishRelease(session: Session, inputs: Inputs, state: JobState): Promise<Ending | undefined> {
  const { release, carryOut, historyMax } = inputs;
  const { namespace, own, done } = state;
  if (done || own.length === 0) return undefined;
  const result = await finishInterrupted(session, {
    ...carryOut,
    timeoutMs: Math.min(carryOut.timeoutMs, limitMs),
    release,
    namespace,
    own,
    // A preview is left to the next push, which may be on its way.
    onFailure: inputs.command === "deploy" ? inputs.onFailure : "keep",
    historyMax,
  });
  return result && { kind: "result", result };
}
