import { SlipwayError } from "../base/error.ts";
import { parseSecretNames } from "../deploy/preview/copy-secrets.ts";
import { type PreviewIdentity, previewNames, repositoryId } from "../deploy/preview/identity.ts";
import { parseLabels, parseLimits } from "../deploy/preview/limits.ts";
import type { PreviewSession } from "../deploy/preview/session.ts";
import type { UpOptions } from "../deploy/preview/up.ts";
import type { PullRequestFacts } from "../values/pull-request-context.ts";
import type { Terminal } from "./command.ts";
import { type FlagReader, optional } from "./read-flags.ts";
import { type Cluster, openDriver, openSession } from "./session.ts";

/** `host/owner/name`: of the flag, else of the workflow. A first part with a dot or a port is the host. */
export function repositoryFrom(read: FlagReader, env: Terminal["env"]): string {
  const given = read.string("repository") ?? env["GITHUB_REPOSITORY"];
  if (!given) {
    throw new SlipwayError("INPUT_INVALID", "The preview has no repository", {
      hint: "Name it with --repository owner/name.",
    });
  }
  const [, host, name] = /^([\w-]*[.:][\w.:-]*)\/(.+\/.+)$/.exec(given) ?? [];
  if (host !== undefined && name !== undefined) return repositoryId(host, name);
  return repositoryId(hostOf(env), given);
}

export function hostOf(env: Terminal["env"]): string {
  const server = env["GITHUB_SERVER_URL"] || "https://github.com";
  return URL.canParse(server) ? new URL(server).host : "github.com";
}

export function identityFrom(read: FlagReader, env: Terminal["env"], release: string): PreviewIdentity {
  const number = read.number("pr", 0);
  if (number <= 0) {
    throw new SlipwayError("INPUT_INVALID", "The preview has no pull request", {
      hint: "Give its number with --pr NUMBER.",
    });
  }
  return { repository: repositoryFrom(read, env), number, release };
}

/** The namespaces that the preview may have: the one that -n names, else those of its own. */
export function namesFrom(read: FlagReader, identity: PreviewIdentity): readonly string[] {
  const given = read.string("namespace");
  return given === undefined ? previewNames(identity) : [given];
}

export function pullRequestFrom(read: FlagReader): PullRequestFacts {
  return {
    number: read.number("pr", 0),
    ...optional("sha", read.string("sha")),
    ...optional("branch", read.string("branch")),
    ...optional("title", read.string("title")),
    ...optional("author", read.string("author")),
  };
}

type Up = Omit<UpOptions, "deploy" | "onClaimed" | "keepSecret">;

export function upOptions(read: FlagReader, identity: PreviewIdentity): Up {
  return {
    identity,
    names: namesFrom(read, identity),
    labels: parseLabels(read.strings("namespace-labels")),
    limits: parseLimits(read.strings("quota"), read.strings("allow-traffic-from")),
    secrets: parseSecretNames(read.strings("copy-secret")),
    ...(read.has("ttl") ? { ttlMs: read.number("ttl", 0) } : {}),
    commit: read.string("sha") ?? "",
    run: {},
    // Nobody is asked here: the last one to come has the preview.
    headOf: async () => undefined,
  };
}

export function previewSession(
  cluster: Cluster,
  { terminal, emit }: { terminal: Pick<Terminal, "env" | "signal">; emit: PreviewSession["emit"] },
): PreviewSession {
  const { driver: _, ...rest } = openSession({ cluster, terminal, emit });
  return { ...rest, driverIn: (namespace) => openDriver({ cluster, terminal, emit }, namespace) };
}
