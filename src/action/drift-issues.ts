import { systemClock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import type { DriftReport, ReleaseDrift } from "../deploy/drift/types.ts";
import { githubClient, statusOf } from "../github/client.ts";
import { type IssueChange, type IssueKeeper, issueKeeper } from "../github/issue.ts";
import { driftGone, driftIssue } from "../report/drift-markdown.ts";
import { isStillDrifted } from "../report/drift-words.ts";
import type { DriftInputs } from "./drift-inputs.ts";
import { hiddenMarker, runPage } from "./github-access.ts";

const label = "drift";

/**
 * One issue for each release that differs, closed when it does not any more. What was not compared as a whole keeps the
 * issue that it has. A line for each that changed.
 */
export async function keepIssues(
  { releases }: DriftReport,
  { comment }: Pick<DriftInputs, "comment">,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return [];
  if (comment.token === "") return ["No issue is written: the input github-token is empty."];
  const access = { url: env["GITHUB_API_URL"] || "https://api.github.com", token: comment.token };
  const keeper = issueKeeper(githubClient(access, { env, clock: systemClock }), repository, label);
  const told: string[] = [];
  try {
    for (const release of releases) {
      const change = await keepIssue(keeper, release, {
        marker: hiddenMarker("drift", [release.release, release.namespace, comment.id], env),
        runUrl: runPage(env),
      });
      if (change && change.done !== "unchanged") {
        told.push(`The issue on ${release.release} in ${release.namespace} is ${change.done}: ${change.address}`);
      }
    }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    told.push(`Issues could not be kept: ${whyNot(error)} What was found is in the job summary.`);
  }
  return told;
}

async function keepIssue(
  keeper: IssueKeeper,
  release: ReleaseDrift,
  { marker, runUrl: url }: { marker: string; runUrl: string },
): Promise<IssueChange | undefined> {
  if (isStillDrifted(release)) return await keeper.keep({ marker, ...driftIssue(release, url) });
  if (release.state !== "clean" && release.state !== "corrected") return undefined;
  return await keeper.close({ marker, ...driftGone(release, url) });
}

function whyNot(error: SlipwayError): string {
  const status = statusOf(error);
  if (status === 410) return "the repository has no issues. Set issue: false.";
  if (status !== 403 && status !== 404) return `${error.message}.`;
  return `${error.message}. Give the job the permission "issues: write", or set issue: false.`;
}
