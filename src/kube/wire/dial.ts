import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Connection, Credentials } from "../connection.ts";
import { ConnectionError } from "./wire.ts";

export type DialOptions = {
  connection: Connection;
  credentials: Credentials;
  /** Protocols to offer, best first. */
  alpn: string[];
  timeoutMs: number;
};

/** A connected socket, encrypted where the server's address says https. */
export async function dial(options: DialOptions): Promise<Socket | TLSSocket> {
  const { connection, timeoutMs } = options;
  const { server } = connection;
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = portOf(server);

  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), timeoutMs);
  try {
    const tcp = await reach({ host, port }, connection.proxy, timer.signal);
    if (server.protocol === "http:") return tcp;
    return await secured(tcp, host, options, timer.signal);
  } catch (cause) {
    const message = timer.signal.aborted ? `no connection within ${timeoutMs / 1000} s` : messageOf(cause);
    throw new ConnectionError(message, { sent: false, cause });
  } finally {
    clearTimeout(timeout);
  }
}

type Address = { host: string; port: number };

async function reach(address: Address, proxy: URL | undefined, signal: AbortSignal): Promise<Socket> {
  if (proxy === undefined) {
    return connected(connectTcp({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 }), signal);
  }
  // What only few need is loaded only for them, here and for the other protocols.
  const { tunnel } = await import("../../base/tunnel.ts");
  return tunnel(proxy, address, signal);
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "http:" ? 80 : 443);
}

function secured(tcp: Socket, host: string, options: DialOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { tls } = options.connection;
  const client = options.credentials.clientCertificate;
  // An address is not a name that could be asked for.
  const servername = tls.servername ?? (/^[\d.]+$|:/.test(host) ? undefined : host);
  const socket = connectTls({
    socket: tcp,
    host,
    ALPNProtocols: options.alpn,
    rejectUnauthorized: !tls.insecure,
    ...(servername !== undefined && { servername }),
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...client,
  });
  return connected(socket, signal, "secureConnect");
}

function connected<T extends Socket>(socket: T, signal: AbortSignal, event = "connect"): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => socket.destroy(new Error("timed out"));
    const settle = () => {
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", onError);
      socket.removeListener("close", onClose);
    };
    const onError = (error: Error) => {
      settle();
      // Whatever comes after the first error has nobody to hear it.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const onClose = () => onError(new Error("the connection was closed during the handshake"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("close", onClose);
    socket.once(event, () => {
      settle();
      resolve(socket);
    });
  });
}

// A host with several addresses fails with one error per address, under an empty message.
function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return messageOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
