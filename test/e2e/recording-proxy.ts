import { createServer, type IncomingMessage } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";

/** One request to an API server, in the words of RBAC. */
export type Asked = {
  verb: string;
  group: string;
  /** With its subresource: `pods/log`. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  status: number;
};

export type RecordingProxy = { url: string; asked: Asked[]; close(): Promise<void> };

/** Passes requests on to an API server as they are, and notes what was asked and how that ended. */
export async function startRecordingProxy(server: string): Promise<RecordingProxy> {
  const asked: Asked[] = [];
  const target = new URL(server);
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const options = { host: target.hostname, port: target.port, method, path: url, headers, rejectUnauthorized: false };
    const onward = request(options, (answer) => {
      const told = inWordsOfRbac(incoming);
      if (told) asked.push({ ...told, status: answer.statusCode ?? 0 });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      proxy.close(() => resolve());
      proxy.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, close };
}

const verbs: Record<string, string> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** `undefined` for what is no resource: discovery, health. */
function inWordsOfRbac({ method = "", url = "" }: IncomingMessage): Omit<Asked, "status"> | undefined {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const core = /^\/api\/v1\/(.+)$/.exec(pathname);
  const named = /^\/apis\/([^/]+)\/[^/]+\/(.+)$/.exec(pathname);
  const group = core ? "" : (named?.[1] ?? "");
  const rest = core?.[1] ?? named?.[2];
  if (rest === undefined) return undefined;
  const parts = rest.split("/");
  const isNamespaced = parts[0] === "namespaces" && parts.length > 2;
  const namespace = isNamespaced ? parts[1] : undefined;
  const [plural = "", name, sub] = isNamespaced ? parts.slice(2) : parts;
  const reading = name === undefined ? (searchParams.get("watch") ? "watch" : "list") : "get";
  const verb = method === "GET" ? reading : (verbs[method] ?? method);
  return { verb, group, resource: sub ? `${plural}/${sub}` : plural, namespace, name };
}
