import { SlipwayError } from "../base/error.ts";
import { stringAt } from "../base/json-path.ts";
import type { GithubClient } from "./client.ts";

export type PullRequestNow = {
  isOpen: boolean;
  /** The newest that was pushed. */
  commit: string;
};

/** How the pull request is now, whatever an event of some time ago said. Fails with GITHUB_REQUEST_FAILED. */
export async function readPullRequest(
  client: GithubClient,
  { repository, number }: { repository: string; number: number },
): Promise<PullRequestNow> {
  const answer = await client.request("GET", `/repos/${repository}/pulls/${number}`);
  const state = stringAt(answer, "state");
  const commit = stringAt(answer, "head", "sha") ?? "";
  if (state === "open" || state === "closed") return { isOpen: state === "open", commit };
  throw new SlipwayError("GITHUB_REQUEST_FAILED", `GitHub does not say how pull request ${number} is`, {
    cause: { status: 0 },
  });
}
