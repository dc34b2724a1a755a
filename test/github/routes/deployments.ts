import type { JsonObject } from "../../../src/base/json-path.ts";
import { notFound, type Route, type World } from "../route.ts";
import { sampleOf } from "../sample.ts";
import { bot, wholeUser } from "../user.ts";

export type FakeDeployment = {
  id: number;
  ref: string;
  environment: string;
  description: string;
  isTransient: boolean;
  /** Oldest first. */
  statuses: FakeStatus[];
};
export type FakeStatus = { id: number; state: string; description: string; environment_url: string; log_url: string };

const list = "/repos/{owner}/{repo}/deployments";
const one = `${list}/{deployment_id}`;

/** Deployments of the repository and their statuses. */
export function deploymentArea(world: World) {
  const deployments: FakeDeployment[] = [];
  const find = (id: string | undefined) => deployments.find((deployment) => deployment.id === Number(id));
  const text = (body: JsonObject, name: string) => String(body[name] ?? "");

  function add(body: JsonObject): FakeDeployment {
    const deployment = {
      id: world.nextId(),
      ref: text(body, "ref"),
      environment: text(body, "environment") || "production",
      description: text(body, "description"),
      isTransient: body["transient_environment"] === true,
      statuses: [],
    };
    deployments.push(deployment);
    return deployment;
  }

  function addStatus(deployment: FakeDeployment, body: JsonObject): FakeStatus {
    const status = {
      id: world.nextId(),
      state: text(body, "state"),
      description: text(body, "description"),
      environment_url: text(body, "environment_url"),
      log_url: text(body, "log_url"),
    };
    // As GitHub does: earlier deployments that are there to stay no longer run.
    if (status.state === "success" && body["auto_inactive"] !== false) retireOthers(deployment);
    deployment.statuses.push(status);
    return status;
  }

  function retireOthers({ id, environment }: FakeDeployment): void {
    for (const other of deployments) {
      const isOther = other.id !== id && other.environment === environment && !other.isTransient;
      if (isOther && other.statuses.at(-1)?.state === "success") addStatus(other, { state: "inactive" });
    }
  }

  function whole({ id, ref, environment, description, isTransient }: FakeDeployment) {
    return {
      ...sampleOf("deployment"),
      id,
      ref,
      sha: ref,
      environment,
      description,
      payload: {},
      transient_environment: isTransient,
      creator: wholeUser(bot),
    };
  }

  function wholeStatus({ id, state, description, environment_url, log_url }: FakeStatus) {
    return {
      ...sampleOf("deployment-status"),
      id,
      state,
      description,
      creator: wholeUser(bot),
      ...(environment_url && { environment_url }),
      ...(log_url && { log_url }),
    };
  }

  const routes: Route[] = [
    {
      at: `GET ${list}`,
      answer: ({ query }) => ({
        status: 200,
        body: deployments
          .filter(({ environment }) => (query.get("environment") ?? environment) === environment)
          .reverse()
          .map(whole),
      }),
    },
    { at: `POST ${list}`, answer: ({ body }) => ({ status: 201, body: whole(add(body)) }) },
    {
      at: `GET ${one}/statuses`,
      answer({ params }) {
        const deployment = find(params["deployment_id"]);
        if (deployment === undefined) return notFound;
        return { status: 200, body: [...deployment.statuses].reverse().map(wholeStatus) };
      },
    },
    {
      at: `POST ${one}/statuses`,
      answer({ params, body }) {
        const deployment = find(params["deployment_id"]);
        if (deployment === undefined) return notFound;
        return { status: 201, body: wholeStatus(addStatus(deployment, body)) };
      },
    },
  ];
  return { deployments, routes };
}
