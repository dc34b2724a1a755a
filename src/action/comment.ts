import { systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import { nodeCrypto } from "../base/node-library.ts";
import { githubClient, statusOf } from "../github/client.ts";
import { type PullRequest, pullRequestOf } from "../github/event.ts";
import { stickComment } from "../github/sticky-comment.ts";
import { commentMarkdown } from "../report/comment.ts";
import type { Story } from "../report/story.ts";

export const commentModes = ["auto", "always", "never"] as const;
export type CommentMode = (typeof commentModes)[number];

export type CommentOptions = {
  /** `auto`: what a plan says, on a pull request. */
  mode: CommentMode;
  token: string;
  /** Tells two steps of one job that plan the same release, for two clusters say, apart. */
  id: string;
  env: NodeJS.ProcessEnv;
};

/** Writes the story to its pull request, in the comment of earlier runs. What became of it in one line; none where nothing was to be done. */
export async function commentOn(story: Story, options: CommentOptions): Promise<string | undefined> {
  const { mode, token, env } = options;
  if (mode === "never" || (mode === "auto" && story.command !== "plan")) return undefined;
  const pullRequest = pullRequestOf(env);
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (pullRequest === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    return mode === "always" ? "No comment is written: this run is not for a pull request." : undefined;
  }
  if (token === "") return "No comment is written: the input github-token is empty.";
  try {
    const client = githubClient(
      { url: env["GITHUB_API_URL"] || "https://api.github.com", token },
      { env, clock: systemClock },
    );
    const place = { repository, number: pullRequest.number, marker: markerOf(story, options) };
    const url = await stickComment(client, place, commentMarkdown(story, factsOf(pullRequest, repository, env)));
    return `The pull request has it, too: ${url}`;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return `No comment is written to the pull request: ${whyNot(error, pullRequest)} It is in the job summary.`;
  }
}

function factsOf({ commit }: PullRequest, repository: string, env: NodeJS.ProcessEnv) {
  const server = env["GITHUB_SERVER_URL"] || "https://github.com";
  const run = env["GITHUB_RUN_ID"] ?? "";
  return {
    commit,
    runUrl: /^\d+$/.test(run) ? `${server}/${repository}/actions/runs/${run}` : `${server}/${repository}`,
  };
}

function whyNot(error: SlipwayError, { isFork }: PullRequest): string {
  const status = statusOf(error);
  if (status !== 403 && status !== 404) return `${error.message}.`;
  if (isFork) return "it comes from a fork, for which the workflow's token may only read.";
  return `${error.message}. Give the job the permission "pull-requests: write".`;
}

// Names of releases and workflows may hold what would end the HTML comment.
function markerOf({ command, release, namespace }: Story, { id, env }: CommentOptions): string {
  const parts = [command, release, namespace, id, env["GITHUB_WORKFLOW"] ?? "", env["GITHUB_JOB"] ?? ""];
  const hash = nodeCrypto().createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `<!-- slipway-${command} ${hash.slice(0, 24)} -->`;
}
