import { systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import { sha256OfParts } from "../base/sha256.ts";
import { type GithubClient, githubClient, statusOf } from "../github/client.ts";
import { pullRequestOf } from "../github/event.ts";

/** The run's repository on GitHub, and somebody who may ask for it. */
export type GithubAccess = { client: GithubClient; repository: string };

// A GitHub that doesn't answer must not hold up a deploy.
const longestMs = 20_000;

/** `why` where the run knows no repository, or has no token. All that is asked has to be answered within a few seconds. */
export function accessGithub(token: string, env: NodeJS.ProcessEnv): GithubAccess | { why: string } {
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return { why: "the run is not for a repository of GitHub" };
  if (token === "") return { why: "the input github-token is empty" };
  const url = env["GITHUB_API_URL"] || "https://api.github.com";
  const signal = AbortSignal.timeout(longestMs);
  return { client: githubClient({ url, token }, { env, clock: systemClock, signal }), repository };
}

/** Does it, or says why it could not be done in one line; what is thrown that is no failure of GitHub is a bug. */
export async function tryOnGithub<Result>(
  access: GithubAccess | { why: string },
  work: (access: GithubAccess) => Promise<Result>,
): Promise<{ result: Result } | { why: string; error?: SlipwayError }> {
  if ("why" in access) return access;
  try {
    return { result: await work(access) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.code === "CANCELLED" ? `GitHub did not answer within ${longestMs / 1000} s` : error.message;
    return { why, error };
  }
}

/** Why GitHub refused it, and what to do: the permission that the job lacks. */
export function refusal(
  failure: { why: string; error?: SlipwayError },
  { permission, env }: { permission: string; env: NodeJS.ProcessEnv },
): string {
  const status = statusOf(failure.error);
  if (status !== 403 && status !== 404) return `${failure.why}.`;
  if (pullRequestOf(env)?.isFork) return "it comes from a fork, for which the workflow's token may only read.";
  return `${failure.why}. Give the job the permission "${permission}".`;
}

/** The page of the run; empty outside of a workflow. */
export function runUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return repository && id && /^\d+$/.test(id) ? `${server}/${repository}/actions/runs/${id}` : undefined;
}

/** The same, or the repository's page where no run is known. */
export function runPage(env: NodeJS.ProcessEnv): string {
  return runUrl(env) ?? `${env["GITHUB_SERVER_URL"] || "https://github.com"}/${env["GITHUB_REPOSITORY"] ?? ""}`;
}

/**
 * What is hidden in a comment or an issue, to find it again. Names of releases and workflows may hold what would end the
 * HTML comment, so a hash stands for them.
 */
export function hiddenMarker(kind: string, parts: readonly string[], env: NodeJS.ProcessEnv): string {
  const hash = sha256OfParts(...parts, env["GITHUB_WORKFLOW"] ?? "", env["GITHUB_JOB"] ?? "");
  return `<!-- slipway-${kind} ${hash.slice(0, 24)} -->`;
}
