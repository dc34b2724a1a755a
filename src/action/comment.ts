import { pullRequestOf } from "../github/event.ts";
import { stickComment } from "../github/sticky-comment.ts";
import { commentMarkdown } from "../report/comment.ts";
import type { Story } from "../report/story.ts";
import { accessGithub, hiddenMarker, refusal, runPage, tryOnGithub } from "./github-access.ts";

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
  const text = commentMarkdown(story, { commit: pullRequest.commit, runUrl: runPage(env) });
  return await writeComment(text, { number: pullRequest.number, marker: markerOf(story, options), token, env });
}

type Written = { number: number; marker: string; token: string; env: NodeJS.ProcessEnv };

/** Writes the comment of that marker. What became of it in one line: that it can't be written fails nothing. */
export async function writeComment(text: string, { number, marker, token, env }: Written): Promise<string> {
  const written = await tryOnGithub(accessGithub(token, env), ({ client, repository }) =>
    stickComment(client, { repository, number, marker }, text),
  );
  if ("result" in written) return `The pull request has it, too: ${written.result}`;
  const why = refusal(written, { permission: "pull-requests: write", env });
  return `No comment is written to the pull request: ${why} It is in the job summary.`;
}

function markerOf({ command, release, namespace }: Story, { id, env }: CommentOptions): string {
  return hiddenMarker(command, [command, release, namespace, id], env);
}
