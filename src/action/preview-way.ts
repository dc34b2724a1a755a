import { SlipwayError } from "../base/error.ts";
import { hostOf } from "../cli/preview-options.ts";
import { openDriver } from "../cli/session.ts";
import type { Session } from "../deploy/options.ts";
import { bringDown } from "../deploy/preview/down.ts";
import { type PreviewIdentity, previewNames, repositoryId } from "../deploy/preview/identity.ts";
import { type PreviewSession, sessionIn } from "../deploy/preview/session.ts";
import { bringUp, type Head } from "../deploy/preview/up.ts";
import { type PullRequest, pullRequestOf } from "../github/event.ts";
import { readPullRequest } from "../github/pull-requests.ts";
import { oneLine } from "../report/plain-text.ts";
import { addressOf } from "./address.ts";
import { accessGithub, runUrl, tryOnGithub } from "./github-access.ts";
import { beginDeployment, retireAtEnd } from "./github-deployment.ts";
import type { PreviewInputs } from "./preview-inputs.ts";
import { type PreviewEnd, previewTelling } from "./preview-telling.ts";
import { missingInput } from "./read-inputs.ts";
import type { Run, Telling, Way } from "./way.ts";

/** What the event of a pull request asks for: `closed` takes its preview down, all others bring it up. */
export const previewWay: Way = {
  async carryOut(run, given, { session }) {
    const inputs = given as PreviewInputs;
    const asked = askedFor(run, inputs);
    run.namespace = asked.names[0] ?? "";
    const previews = previewSession(run, session);
    return asked.pullRequest.action === "closed"
      ? await takeDown(run, inputs, { ...asked, previews })
      : await putUp(run, inputs, { ...asked, previews });
  },

  fail(run, error) {
    const pullRequest = pullRequestOf(run.env);
    const inputs = run.inputs as PreviewInputs | undefined;
    if (isLeftOut(run, pullRequest)) return previewTelling(run, { kind: "skipped" });
    const isDown = pullRequest?.action === "closed";
    const identity = pullRequest && inputs && identityOf(run, inputs, pullRequest);
    return previewTelling(
      run,
      { kind: "error", error, isDown },
      identity && { identity, ...factsOf(run, pullRequest) },
    );
  },
};

type Asked = { pullRequest: PullRequest; identity: PreviewIdentity; names: readonly string[] };

function askedFor(run: Run, inputs: PreviewInputs): Asked {
  const { env } = run;
  const pullRequest = pullRequestOf(env);
  if (pullRequest === undefined) {
    throw new SlipwayError(
      "INPUT_INVALID",
      `command: preview is for pull requests, this run is for the event "${env["GITHUB_EVENT_NAME"] ?? ""}"`,
      {
        where: 'input "command"',
        hint: "Have the workflow start on: pull_request, with the types opened, reopened, synchronize and closed. Elsewhere, use slipway preview up.",
      },
    );
  }
  const identity = identityOf(run, inputs, pullRequest);
  return { pullRequest, identity, names: inputs.namespace === undefined ? previewNames(identity) : [inputs.namespace] };
}

function identityOf({ env }: Run, { release }: PreviewInputs, { number }: PullRequest): PreviewIdentity {
  return { repository: repositoryId(hostOf(env), env["GITHUB_REPOSITORY"] ?? ""), number, release };
}

// Of what a fork's run may not have, nobody has to hear as of a failure.
function isLeftOut({ inputs, env }: Run, pullRequest: PullRequest | undefined): boolean {
  const isFork = pullRequest?.isFork === true && env["GITHUB_EVENT_NAME"] === "pull_request";
  const given = ["INPUT_KUBECONFIG", "INPUT_TOKEN", "INPUT_AUDIENCE"].some((name) => env[name]?.trim());
  return isFork && !(inputs === undefined ? given : (inputs as PreviewInputs).canConnect);
}

type Work = Asked & { previews: PreviewSession };
type Told = (run: Run) => Telling;

