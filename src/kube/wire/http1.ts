import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ConnectionError, type Wire, type WireRequest, type WireResponse } from "./wire.ts";

// Servers and balancers drop idle connections after a minute or more; ours are gone before, so that no request is
// sent into one that is being closed.
const idleMs = 30_000;

/** HTTP/1.1 over connections that are kept and used again. */
export function http1Wire(host: string, dial: () => Promise<Socket>): Wire {
  const agent = new Agent({ keepAlive: true, timeout: idleMs });
  agent.createConnection = (_options, callback): Duplex | null | undefined => {
    dial().then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };

  return {
    places: 12,
    send: (request) => send(agent, host, request),
    close: () => agent.destroy(),
  };
}

function send(agent: Agent, host: string, request: WireRequest): Promise<WireResponse> {
  const { method, path, body, signal } = request;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = httpRequest({ agent, method, path, headers: { ...request.headers, host, ...length }, signal });
    outgoing.once("response", (incoming: IncomingMessage) =>
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: incoming,
        isWhole: () => incoming.complete,
      }),
    );
    outgoing.once("error", (cause) =>
      reject(cause instanceof ConnectionError ? cause : new ConnectionError(cause.message, { sent: true, cause })),
    );
    outgoing.end(body);
  });
}
