import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type Reply, type Seen, send, serveWeb, type WebServer } from "../remote/web-server.ts";

export type FakeRegistry = WebServer & {
  host: string;
  /** Puts a chart there, as Helm's push would. */
  put(name: string, version: string, bytes: Buffer, options?: PutOptions): string;
  blobs: Map<string, Buffer>;
  manifests: Map<string, Buffer>;
};

type PutOptions = {
  mediaType?: string;
  layers?: { mediaType: string; bytes: Buffer; annotations?: object }[];
  tag?: string;
};

/** True where it has answered; else the registry does, through the response as the guard left it. */
export type Guard = (
  request: Seen,
  answer: (status: number, headers: object, body?: string) => void,
  response: ServerResponse,
) => boolean;

const digestOf = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const pageSize = 2;

/** The reading half of the distribution API, with a guard that may answer in its place. */
export async function serveRegistry(
  guard: Guard = () => false,
  tls?: Parameters<typeof serveWeb>[1],
): Promise<FakeRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const reply: Reply = (request, response) => {
    const { path, method } = request;
    if (guard(request, (status, headers, body = "") => send(response, status, body, headers), response)) return;
    const url = new URL(path, "http://registry");
    const [, name = "", kind = "", key = ""] = /^\/v2\/(.+)\/(blobs|manifests|tags)\/(.+)$/.exec(url.pathname) ?? [];
    if (kind === "tags") return sendTags(name, url.searchParams.get("last") ?? "");
    const bytes = kind === "blobs" ? blobs.get(key) : manifests.get(`${name}:${key}`);
    if (bytes === undefined) return send(response, path === "/v2/" ? 200 : 404);
    send(response, 200, method === "HEAD" ? "" : bytes, { "docker-content-digest": digestOf(bytes) });

    function sendTags(repository: string, last: string): void {
      const all = [...manifests.keys()].filter((at) => at.startsWith(`${repository}:`) && !at.includes("sha256:"));
      const rest = all.map((at) => at.slice(repository.length + 1)).filter((tag) => last === "" || tag > last);
      const tags = rest.sort().slice(0, pageSize);
      const next = `</v2/${repository}/tags/list?last=${tags.at(-1)}&n=${pageSize}>; rel="next"`;
      send(response, 200, JSON.stringify({ name: repository, tags }), rest.length > pageSize ? { link: next } : {});
    }
  };
  const server = await serveWeb(reply, tls);
  return {
    ...server,
    host: new URL(server.url).host,
    blobs,
    manifests,
    put(name, version, bytes, { mediaType = "application/vnd.cncf.helm.config.v1+json", layers = [], tag } = {}) {
      const chart = { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", bytes };
      const config = Buffer.from("{}");
      const all = [...(layers.length > 0 && tag ? [] : [chart]), ...layers];
      for (const blob of [config, ...all.map((layer) => layer.bytes)]) blobs.set(digestOf(blob), blob);
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          config: { mediaType, digest: digestOf(config), size: config.length },
          layers: all.map(({ bytes: content, ...rest }) => ({
            ...rest,
            digest: digestOf(content),
            size: content.length,
          })),
        }),
      );
      const digest = digestOf(manifest);
      manifests.set(`${name}:${tag ?? version.replaceAll("+", "_")}`, manifest);
      manifests.set(`${name}:${digest}`, manifest);
      return digest;
    },
  };
}
