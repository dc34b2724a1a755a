import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** Says what becomes of an answer's text; `undefined` leaves it, and lets it through as it comes. */
export type Rewrite = (path: string) => ((text: string) => string) | undefined;

export type RewritingProxy = { url: string; close(): Promise<void> };

/** Stands before an API server, on loopback, and puts other words into its answers. */
export async function startRewritingProxy(target: string, rewrite: Rewrite): Promise<RewritingProxy> {
  const server = createServer((request, response) => pass(request, response, { target, rewrite }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { target, rewrite }: { target: string; rewrite: Rewrite },
): void {
  const path = request.url ?? "/";
  const change = rewrite(path);
  const onward = send(new URL(path, target), { method: request.method, headers: request.headers }, (answer) => {
    const { statusCode = 502, headers } = answer;
    if (change === undefined) {
      response.writeHead(statusCode, headers);
      response.flushHeaders();
      answer.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => {
      const { "content-length": _, "transfer-encoding": __, ...kept } = headers;
      response.writeHead(statusCode, kept).end(change(Buffer.concat(chunks).toString("utf8")));
    });
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
