import { setMaxListeners } from "node:events";
import { type Clock, cancelled, systemClock, throwIfAborted } from "../base/clock.ts";
import { createLimiter, type Limiter } from "../base/concurrency.ts";
import { SlipwayError } from "../base/error.ts";
import type { Connection, Credentials } from "./connection.ts";
import { actionOf, failureOf, isLasting, type Subject, unreachable } from "./failure.ts";
import { createRetries, type Retries, retryAfterMs } from "./retry.ts";
import { chunksOf, readText } from "./wire/body.ts";
import { openWire } from "./wire/open.ts";
import { ConnectionError, type Wire, type WireResponse } from "./wire/wire.ts";

export type ApiRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server, with its query. */
  path: string;
  subject: Subject;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
  /** Whether doing it twice does no more than doing it once. */
  repeatable: boolean;
};

export type TransportOptions = {
  clock?: Clock;
  /** For one answer: how long it may take, and how large it may be. */
  requestTimeoutMs?: number;
  connectTimeoutMs?: number;
  bodyLimitBytes?: number;
  /** Called for each request that goes out, also when it is repeated. */
  onRequest?: (request: { method: string; path: string }) => void;
};

/** Requests to the API server: authenticated, limited, repeated where that is safe, with errors translated. */
export type Transport = {
  readonly server: string;
  /** The answer's body as text. */
  text(request: ApiRequest): Promise<string>;
  /** The answer's body, decoded. */
  json(request: ApiRequest): Promise<unknown>;
  /** The answer's chunks as they come, not limited in time; only its beginning is retried. */
  stream(request: ApiRequest & { signal: AbortSignal }): Promise<AsyncGenerator<Buffer>>;
  close(): void;
};

type State = Required<Omit<TransportOptions, "onRequest">> & {
  connection: Connection;
  onRequest: (request: { method: string; path: string }) => void;
  open: Promise<Open> | undefined;
  /** All that were opened: old ones may still carry a watch. */
  wires: Wire[];
  /** Whether the server has ever answered: if so, a broken connection is worth more patience. */
  reached: boolean;
};
type Open = { wire: Wire; credentials: Credentials; limit: Limiter };

// A deploy outlives a restart of the API server, but a wrong address is told at once.
const patienceMs = 60_000;
const firstPatienceMs = 1_500;
const mebibyte = 1024 * 1024;

export function createTransport(connection: Connection, options: TransportOptions = {}): Transport {
  const state: State = {
    connection,
    clock: options.clock ?? systemClock,
    // The API server ends requests after 60 s by itself.
    requestTimeoutMs: options.requestTimeoutMs ?? 65_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    bodyLimitBytes: options.bodyLimitBytes ?? 256 * mebibyte,
    onRequest: options.onRequest ?? (() => {}),
    open: undefined,
    wires: [],
    reached: false,
  };
  return {
    server: serverText(connection.server),
    text: (request) => text(state, request),
    json: async (request) => decode(await text(state, request), request, serverText(connection.server)),
    stream: (request) => withRetries(state, request, (open) => stream(state, open, request)),
    close: () => hangUp(state),
  };
}

function text(state: State, request: ApiRequest): Promise<string> {
  return withRetries(state, request, (open) =>
    open.limit(() => {
      throwIfAborted(request.signal);
      return withTimeout(state, request, async (signal) => {
        const response = await send(state, open, request, signal);
        const body = await readText(response, state.bodyLimitBytes);
        if (body === undefined) {
          const limit = `${Math.floor(state.bodyLimitBytes / mebibyte)} MiB`;
          throw new SlipwayError("LIMIT_EXCEEDED", `Cannot ${actionOf(request.subject)}: the answer is over ${limit}`);
        }
        if (isSuccess(response.status)) return body;
        throw new Refusal(response, body, open);
      });
    }),
  );
}

async function stream(state: State, open: Open, request: ApiRequest & { signal: AbortSignal }) {
  const response = await send(state, open, request, request.signal);
  if (isSuccess(response.status)) return chunksOf(response);
  throw new Refusal(response, (await readText(response, mebibyte)) ?? "", open);
}

/** An answer other than success, not yet translated. */
class Refusal extends Error {
  readonly response: WireResponse;
  readonly body: string;
  readonly who: string | undefined;
  constructor(response: WireResponse, body: string, { credentials }: Open) {
    super(`status ${response.status}`);
    this.response = response;
    this.body = body;
    this.who = credentials.who;
  }
}

async function withRetries<T>(state: State, request: ApiRequest, once: (open: Open) => Promise<T>): Promise<T> {
  const retries = createRetries(state.clock);
  let renewed = false;
  for (;;) {
    throwIfAborted(request.signal);
    let open: Open | undefined;
    try {
      open = await opened(state);
      return await once(open);
    } catch (error) {
      if (request.signal?.aborted) throw cancelled(request.signal);
      if (error instanceof Refusal && error.response.status === 401 && open?.credentials.renewable && !renewed) {
        renewed = true;
        await renew(state, open, true);
        continue;
      }
      const wait = waitBefore(state, request, error, retries);
      if (wait === undefined) throw translated(state, request, error);
      await state.clock.delay(wait, request.signal);
    }
  }
}