async function putUp(run: Run, inputs: PreviewInputs, { previews, identity, names, pullRequest }: Work): Promise<Told> {
  const { chart } = inputs.deploy;
  if (typeof chart === "object" && chart.reference === "") {
    throw missingInput("chart", "Name the chart's folder or its .tgz file, or where else it comes from.");
  }
  const up = await bringUp(previews, {
    ...inputs.preview,
    identity,
    names,
    keepSecret: run.keepSecret,
    commit: pullRequest.commit,
    ...(inputs.environment.name !== undefined && { environment: inputs.environment.name }),
    run: runMark(run.env),
    headOf: headReader(run, inputs, pullRequest),
    onClaimed: (namespace) => onClaimed(run, inputs, { namespace, commit: pullRequest.commit }),
    deploy: inputs.deploy,
  });
  const facts = { identity, ...factsOf(run, pullRequest) };
  if (up.kind !== "up") return (ended) => previewTelling(ended, up, facts);
  const { namespace, result, expires } = up;
  const isUp = result.cause === undefined;
  const url = isUp
    ? (inputs.environment.url ?? (await addressOf(sessionIn(previews, namespace), identity.release)))
    : undefined;
  const end: PreviewEnd = {
    kind: "deployed",
    result,
    ...(url !== undefined && { url }),
    ...(expires !== undefined && { expires }),
  };
  return (ended) => previewTelling(ended, end, facts);
}

async function takeDown(
  run: Run,
  inputs: PreviewInputs,
  { previews, identity, names, pullRequest }: Work,
): Promise<Told> {
  const down = await bringDown(previews, {
    ...inputs.carryOut,
    identity,
    names,
    run: runMark(run.env),
    headOf: headReader(run, inputs, pullRequest),
    onFound(namespace) {
      run.namespace = namespace;
      run.deployment = retireAtEnd(run, inputs.environment.name ?? namespace);
    },
  });
  run.deployment ??= retireAtEnd(run, inputs.environment.name ?? run.namespace);
  // Nothing of it is left to be finished.
  run.own.length = 0;
  return (ended) => previewTelling(ended, { kind: down.kind }, { identity, ...factsOf(run, pullRequest) });
}

function onClaimed(
  run: Run,
  inputs: PreviewInputs,
  { namespace, commit }: { namespace: string; commit: string },
): void {
  run.namespace = namespace;
  run.remember();
  const name = inputs.environment.name ?? namespace;
  run.deployment = beginDeployment(run, {
    name,
    isTransient: true,
    commit,
    description: `Preview of ${inputs.release}`,
  });
}

/** Where GitHub does not say, that is told, it is not asked again, and the order of the workflow's runs decides. */
function headReader(run: Run, inputs: PreviewInputs, { number }: PullRequest): () => Promise<Head | undefined> {
  let isSilent = false;
  return async () => {
    if (isSilent) return undefined;
    const read = await tryOnGithub(accessGithub(inputs.comment.token, run.env), ({ client, repository }) =>
      readPullRequest(client, { repository, number }),
    );
    if ("result" in read) return read.result;
    isSilent = true;
    const message = `GitHub does not say how the pull request is now: ${read.why}. The later run of the workflow counts`;
    run.log.emit({ type: "warning", message: oneLine(message, 2000) });
    return undefined;
  };
}

/** GitHub numbers runs as they begin, and the attempts of one. */
function runMark(env: NodeJS.ProcessEnv): { order?: number; link?: string } {
  const [id, attempt] = [Number(env["GITHUB_RUN_ID"]), Number(env["GITHUB_RUN_ATTEMPT"] ?? "1")];
  const order = id * 1000 + Math.min(attempt, 999);
  const link = runUrl(env);
  return { ...(Number.isSafeInteger(order) && order > 0 ? { order } : {}), ...(link && { link }) };
}

function factsOf({ env }: Run, { commit, number }: PullRequest) {
  const link = runUrl(env);
  return { commit, number, ...(link && { runUrl: link }) };
}

function previewSession({ env }: Run, { driver: _, ...session }: Session): PreviewSession {
  const { kube, signal, emit } = session;
  return {
    ...session,
    driverIn: (namespace) => openDriver({ cluster: { kube }, terminal: { env, signal }, emit }, namespace),
  };
}
