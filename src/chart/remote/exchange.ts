import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from "node:http";
import type { Duplex } from "node:stream";
import { proxyAuthorization, proxyFromEnvironment } from "../../base/proxy.ts";
import type { TlsMaterial } from "./access.ts";

export type HttpRequest = {
  url: URL;
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: Uint8Array;
};

/** An answer whose body is still to be read. */
export type Incoming = { status: number; headers: IncomingHttpHeaders; message: IncomingMessage };

/** One request and its answer: no redirect, no second try. */
export type Exchange = (request: HttpRequest, signal: AbortSignal | undefined) => Promise<Incoming>;

export type ExchangeOptions = {
  tls: TlsMaterial;
  env: Readonly<Record<string, string | undefined>>;
  /** For a silence of so long a connection counts as broken. */
  silenceMs?: number;
};

/** Requests over connections that are kept, through the proxy that the environment names. */
export async function openExchange({ tls, env, silenceMs = 60_000 }: ExchangeOptions): Promise<Exchange> {
  const [http, https] = await Promise.all([import("node:http"), import("node:https")]);
  const agents = new Map<string, Agent>();
  const newAgent = (url: URL, proxy: URL | undefined): Agent => {
    if (url.protocol === "http:") {
      return proxy?.protocol === "https:" ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
    }
    const agent = new https.Agent({ keepAlive: true, ...tls });
    if (proxy !== undefined) throughTunnel(agent, proxy, url, tls);
    return agent;
  };
  const agentFor = (url: URL, proxy: URL | undefined): Agent => {
    const key = `${url.protocol}${proxy ? url.host : ""}`;
    const agent = agents.get(key) ?? newAgent(url, proxy);
    agents.set(key, agent);
    return agent;
  };

  return (request, signal) => {
    const { url, body } = request;
    const proxy = proxyFromEnvironment(url, env as NodeJS.ProcessEnv);
    // Plain HTTP goes to the proxy itself.
    const via = url.protocol === "http:" ? proxy : undefined;
    const { host, ...target } = targetOf(url, via);
    const own = { host, ...(via && proxyAuthorization(via)), ...(body && { "content-length": String(body.length) }) };
    const options: RequestOptions = {
      ...target,
      method: request.method ?? "GET",
      headers: { ...own, ...request.headers },
      agent: agentFor(url, proxy),
      timeout: silenceMs,
      ...(signal !== undefined && { signal }),
    };
    const send = (via ?? url).protocol === "http:" ? http.request : https.request;
    return answerTo(send(options), body, silenceMs);
  };
}

// A proxy is told the whole address in place of the path.
function targetOf(url: URL, proxy: URL | undefined) {
  const hostname = (proxy ?? url).hostname.replace(/^\[(.*)\]$/, "$1");
  const port = (proxy ?? url).port || ((proxy ?? url).protocol === "http:" ? 80 : 443);
  const path = `${url.pathname}${url.search}`;
  return { hostname, port, path: proxy === undefined ? path : `http://${url.host}${path}`, host: url.host };
}

function throughTunnel(agent: Agent, proxy: URL, url: URL, tls: TlsMaterial): void {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const connect = async () => {
    const [{ tunnel }, { connect: connectTls }] = await Promise.all([
      import("../../base/tunnel.ts"),
      import("node:tls"),
    ]);
    const socket = await tunnel(proxy, { host, port: Number(url.port) || 443 }, AbortSignal.timeout(30_000));
    return connectTls({ socket, ...(/^[\d.]+$|:/.test(host) ? { host } : { servername: host }), ...tls });
  };
  agent.createConnection = (_options, callback): Duplex | null | undefined => {
    connect().then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };
}

function answerTo(outgoing: ClientRequest, body: Uint8Array | undefined, silenceMs: number): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer within ${silenceMs / 1000} s`)));
    outgoing.once("response", (message) =>
      resolve({ status: message.statusCode ?? 0, headers: message.headers, message }),
    );
    // Also what fails after the answer began has to be heard; the body tells of it.
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
