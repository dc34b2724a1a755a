import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ApiError } from "../api/status.ts";
import { type Answer, send, warningHeaders } from "./answer.ts";
import type { HttpRequest } from "./request.ts";

/** What a test lets happen instead of an answer: an answer of its own, a broken connection, or silence. */
type Misbehaviour = { status: number; body?: unknown; headers?: Record<string, string> } | "reset" | "stall";
/** Or with it: it comes late, or what is asked for is done and the connection breaks before the answer. */
export type Fault = Misbehaviour | { delayMs: number } | "lost";
export type Intercept = (request: { method: string; path: string; index: number }) => Fault | undefined;

export type ServerOptions = {
  token: string;
  intercept?: Intercept;
  /** Told of each request, before it is looked at. */
  onRequest(request: { method: string; path: string }): void;
  answer(request: HttpRequest): Answer;
};

const bodyLimitBytes = 8 * 1024 * 1024;

export function createApiServer(options: ServerOptions): Server {
  let index = 0;
  const server = createServer((request, response) => {
    const path = withoutPrefix(request.url ?? "/", options.token);
    const method = request.method ?? "GET";
    options.onRequest({ method, path });
    const fault = options.intercept?.({ method, path, index: index++ });
    const isAnswered = fault === undefined || fault === "lost" || (typeof fault === "object" && "delayMs" in fault);
    if (!isAnswered) {
      misbehave(request, response, fault);
      return;
    }
    readBody(request, response, (body) => {
      const answer = () => send(response, answerTo(request, { path, body }, options));
      if (fault === undefined) answer();
      else if (fault !== "lost") setTimeout(answer, fault.delayMs);
      else {
        answerTo(request, { path, body }, options);
        request.socket.resetAndDestroy();
      }
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

function misbehave(request: IncomingMessage, response: ServerResponse, fault: Misbehaviour): void {
  request.resume();
  if (fault === "stall") return;
  if (fault === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  const text = typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? {});
  response.writeHead(fault.status, { "Content-Type": "application/json", ...fault.headers }).end(text);
}

function readBody(request: IncomingMessage, response: ServerResponse, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bodyLimitBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    if (size <= bodyLimitBytes) then(Buffer.concat(chunks));
    else
      send(
        response,
        failure(new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${bodyLimitBytes}`)),
      );
  });
}

type Read = { path: string; body: Buffer };

function answerTo(request: IncomingMessage, { path, body }: Read, options: ServerOptions): Answer {
  try {
    const url = new URL(path, "http://sandbox");
    const prefixed = path !== request.url;
    if (!prefixed && request.headers.authorization !== `Bearer ${options.token}`) {
      throw new ApiError(401, "Unauthorized", "Unauthorized");
    }
    const { pathname, searchParams } = url;
    return options.answer({
      method: request.method ?? "GET",
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body,
    });
  } catch (error) {
    return failure(error);
  }
}

/** A Status for whatever went wrong; what nobody foresaw is the server's own fault. */
function failure(error: unknown): Answer {
  if (error instanceof ApiError)
    return { code: error.status.code ?? 500, json: error.status, headers: warningHeaders(error.warnings) };
  const message = error instanceof Error ? error.message : String(error);
  const status = new ApiError(500, "InternalError", `Internal error occurred: ${message}`).status;
  if (error instanceof Error) process.emitWarning(error);
  return { code: 500, json: status };
}

/**
 * The token as the first step of the path: clients built on Kubernetes' own send no credentials over plain HTTP, so the
 * address in the kubeconfig carries them.
 */
function withoutPrefix(url: string, token: string): string {
  const prefix = `/${token}`;
  if (url !== prefix && !url.startsWith(`${prefix}/`) && !url.startsWith(`${prefix}?`)) return url;
  const rest = url.slice(prefix.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}
