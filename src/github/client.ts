import type { Clock } from "../base/clock.ts";
import { SlipwayError } from "../base/error.ts";
import { isJsonObject, stringAt } from "../base/json-path.ts";
import { type Answer, createFetcher, type Fetcher, type FetchRequest, type Network } from "../chart/remote/fetcher.ts";

export type GithubMethod = "GET" | "POST" | "PATCH" | "DELETE";

/** The REST API of GitHub, github.com's or an Enterprise Server's. Fails with GITHUB_REQUEST_FAILED. */
export type GithubClient = {
  request(method: GithubMethod, path: string, body?: unknown): Promise<unknown>;
  /** All items of a list, page by page, at most `mostPages` of them. */
  list(path: string): Promise<unknown[]>;
};

export type GithubAccess = { url: string; token: string };

const mostPages = 30;
const perPage = 100;
const mostBytes = 16 * 1024 * 1024;
const mostTries = 3;
const longestWaitMs = 60_000;
const firstWaitMs = 1000;

export function githubClient({ url, token }: GithubAccess, network: Network): GithubClient {
  const base = url.replace(/\/+$/, "");
  const patient = createFetcher({}, network);
  // What a second try could do twice is tried once.
  const once = createFetcher({}, { ...network, isHasty: true });
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "x-github-api-version": "2022-11-28",
  };

  async function ask(method: GithubMethod, target: URL, body: unknown): Promise<{ value: unknown; link: string }> {
    const clock = network.clock;
    for (let tries = 1; ; tries++) {
      const answer = await reached(method === "POST" ? once : patient, {
        url: target,
        method,
        headers,
        limitBytes: mostBytes,
        ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
      });
      const value = parsed(answer.body);
      if (answer.status < 400) return { value, link: String(answer.headers["link"] ?? "") };
      if (clock === undefined || tries >= mostTries || !isRateLimit(answer.status, value))
        throw failure(method, target, answer.status, value);
      const waitMs = waitOf(answer.headers, tries, clock);
      if (waitMs > longestWaitMs) throw failure(method, target, answer.status, value);
      await clock.delay(waitMs, network.signal);
    }
  }

  return {
    request: async (method, path, body) => (await ask(method, new URL(base + path), body)).value,
    async list(path) {
      const items: unknown[] = [];
      let next: URL | undefined = new URL(base + path);
      next.searchParams.set("per_page", String(perPage));
      for (let page = 0; next !== undefined && page < mostPages; page++) {
        const { value, link }: { value: unknown; link: string } = await ask("GET", next, undefined);
        if (Array.isArray(value)) items.push(...value);
        next = nextPage(link, next);
      }
      return items;
    },
  };
}

async function reached(fetch: Fetcher, request: FetchRequest): Promise<Answer> {
  try {
    return await fetch(request);
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    throw new SlipwayError("GITHUB_REQUEST_FAILED", error.message, { cause: { status: 0 } });
  }
}

// The token goes where it was given for, whatever a link says.
function nextPage(link: string, from: URL): URL | undefined {
  const [, address] = /<([^>]*)>;\s*rel="next"/.exec(link) ?? [];
  const next = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  return next?.origin === from.origin ? next : undefined;
}

// Too many requests in a short time are answered by 403, too.
function isRateLimit(status: number, value: unknown): boolean {
  return status === 429 || (status === 403 && /rate limit|abuse/i.test(stringAt(value, "message") ?? ""));
}

// A limit of a moment says for how long; that of the hour says when the next one begins, in seconds since 1970.
function waitOf(headers: Answer["headers"], tries: number, clock: Clock): number {
  const seconds = secondsIn(headers["retry-after"]);
  if (seconds !== undefined) return seconds * 1000;
  const reset = headers["x-ratelimit-remaining"] === "0" ? secondsIn(headers["x-ratelimit-reset"]) : undefined;
  return reset === undefined ? firstWaitMs * 2 ** tries : Math.max(firstWaitMs, reset * 1000 - clock.now());
}

function secondsIn(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d+$/.test(header) ? Number(header) : undefined;
}

function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? undefined : JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function failure(method: string, { pathname }: URL, status: number, value: unknown): SlipwayError {
  const said = isJsonObject(value) ? stringAt(value, "message") : undefined;
  return new SlipwayError(
    "GITHUB_REQUEST_FAILED",
    `GitHub answers ${method} ${pathname} with ${status}${said ? `: ${said}` : ""}`,
    { cause: { status } },
  );
}

/** The status with which GitHub refused a request. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof SlipwayError) || error.code !== "GITHUB_REQUEST_FAILED") return undefined;
  return (error.cause as { status: number }).status;
}