function waitBefore(state: State, request: ApiRequest, error: unknown, retries: Retries): number | undefined {
  if (error instanceof ConnectionError) {
    if (isLasting(error) || (error.sent && !request.repeatable)) return undefined;
    return retries.next({ budgetMs: state.reached ? patienceMs : firstPatienceMs });
  }
  if (!(error instanceof Refusal)) return undefined;
  const { status, headers } = error.response;
  // 429 says that the request was not looked at; of other errors it is not known how far it came.
  const again = status === 429 || (request.repeatable && status >= 500 && status !== 501);
  if (!again) return undefined;
  const asked = retryAfterMs(headers["retry-after"], state.clock.now());
  return retries.next({ retryAfterMs: asked, budgetMs: status === 429 || asked !== undefined ? patienceMs : 5_000 });
}

function translated(state: State, request: ApiRequest, error: unknown): unknown {
  if (error instanceof Refusal) return failureOf(error.response.status, error.body, request.subject, error.who);
  if (error instanceof ConnectionError) return unreachable(serverText(state.connection.server), request.subject, error);
  return error;
}

async function send(state: State, open: Open, request: ApiRequest, signal: AbortSignal): Promise<WireResponse> {
  const base = state.connection.server.pathname.replace(/\/$/, "");
  state.onRequest({ method: request.method, path: request.path });
  const response = await open.wire.send({
    method: request.method,
    path: base + request.path,
    signal,
    headers: {
      accept: request.accept ?? "application/json",
      "accept-encoding": "gzip",
      "user-agent": "slipway",
      ...(request.body !== undefined && { "content-type": request.contentType ?? "application/json" }),
      ...open.credentials.headers,
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  state.reached = true;
  return response;
}

async function withTimeout<T>(state: State, request: ApiRequest, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onAbort = () => abort.abort(request.signal?.reason);
  const timer = setTimeout(() => abort.abort(), state.requestTimeoutMs);
  // Node 20 takes more requests at once than ten for a leak, and says so.
  if (request.signal) setMaxListeners(0, request.signal);
  request.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await run(abort.signal);
  } catch (cause) {
    if (!abort.signal.aborted || request.signal?.aborted) throw cause;
    throw new ConnectionError(`no answer within ${state.requestTimeoutMs / 1000} s`, { sent: true, cause });
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", onAbort);
  }
}

async function opened(state: State): Promise<Open> {
  state.open ??= keeping(state, openWith(state));
  const open = await state.open;
  if (state.clock.now() < (open.credentials.renewAt ?? Number.POSITIVE_INFINITY)) return open;
  return renew(state, open, false);
}

function keeping(state: State, opening: Promise<Open>): Promise<Open> {
  return opening.catch((error) => {
    state.open = undefined;
    throw error;
  });
}

async function openWith(state: State, last?: Open, isRefused = false): Promise<Open> {
  const credentials = whileGood(await state.connection.authenticate(isRefused), state.clock.now());
  // A new token travels over the old connections; a new certificate needs new ones.
  if (last && credentials.clientCertificate?.cert === last.credentials.clientCertificate?.cert) {
    return { ...last, credentials };
  }
  const wire = await openWire(state.connection, credentials, state.connectTimeoutMs);
  state.wires.push(wire);
  return { wire, credentials, limit: createLimiter(wire.places) };
}

// What is old the moment it is made comes from a clock that goes wrong: only the server can tell when it ends.
function whileGood({ renewAt, ...credentials }: Credentials, now: number): Credentials {
  return renewAt === undefined || renewAt <= now ? credentials : { ...credentials, renewAt };
}

// Many requests may find their credentials old, or refused, at once; only the first of them renews.
async function renew(state: State, last: Open, isRefused: boolean): Promise<Open> {
  const opening = state.open;
  if ((await opening) === last && state.open === opening) {
    state.open = keeping(state, openWith(state, last, isRefused));
  }
  return state.open ?? opened(state);
}

function hangUp(state: State): void {
  const opening = state.open;
  state.open = undefined;
  for (const wire of state.wires.splice(0)) wire.close();
  // One that is only being opened is closed when it is there.
  opening?.then(({ wire }) => wire.close()).catch(() => {});
}

function decode(body: string, request: ApiRequest, server: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new SlipwayError(
      "KUBE_REQUEST_FAILED",
      `Cannot ${actionOf(request.subject)}: the answer of ${server} is not JSON`,
      {
        hint: "Check that the address is a Kubernetes API server's.",
        cause,
      },
    );
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function serverText(server: URL): string {
  return server.href.replace(/\/$/, "");
}
