import {
  createDeployment,
  type DeploymentStatus,
  type Environment,
  retireDeployments,
  setDeploymentStatus,
} from "../github/deployments.ts";
import { accessGithub, type GithubAccess, refusal, runUrl, tryOnGithub } from "./github-access.ts";
import type { Run } from "./way.ts";

/** How a run ends, for GitHub: `retired` where nothing runs there any more. */
export type DeploymentEnd = Pick<DeploymentStatus, "state" | "description" | "environmentUrl"> | { state: "retired" };

/** A deploy as GitHub is told of it. Nothing of it ever fails the run: what GitHub does not take is told in one line. */
export type DeploymentLife = {
  /** What became of it, in at most one line. */
  end(end: DeploymentEnd): Promise<string[]>;
};

export type DeploymentSubject = Omit<Environment, "repository"> & { commit: string; description: string };

const permission = "deployments: write";

/** Tells GitHub that it begins, while it begins; `post` ends what this run does not. */
export function beginDeployment(run: Run, subject: DeploymentSubject): DeploymentLife {
  const begun = begin(run, subject);
  return {
    async end(end) {
      const began = await begun;
      const id = run.openDeployment?.id;
      if (id === undefined && "why" in began) return [notTold(began, run.env)];
      const ended = await tryOnGithub(access(run), (github) => finish(github, subject, { id, end, env: run.env }));
      if ("why" in ended) return [notTold(ended, run.env)];
      run.openDeployment = undefined;
      run.remember();
      return [];
    },
  };
}

/** Tells GitHub that nothing runs in the environment any more, at the end. */
export function retireAtEnd(run: Run, name: string): DeploymentLife {
  return {
    async end(end) {
      if (end.state !== "retired") return [];
      return await retire(access(run), name, run.env);
    },
  };
}

export async function retire(
  github: GithubAccess | { why: string },
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const logUrl = runUrl(env);
  const retired = await tryOnGithub(github, ({ client, repository }) =>
    retireDeployments(client, { repository, name }, { ...(logUrl && { logUrl }) }),
  );
  return "why" in retired ? [notTold(retired, env)] : [];
}

function access({ inputs, env }: Run): GithubAccess | { why: string } {
  return accessGithub(inputs?.comment.token ?? "", env);
}

async function begin(run: Run, subject: DeploymentSubject) {
  const logUrl = runUrl(run.env);
  return await tryOnGithub(access(run), async ({ client, repository }) => {
    const { commit, description, ...environment } = subject;
    const id = await createDeployment(client, { repository, ...environment }, { commit, description });
    run.openDeployment = { repository, id };
    run.remember();
    await setDeploymentStatus(client, repository, id, { state: "in_progress", ...(logUrl && { logUrl }) });
  });
}

type Finish = { id: number | undefined; end: DeploymentEnd; env: NodeJS.ProcessEnv };

async function finish(
  { client, repository }: GithubAccess,
  { name, isTransient }: DeploymentSubject,
  { id, end, env }: Finish,
): Promise<void> {
  const logUrl = runUrl(env);
  const log = logUrl ? { logUrl } : {};
  if (end.state === "retired") return await retireDeployments(client, { repository, name }, log);
  if (id === undefined) return;
  await setDeploymentStatus(client, repository, id, { ...end, ...log });
  if (end.state === "success" && isTransient)
    await retireDeployments(client, { repository, name }, { except: id, ...log });
}

function notTold(failure: Parameters<typeof refusal>[0], env: NodeJS.ProcessEnv): string {
  return `GitHub is told nothing of the deployment: ${refusal(failure, { permission, env })}`;
}
