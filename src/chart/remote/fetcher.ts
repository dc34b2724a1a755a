import type { IncomingHttpHeaders } from "node:http";
import { type Clock, systemClock } from "../../base/clock.ts";
import { SlipwayError } from "../../base/error.ts";
import { type Access, tlsMaterial } from "./access.ts";
import { proxyHint } from "./check-status.ts";
import { type Download, newDownload, readInto } from "./download.ts";
import { type Exchange, type HttpRequest, type Incoming, openExchange } from "./exchange.ts";
import { throwIfCancelled, type Wait, waitAfterError, waitAfterStatus } from "./retry-policy.ts";
import { shownUrl } from "./shown-url.ts";

/** What everything that talks over the network is given. */
export type Network = {
  env: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
  signal?: AbortSignal;
  /** One try alone, for who can do without an answer. */
  isHasty?: boolean;
};

export type FetchRequest = HttpRequest & {
  /** A longer body is refused. */
  limitBytes: number;
};

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; url: URL };

/** Asks, follows redirects, tries again what may pass, and goes on with a download where it broke off. */
export type Fetcher = (request: FetchRequest) => Promise<Answer>;

const mostRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);

export function createFetcher(access: Access, { env, clock = systemClock, signal, isHasty }: Network): Fetcher {
  let opened: Promise<Exchange> | undefined;
  return async (request) => {
    opened ??= openExchange({ tls: tlsMaterial(access), env, ...(isHasty && { silenceMs: 5_000 }) });
    const exchange = await opened;
    const download = newDownload(request.limitBytes);
    for (let tries = 1; ; tries++) {
      throwIfCancelled(signal);
      const wait = await attempt({ exchange, request, download, signal, now: clock.now() });
      if (typeof wait !== "function") return wait;
      const ms = isHasty ? undefined : wait(tries);
      if (ms === undefined) return endOf(download, request.url);
      await clock.delay(ms, signal);
    }
  };
}

type Attempt = {
  exchange: Exchange;
  request: FetchRequest;
  download: Download;
  signal: AbortSignal | undefined;
  now: number;
};

async function attempt({ exchange, request, download, signal, now }: Attempt): Promise<Answer | Wait> {
  download.failure = undefined;
  download.last = undefined;
  try {
    const { incoming, url } = await followed(exchange, request, download, signal);
    const { status, headers } = incoming;
    // What a failure says must not take the place of what has come before it.
    const target = status < 400 ? download : newDownload(request.limitBytes);
    const body = await readInto(target, incoming, request.method ?? "GET");
    const answer = { status: status === 206 ? 200 : status, headers, body, url };
    if (status < 400) return answer;
    download.last = answer;
    const wait = waitAfterStatus(status, headers["retry-after"], now);
    // Where no wait would help, the answer stands.
    return wait(1) === undefined ? answer : wait;
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof SlipwayError) throw error;
    download.failure = error;
    return waitAfterError(error);
  }
}

function endOf({ failure, last }: Download, url: URL): Answer {
  if (last !== undefined) return last;
  const reason = reasonOf(failure);
  const hint = hintFor(reason);
  throw new SlipwayError("CHART_UNREACHABLE", `Cannot reach ${shownUrl(url)}: ${reason}`, {
    ...(hint !== undefined && { hint }),
    cause: failure,
  });
}

function hintFor(reason: string): string | undefined {
  if (/^the proxy .* status 407$/.test(reason)) return proxyHint;
  const isCertificate = /certificate|self.signed|altnames/i.test(reason);
  return isCertificate ? "Name the authority that signed the server's certificate with --ca-file." : undefined;
}

async function followed(
  exchange: Exchange,
  request: FetchRequest,
  download: Download,
  signal: AbortSignal | undefined,
): Promise<{ incoming: Incoming; url: URL }> {
  let { url } = request;
  let headers = { "user-agent": "slipway", ...request.headers, ...download.resume() };
  for (let hops = 0; ; hops++) {
    const incoming = await exchange({ ...request, url, headers }, signal);
    const { location } = incoming.headers;
    if (!redirects.has(incoming.status) || location === undefined || isUpload(request)) return { incoming, url };
    incoming.message.resume();
    const next = nextUrl(location, url);
    if (hops >= mostRedirects) {
      throw new SlipwayError("CHART_UNREACHABLE", `Cannot fetch ${shownUrl(request.url)}: it redirects too often`);
    }
    // Credentials are for the host that they were given for.
    if (next.origin !== url.origin) {
      const { authorization: _, ...others } = headers as Record<string, string>;
      headers = others as typeof headers;
    }
    url = next;
  }
}

function isUpload({ method }: FetchRequest): boolean {
  return method !== undefined && method !== "GET" && method !== "HEAD";
}

function nextUrl(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (next?.protocol === "http:" || next?.protocol === "https:") return next;
  throw new SlipwayError("CHART_UNREACHABLE", `${shownUrl(from)} redirects to what is no web address`);
}

// A host with several addresses fails with one error per address, under an empty message.
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
