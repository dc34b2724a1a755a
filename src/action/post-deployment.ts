import { SlipwayError } from "../base/error.ts";
import type { Session } from "../deploy/options.ts";
import { setDeploymentStatus } from "../github/deployments.ts";
import { addressOf } from "./address.ts";
import { accessGithub, refusal, runUrl, tryOnGithub } from "./github-access.ts";
import type { CommonInputs } from "./inputs.ts";
import type { JobState } from "./job-state.ts";

type Around = { env: NodeJS.ProcessEnv; session?: Session };

/** Ends the deployment that a run has begun on GitHub and was cut off from: as the revision went that it recorded first. */
export async function endOpenDeployment(inputs: CommonInputs, state: JobState, around: Around): Promise<string[]> {
  const { deployment } = state;
  if (deployment === undefined) return [];
  const { env, session } = around;
  const isUp = session !== undefined && (await isDeployed(session, inputs.release, state));
  const url = isUp ? (inputs.environment.url ?? (await addressOf(session, inputs.release))) : undefined;
  const logUrl = runUrl(env);
  const ended = await tryOnGithub(accessGithub(inputs.comment.token, env), ({ client }) =>
    setDeploymentStatus(client, deployment.repository, deployment.id, {
      ...(isUp ? { state: "success" } : { state: "failure", description: "The run was cut off" }),
      ...(url !== undefined && { environmentUrl: url }),
      ...(logUrl !== undefined && { logUrl }),
    }),
  );
  if ("result" in ended) return [];
  return [
    `GitHub still shows the deployment as in progress: ${refusal(ended, { permission: "deployments: write", env })}`,
  ];
}

async function isDeployed({ driver }: Session, release: string, { own: [first] }: JobState): Promise<boolean> {
  if (first === undefined) return false;
  try {
    const history = await driver.history(release);
    const status = history.find(({ revision }) => revision === first)?.status;
    return status === "deployed" || status === "superseded";
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return false;
  }
}
