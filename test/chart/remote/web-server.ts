import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export type Seen = { method: string; path: string; headers: IncomingMessage["headers"]; body: string };

export type WebServer = {
  url: string;
  /** Everything that was asked, oldest first. */
  seen: Seen[];
  close(): Promise<void>;
};

export type Reply = (request: Seen, response: ServerResponse) => void;

/** A server on a free port of loopback that answers as the test says. */
export async function serveWeb(reply: Reply, tls?: Parameters<typeof createTlsServer>[0]): Promise<WebServer> {
  const seen: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url: path = "", headers } = request;
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
    seen.push(asked);
    reply(asked, response);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function send(response: ServerResponse, status: number, body: string | Uint8Array = "", headers = {}): void {
  response.writeHead(status, headers);
  response.end(body);
}
