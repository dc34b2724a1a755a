import { readFileSync, statSync } from "node:fs";
import { numberAt, stringAt } from "../base/json-path.ts";

export type PullRequest = {
  number: number;
  /** From another repository: the run's token may only read. */
  isFork: boolean;
  /** The commit that was pushed, not the merge that the workflow runs on. */
  commit: string;
  /** What happened to it: `opened`, `synchronize`, `closed` and the like. */
  action: string;
};

type Env = Readonly<Record<string, string | undefined>>;

const mostBytes = 32 * 1024 * 1024;
const pullRequestEvents: ReadonlySet<string> = new Set(["pull_request", "pull_request_target"]);

/** The pull request that the workflow runs for; `undefined` for any other event. */
export function pullRequestOf(env: Env): PullRequest | undefined {
  if (!pullRequestEvents.has(env["GITHUB_EVENT_NAME"] ?? "")) return undefined;
  const event = readEvent(env["GITHUB_EVENT_PATH"]);
  const number = numberAt(event, "pull_request", "number");
  if (number === undefined || !Number.isInteger(number)) return undefined;
  const from = stringAt(event, "pull_request", "head", "repo", "full_name");
  const commit = stringAt(event, "pull_request", "head", "sha") ?? "";
  return {
    number,
    isFork: from !== env["GITHUB_REPOSITORY"],
    commit: /^[0-9a-f]{7,64}$/.test(commit) ? commit : "",
    action: stringAt(event, "action") ?? "",
  };
}

function readEvent(path: string | undefined): unknown {
  if (!path) return undefined;
  try {
    return statSync(path).size > mostBytes ? undefined : JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
