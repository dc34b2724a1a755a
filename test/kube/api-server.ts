import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../src/kube/connection.ts";

export type Received = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: unknown;
};
/** Answers one request; what it returns is sent as JSON. */
export type Answer = (received: Received, response: ServerResponse) => unknown;

export type TestServer = {
  url: URL;
  received: Received[];
  /** Answers to requests of `METHOD /path`, in turn; the last stays. */
  on(route: string, ...answers: Answer[]): void;
  connection(overrides?: Partial<Connection>): Connection;
  close(): Promise<void>;
};

const resource = (plural: string, kind: string, scope = "Namespaced") => ({
  resource: plural,
  responseKind: { group: "", version: "v1", kind },
  scope,
  verbs: ["get", "list"],
});

/** Discovery of a server with a few kinds. */
export const coreDiscovery = {
  kind: "APIGroupDiscoveryList",
  items: [
    {
      versions: [
        {
          version: "v1",
          resources: [
            resource("configmaps", "ConfigMap"),
            resource("pods", "Pod"),
            resource("namespaces", "Namespace", "Cluster"),
          ],
        },
      ],
    },
  ],
};

/** A real HTTP server on a free port that says what a test tells it to. */
export async function startApiServer(): Promise<TestServer> {
  const received: Received[] = [];
  const routes = new Map<string, Answer[]>([
    ["GET /api", [() => coreDiscovery]],
    ["GET /apis", [() => ({ kind: "APIGroupDiscoveryList", items: [] })]],
  ]);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const text = await textOf(request);
    const { method = "", headers } = request;
    const body = text === "" ? undefined : JSON.parse(text);
    const one = { method, path: url.pathname, query: url.searchParams, headers, body };
    received.push(one);
    answer(one, response, routes.get(`${method} ${url.pathname}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    url,
    received,
    on: (route, ...answers) => void routes.set(route, answers),
    connection: (overrides) => ({ ...connectionTo(url), ...overrides }),
    close: () => stop(server),
  };
}

export function connectionTo(server: URL): Connection {
  const authenticate = async () => ({ headers: { authorization: "Bearer secret-token" }, renewable: false });
  return { server, namespace: "default", tls: { insecure: false }, authenticate };
}

function answer(received: Received, response: ServerResponse, answers: Answer[] | undefined): void {
  const [first, ...rest] = answers ?? [status(404, "no such path")];
  if (rest.length > 0) answers?.shift();
  const body = first?.(received, response);
  if (body !== undefined) response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A Status, as the API server answers what it refuses. */
export function status(
  code: number,
  message: string,
  more: { headers?: Record<string, string>; details?: unknown } = {},
): Answer {
  return (_received, response) => {
    response.writeHead(code, { "content-type": "application/json", ...more.headers });
    response.end(JSON.stringify({ kind: "Status", status: "Failure", code, message, details: more.details }));
  };
}

/** Closes the connection without an answer. */
export const reset: Answer = (_received, response) => {
  response.socket?.destroy();
};

/** Begins an answer, and closes the connection in the middle of it. */
export const breakOff: Answer = (_received, response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"kind":', () => response.socket?.destroy());
};

/** Never answers. */
export const stall: Answer = () => undefined;

export function configMap(name: string, resourceVersion = "1") {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop", resourceVersion } };
}
