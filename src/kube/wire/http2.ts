import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { ConnectionError, type Wire, type WireRequest, type WireResponse } from "./wire.ts";

// The protocol's own 64 KiB would let a long list wait for a round trip every 64 KiB.
const windowBytes = 8 * 1024 * 1024;
// After so long a silence the connection is asked whether it still lives before a request is trusted to it.
const silenceMs = 15_000;
const pongMs = 5_000;

type Session = { http2: ClientHttp2Session; lastHeard: number };

/** HTTP/2: every request and watch shares one connection, which is replaced when it breaks. */
export function http2Wire(server: URL, dial: () => Promise<Socket>): Wire {
  let session: Promise<Session> | undefined;
  let closed = false;

  async function open(): Promise<Session> {
    const socket = await dial();
    const http2 = connect(server.origin, {
      createConnection: () => socket,
      settings: { initialWindowSize: windowBytes },
    });
    const opened: Session = { http2, lastHeard: performance.now() };
    http2.once("connect", () => http2.setLocalWindowSize(windowBytes));
    // Streams carry the error to those who wait; the session's own copy would end the process.
    http2.on("error", () => {});
    const heartbeat = setInterval(() => void isAlive(opened), silenceMs);
    heartbeat.unref();
    const forget = () => {
      session = undefined;
    };
    http2.once("goaway", forget);
    http2.once("close", () => {
      clearInterval(heartbeat);
      forget();
    });
    if (closed) http2.destroy();
    return opened;
  }

  async function current(): Promise<Session> {
    session ??= open().catch((error) => {
      session = undefined;
      throw error;
    });
    const found = await session;
    if (!found.http2.closed && !found.http2.destroyed && (await isAlive(found))) return found;
    session = undefined;
    return current();
  }

  return {
    places: 48,
    send: async (request) => send(await current(), request, server.host),
    close() {
      closed = true;
      session?.then(({ http2 }) => http2.destroy()).catch(() => {});
      session = undefined;
    },
  };
}

/** Asks a silent connection for a sign of life, and ends it, with all that waits on it, when none comes. */
async function isAlive(session: Session): Promise<boolean> {
  const { http2 } = session;
  if (performance.now() - session.lastHeard < silenceMs) return true;
  const answered = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), pongMs);
    const sent = http2.ping((error) => {
      clearTimeout(timer);
      resolve(error === null);
    });
    if (!sent) {
      clearTimeout(timer);
      resolve(false);
    }
  });
  if (answered) session.lastHeard = performance.now();
  else if (!http2.destroyed) http2.destroy(new Error("the connection went silent"));
  return answered;
}

function send(session: Session, request: WireRequest, authority: string): Promise<WireResponse> {
  const { method, path, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    let stream: ClientHttp2Stream;
    try {
      const head = { ":method": method, ":path": path, ":authority": authority, ...headers };
      stream = session.http2.request(head, { endStream: body === undefined });
    } catch (cause) {
      reject(new ConnectionError(messageOf(cause), { sent: false, cause }));
      return;
    }
    const onAbort = () => stream.close(constants.NGHTTP2_CANCEL);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });

    stream.once("response", (answer) => {
      session.lastHeard = performance.now();
      const { ":status": status = 0, ...rest } = answer;
      // A stream that is reset ends like one that is whole.
      const isWhole = () => !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      resolve({ status, headers: rest, body: stream, isWhole });
    });
    stream.on("error", (cause) => reject(new ConnectionError(messageOf(cause), { sent: !isRefused(stream), cause })));
    stream.once("close", () => {
      signal.removeEventListener("abort", onAbort);
      reject(new ConnectionError("the connection was closed", { sent: !isRefused(stream) }));
    });
    if (body !== undefined) stream.end(body);
  });
}

// The server promises that it has not looked at a stream that it refuses.
function isRefused(stream: ClientHttp2Stream): boolean {
  return stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
