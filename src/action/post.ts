import { SlipwayError } from "../base/error.ts";
import { redactAll } from "../base/redact.ts";
import type { DeployEvent } from "../deploy/events.ts";
import { finishInterrupted } from "../deploy/finish.ts";
import { observer } from "../report/observations.ts";
import type { Ending, Story } from "../report/story.ts";
import { actionLog } from "./action-log.ts";
import { factsOf } from "./failure-facts.ts";
import { parseInputs, type ReleaseInputs } from "./inputs.ts";
import type { JobState } from "./job-state.ts";
import { maskSecrets } from "./masking.ts";
import { open } from "./open.ts";
import { publish } from "./publish.ts";
import { telling } from "./release-way.ts";

// After a cancellation GitHub gives all that is left of a job five minutes.
const limitMs = 4 * 60_000;

/** The action's `post`: finishes what `main` was cut off from. Silent where another run has gone on from there. */
export async function post(env: NodeJS.ProcessEnv, state: JobState): Promise<0 | 1> {
  // Only the commands over one release record revisions, and leave `post` something to do.
  const inputs = parseInputs(env) as ReleaseInputs;
  const { redact, keepSecret } = await maskSecrets(inputs.connection);
  const log = actionLog(redact, env);
  const seen = observer();
  const emit = (event: DeployEvent) => {
    seen.emit(event);
    log.emit(event);
  };
  const ending = await finish(inputs, state, { emit, keepSecret });
  if (ending === undefined) return 0;
  const { hasChanged, rollout, rollback, warnings } = seen;
  const story: Story = {
    command: inputs.command,
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

async function finish(
  inputs: ReleaseInputs,
  { namespace, own }: JobState,
  to: { emit: (event: DeployEvent) => void; keepSecret: (secret: string) => void },
): Promise<Ending | undefined> {
  const { release, carryOut, historyMax } = inputs;
  const signal = AbortSignal.timeout(limitMs);
  try {
    const { session, close } = await open(inputs, { ...to, signal, namespace });
    try {
      const result = await finishInterrupted(session, {
        ...carryOut,
        timeoutMs: Math.min(carryOut.timeoutMs, limitMs),
        release,
        namespace,
        own,
        onFailure: inputs.command === "deploy" ? inputs.onFailure : "keep",
        historyMax,
      });
      return result && { kind: "result", result };
    } finally {
      close();
    }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { kind: "error", error: factsOf(error) };
  }
}
