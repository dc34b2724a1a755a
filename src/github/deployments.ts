import { SlipwayError } from "../base/error.ts";
import { numberAt, stringAt } from "../base/json-path.ts";
import type { GithubClient } from "./client.ts";

export type Environment = {
  /** `owner/name`. */
  repository: string;
  name: string;
  /** True where it will be gone one day. */
  isTransient: boolean;
};

export type DeploymentState = "in_progress" | "success" | "failure" | "inactive";

export type DeploymentStatus = {
  state: DeploymentState;
  /** Cut to what GitHub takes. */
  description?: string;
  /** Where what was deployed is reached. */
  environmentUrl?: string;
  logUrl?: string;
};

/** Both are refused by GitHub where they are longer. */
const mostDescription = 140;
const mostEnvironment = 255;

/** Begins a deployment of a commit, whatever its checks say. Gives its id. */
export async function createDeployment(
  client: GithubClient,
  { repository, name, isTransient }: Environment,
  { commit, description }: { commit: string; description: string },
): Promise<number> {
  const answer = await client.request("POST", pathOf(repository), {
    ref: commit,
    environment: name.slice(0, mostEnvironment),
    description: clipped(description, mostDescription),
    transient_environment: isTransient,
    // Of checks that fail, or a branch that is behind, GitHub would make nothing: what is deployed is deployed.
    required_contexts: [],
    auto_merge: false,
  });
  const id = numberAt(answer, "id");
  if (id !== undefined) return id;
  throw new SlipwayError("GITHUB_REQUEST_FAILED", "GitHub made no deployment", { cause: { status: 0 } });
}

export async function setDeploymentStatus(
  client: GithubClient,
  repository: string,
  id: number,
  { state, description, environmentUrl, logUrl }: DeploymentStatus,
): Promise<void> {
  await client.request("POST", `${pathOf(repository)}/${id}/statuses`, {
    state,
    ...(description !== undefined && { description: clipped(description, mostDescription) }),
    ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
    ...(logUrl !== undefined && { log_url: logUrl }),
    auto_inactive: state === "success",
  });
}

/** How many of an environment's deployments are looked at, the newest first. */
const mostRetired = 100;

/**
 * Has every deployment of the environment but one say that it no longer runs. GitHub does that by itself for environments
 * that are there to stay, and for no transient one.
 */
export async function retireDeployments(
  client: GithubClient,
  { repository, name }: Pick<Environment, "repository" | "name">,
  { except, logUrl }: { except?: number; logUrl?: string } = {},
): Promise<void> {
  const query = new URLSearchParams({ environment: name.slice(0, mostEnvironment), per_page: String(mostRetired) });
  const found = await client.request("GET", `${pathOf(repository)}?${query}`);
  const ids = (Array.isArray(found) ? found : []).flatMap((each) => numberAt(each, "id") ?? []);
  for (const id of ids.sort((a, b) => b - a)) {
    if (id === except) continue;
    const [last] = await statuses(client, repository, id);
    const state = stringAt(last, "state");
    // Those before it were retired with it.
    if (state === "inactive") return;
    if (state === "failure" || state === "error") continue;
    await setDeploymentStatus(client, repository, id, { state: "inactive", ...(logUrl !== undefined && { logUrl }) });
  }
}

/** The newest first. */
async function statuses(client: GithubClient, repository: string, id: number): Promise<unknown[]> {
  const found = await client.request("GET", `${pathOf(repository)}/${id}/statuses?per_page=1`);
  return Array.isArray(found) ? found : [];
}

function pathOf(repository: string): string {
  return `/repos/${repository}/deployments`;
}

function clipped(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
