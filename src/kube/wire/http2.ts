import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { ConnectionError, type Wire, type WireRequest, type WireResponse } from "./wire.ts";

// The protocol's own 64 KiB would let a long list wait for a round trip every 64 KiB.
const windowBytes = 8 * 1024 * 1024;

/** After so long a silence a connection is asked whether it lives, and after so long without an answer it is dead. */
export type Heartbeat = { silenceMs: number; pongMs: number };
const usualHeartbeat: Heartbeat = { silenceMs: 15_000, pongMs: 5_000 };

type Session = {
  http2: ClientHttp2Session;
  lastHeard: number;
  isUsable: boolean;
  asking: Promise<boolean> | undefined;
};

/** HTTP/2: every request and watch shares one connection, which is replaced when it breaks. */
export function http2Wire(server: URL, dial: () => Promise<Socket>, heartbeat = usualHeartbeat): Wire {
  let current: Promise<Session> | undefined;
  // Also those that take no more requests, but still carry some.
  const open = new Set<ClientHttp2Session>();
  let closed = false;

  async function connectSession(): Promise<Session> {
    const socket = await dial();
    const http2 = connect(server.origin, {
      createConnection: () => socket,
      settings: { initialWindowSize: windowBytes },
    });
    const session: Session = { http2, lastHeard: performance.now(), isUsable: true, asking: undefined };
    open.add(http2);
    http2.once("connect", () => http2.setLocalWindowSize(windowBytes));
    // Streams carry the error to those who wait; the session's own copy would end the process.
    http2.on("error", () => {});
    const timer = setInterval(() => void isAlive(session, heartbeat), heartbeat.silenceMs);
    timer.unref();
    http2.once("goaway", () => {
      session.isUsable = false;
    });
    http2.once("close", () => {
      clearInterval(timer);
      session.isUsable = false;
      open.delete(http2);
    });
    if (closed) http2.destroy();
    return session;
  }

  async function usable(): Promise<Session> {
    if (closed) throw new ConnectionError("the client is closed", { sent: false });
    current ??= connectSession();
    const asked = current;
    try {
      const session = await asked;
      if (session.isUsable && !session.http2.closed && (await isAlive(session, heartbeat))) return session;
    } catch (error) {
      if (current === asked) current = undefined;
      throw error;
    }
    if (current === asked) current = undefined;
    return usable();
  }

  return {
    places: 48,
    send: async (request) => send(await usable(), request, server.host),
    close() {
      closed = true;
      for (const http2 of open) http2.destroy();
    },
  };
}

/** Asks a silent connection for a sign of life, and ends it, with all that waits on it, when none comes. */
async function isAlive(session: Session, { silenceMs, pongMs }: Heartbeat): Promise<boolean> {
  const { http2 } = session;
  if (http2.destroyed) return false;
  if (performance.now() - session.lastHeard < silenceMs) return true;
  session.asking ??= ping(http2, pongMs);
  const answered = await session.asking;
  session.asking = undefined;
  if (answered) session.lastHeard = performance.now();
  else if (!http2.destroyed) http2.destroy(new Error("the connection went silent"));
  return answered;
}

function ping(http2: ClientHttp2Session, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const sent = http2.ping((error) => {
      clearTimeout(timer);
      resolve(error === null);
    });
    if (sent) return;
    clearTimeout(timer);
    resolve(false);
  });
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
