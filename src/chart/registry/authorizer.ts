import { SlipwayError } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { Answer, Fetcher } from "../remote/fetcher.ts";
import type { Credential } from "./credentials.ts";

/** Headers that let a request through. Asked again with the refusal, it finds out what the registry wants. */
export type Authorizer = {
  headers(scope: string): Record<string, string>;
  /** False where nothing is left to try. */
  learn(refusal: Answer, scope: string): Promise<boolean>;
};

type Challenge = { scheme: string; parameters: Record<string, string> };
type Options = { fetcher: Fetcher; credential: () => Promise<Credential | undefined>; isPlainHttp: boolean };

const limitBytes = 1024 * 1024;

/** The distribution API's ways to authorize: Basic, or a token from the server that the registry names. */
export function createAuthorizer({ fetcher, credential, isPlainHttp }: Options): Authorizer {
  const known = new Map<string, string>();
  let basic: string | undefined;
  return {
    headers(scope) {
      const authorization = known.get(scope) ?? basic;
      return authorization === undefined ? {} : { authorization };
    },
    async learn(refusal, scope) {
      const challenge = readChallenge(refusal.headers["www-authenticate"]);
      if (challenge === undefined) return false;
      const found = await credential();
      const before = known.get(scope) ?? basic;
      if (challenge.scheme === "basic") {
        basic = basicHeader(found);
        return basic !== undefined && basic !== before;
      }
      if (challenge.scheme !== "bearer") return false;
      // A token that is over is replaced; for what it does not allow, another one would be the same.
      if (before?.startsWith("Bearer ") && challenge.parameters["error"] === "insufficient_scope") return false;
      const token = `Bearer ${await tokenFor(challenge, { fetcher, found, scope, isPlainHttp })}`;
      known.set(scope, token);
      return token !== before;
    },
  };
}

/** The first challenge of a `WWW-Authenticate` header. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  const match = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s.exec(header ?? "");
  if (match === null) return undefined;
  const parameters: Record<string, string> = Object.create(null);
  for (const [, name = "", quoted, bare] of (match[2] ?? "").matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
  }
  return { scheme: (match[1] ?? "").toLowerCase(), parameters };
}

type Ask = { fetcher: Fetcher; found: Credential | undefined; scope: string; isPlainHttp: boolean };

async function tokenFor({ parameters }: Challenge, { fetcher, found, scope, isPlainHttp }: Ask): Promise<string> {
  if (found?.registryToken) return found.registryToken;
  const realm = realmOf(parameters["realm"], isPlainHttp, found !== undefined);
  const service = parameters["service"] ?? "";
  const scopes = [...new Set([scope, parameters["scope"] ?? ""])].filter((text) => text !== "");
  const answer = found?.identityToken
    ? await exchangeIdentity(fetcher, realm, { service, scope: scopes.join(" "), token: found.identityToken })
    : await askRealm(fetcher, realm, { service, scopes, authorization: basicHeader(found) });
  checkStatus(answer, "get a token for the registry");
  const body: unknown = parse(answer.body);
  const token = stringAt(body, "access_token") || stringAt(body, "token");
  if (token) return token;
  throw new SlipwayError("CHART_UNAUTHORIZED", `${realm.host} gave no token for the registry`);
}

async function askRealm(
  fetcher: Fetcher,
  realm: URL,
  { service, scopes, authorization }: { service: string; scopes: string[]; authorization: string | undefined },
): Promise<Answer> {
  const url = new URL(realm);
  if (service !== "") url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  return await fetcher({ url, headers: authorization === undefined ? {} : { authorization }, limitBytes });
}

async function exchangeIdentity(
  fetcher: Fetcher,
  url: URL,
  { service, scope, token }: { service: string; scope: string; token: string },
): Promise<Answer> {
  const form = { grant_type: "refresh_token", refresh_token: token, service, scope, client_id: "slipway" };
  return await fetcher({
    url,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(new URLSearchParams(form).toString()),
    limitBytes,
  });
}

// A registry that is asked over HTTPS must not be able to have a password sent in the clear.
function realmOf(text: string | undefined, isPlainHttp: boolean, hasSecret: boolean): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && (isPlainHttp || !hasSecret))) return url;
  throw new SlipwayError("CHART_UNAUTHORIZED", `The registry names no safe place to get a token from: "${text ?? ""}"`);
}

function basicHeader(found: Credential | undefined): string | undefined {
  if (!found?.username || !found.password) return undefined;
  return `Basic ${Buffer.from(`${found.username}:${found.password}`).toString("base64")}`;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
