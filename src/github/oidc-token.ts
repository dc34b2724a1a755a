import { hasCode, SlipwayError } from "../base/error.ts";
import { stringAt } from "../base/json-path.ts";
import { createFetcher, type Network } from "../chart/remote/fetcher.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type OidcTokenOptions = {
  /** Whom the token is for: what the cluster's API server accepts as `aud`. */
  audience: string;
  env: Env;
  network?: Omit<Network, "env">;
  /** Told of each token before anybody else sees it. */
  keepSecret: (secret: string) => void;
};

const mostBytes = 1024 * 1024;

/** Gets tokens that say which workflow this is, signed by GitHub. Fails with INPUT_INVALID where the job may have none. */
export function oidcTokenSource({ audience, env, network, keepSecret }: OidcTokenOptions): () => Promise<string> {
  const { address, token } = issuerOf(env);
  const fetch = createFetcher({}, { ...network, env });
  const url = new URL(address);
  url.searchParams.set("audience", audience);
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };

  return async () => {
    const { status, body } = await fetch({ url, headers, limitBytes: mostBytes }).catch(unreachable);
    const answer = parsed(body);
    const given = stringAt(answer, "value");
    if (status < 400 && given) {
      keepSecret(given);
      return given;
    }
    const said = stringAt(answer, "message");
    throw failure(`it answers ${status}${status < 400 ? " without one" : ""}${said ? `: ${said.slice(0, 300)}` : ""}`);
  };
}

function issuerOf(env: Env): { address: string; token: string } {
  const address = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
  const token = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
  if (token !== "" && URL.canParse(address)) return { address, token };
  if (env["GITHUB_ACTIONS"] === "true") {
    throw new SlipwayError("INPUT_INVALID", 'The job lacks the permission "id-token: write"', {
      hint: 'Write "permissions: { contents: read, id-token: write }" in the job. Pull requests from forks never have it.',
    });
  }
  throw new SlipwayError("INPUT_INVALID", "There is no OIDC token to be had: this is not a job of GitHub Actions", {
    hint: "Elsewhere, give the token that your CI signs as $SLIPWAY_KUBETOKEN.",
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function unreachable(error: unknown): never {
  if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
  throw failure(error.message, error);
}

function failure(reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError("GITHUB_REQUEST_FAILED", `GitHub gives no OIDC token: ${reason}`, {
    hint: "Run the job again; https://www.githubstatus.com says whether GitHub is well.",
    ...(cause !== undefined && { cause }),
  });
}
