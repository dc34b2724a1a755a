import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "../../src/base/json-path.ts";

const payloads = JSON.parse(readFileSync(new URL("./payloads.generated.json", import.meta.url), "utf8")) as Record<
  string,
  JsonObject
>;

/** An event of GitHub as its documentation has it, in the repository `o/r`; a schedule tells no more than itself. */
export type GithubEvent =
  | { name: "push" | "workflow_dispatch" | "deployment"; change?: JsonObject }
  | { name: "pull_request"; action: "opened" | "synchronize" | "closed"; change?: JsonObject }
  | { name: "schedule"; cron: string };

export type RunnerOptions = {
  event: GithubEvent;
  apiUrl: string;
  /** Where the event's file is written to. */
  folder: string;
  env?: Record<string, string>;
};

export const headCommit = "0123456789abcdef0123456789abcdef01234567";
const pullRequestNumber = 7;

/** The variables by which a runner tells a step of its workflow and the event that started it. */
export function runnerEnv({ event, apiUrl, folder, env = {} }: RunnerOptions): Record<string, string> {
  const path = join(mkdtempSync(join(folder, "event-")), "event.json");
  const payload = payloadOf(event);
  writeFileSync(path, JSON.stringify(payload));
  const isPullRequest = event.name === "pull_request";
  const head = isJsonObject(payload["pull_request"]) ? payload["pull_request"]["head"] : undefined;
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "octocat",
    GITHUB_API_URL: apiUrl,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: path,
    GITHUB_JOB: "deploy",
    GITHUB_REF: isPullRequest ? `refs/pull/${pullRequestNumber}/merge` : "refs/heads/main",
    GITHUB_REF_NAME: isPullRequest ? `${pullRequestNumber}/merge` : "main",
    GITHUB_REF_TYPE: "branch",
    GITHUB_REPOSITORY: "o/r",
    GITHUB_REPOSITORY_ID: "1296269",
    GITHUB_REPOSITORY_OWNER: "o",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: "12",
    GITHUB_RUN_NUMBER: "3",
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_SHA: headCommit,
    GITHUB_WORKFLOW: "Deploy",
    ...(isPullRequest && { GITHUB_BASE_REF: "main", GITHUB_HEAD_REF: isJsonObject(head) ? String(head["ref"]) : "" }),
    ...env,
  };
}

/** What the event's file holds. */
export function payloadOf(event: GithubEvent): JsonObject {
  if (event.name === "schedule") return { schedule: event.cron, repository, sender: payload("push")["sender"] };
  const pushed = { ref: "refs/heads/main", after: headCommit, head_commit: { id: headCommit } };
  if (event.name !== "pull_request") {
    const given = { ...payload(named[event.name]), repository };
    return merged(event.name === "push" ? merged(given, pushed) : given, event.change ?? {});
  }
  const given = { ...payload(`pull_request ${event.action}`), repository, number: pullRequestNumber };
  const head = { sha: headCommit, ref: "more-replicas", repo: repository };
  const own = { number: pullRequestNumber, title: "Run more replicas", head, base: { ref: "main", repo: repository } };
  return merged(merged(given, { pull_request: own }), event.change ?? {});
}

const named = { push: "push", workflow_dispatch: "workflow_dispatch", deployment: "deployment created" };
const repository: JsonObject = {
  ...(payload("push")["repository"] as JsonObject),
  full_name: "o/r",
  name: "r",
  html_url: "https://github.example/o/r",
  default_branch: "main",
};

function payload(name: string): JsonObject {
  const found = payloads[name];
  if (found === undefined) throw new Error(`There is no payload of ${name}`);
  return found;
}

function merged(base: JsonObject, change: JsonObject): JsonObject {
  const result = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    result[key] = isJsonObject(before) && isJsonObject(value) ? merged(before, value) : value;
  }
  return result;
}
