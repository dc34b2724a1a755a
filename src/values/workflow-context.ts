import { readFileSync } from "node:fs";
import { isJsonObject, objectAt } from "../base/json-path.ts";
import type { WorkflowContext } from "./interpolate.ts";
import { type PullRequestFacts, pullRequestContext, pullRequestIn } from "./pull-request-context.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What only a workflow can tell: `toJSON(secrets)` and the like, read; and the pull request, where no event tells it. */
export type GivenContext = { secrets?: unknown; vars?: unknown; inputs?: unknown; pullRequest?: PullRequestFacts };

// Files that the runner takes commands from are nobody's values, and the token is a secret.
const hidden = /^(GITHUB_(TOKEN|OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)|ACTIONS_.*|INPUT_.*|STATE_.*|SLIPWAY_.*)$/;

/** The names that a values file can use: `github`, `env`, `inputs`, `vars`, `secrets`, `deployment` and, for a pull request, `pr`. */
export function workflowContext(env: Env, given: GivenContext): WorkflowContext {
  const { secrets = {}, vars = {}, inputs = {} } = given;
  const visible = Object.entries(env).filter(([name, value]) => value !== undefined && !hidden.test(name));
  const github = visible
    .filter(([name]) => name.startsWith("GITHUB_"))
    .map(([name, value]) => [name.slice("GITHUB_".length).toLowerCase(), value]);
  const event = eventOf(env);
  const pullRequest = given.pullRequest ?? pullRequestIn(event);
  return {
    github: { ...Object.fromEntries(github), event },
    env: Object.fromEntries(visible),
    inputs,
    vars,
    secrets,
    deployment: { ...objectAt(event, "deployment"), payload: deploymentPayload(env) },
    ...(pullRequest && { pr: pullRequestContext(pullRequest) }),
  };
}

/** The payload of the `deployment` event that started the workflow; GitHub also lets it be a text of JSON. */
export function deploymentPayload(env: Env): Record<string, unknown> {
  const payload = objectAt(eventOf(env), "deployment")?.["payload"];
  const read = typeof payload === "string" ? parsed(payload) : payload;
  return isJsonObject(read) ? read : {};
}

function eventOf(env: Env): Record<string, unknown> {
  const path = env["GITHUB_EVENT_PATH"];
  if (!path) return {};
  try {
    const event = parsed(readFileSync(path, "utf8"));
    return isJsonObject(event) ? event : {};
  } catch {
    // Not on a runner: there is no event.
    return {};
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
