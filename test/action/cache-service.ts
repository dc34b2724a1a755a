import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The cache of GitHub Actions, as far as its toolkit asks it: entries by key, the newest last. */
export type CacheService = {
  entries: { key: string; version: string; bytes: Buffer }[];
  /** What a runner puts into a job. */
  env: Record<string, string>;
  /** Every call, oldest first. */
  calls: string[];
  /** Answers every call with this status, once it is set. */
  fails: number | undefined;
  close(): Promise<void>;
};

const api = "/twirp/github.actions.results.api.v1.CacheService/";

export async function serveCache(): Promise<CacheService> {
  const entries: CacheService["entries"] = [];
  const begun = new Map<string, { key: string; version: string }>();
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: path = "" } = request;
    const bytes = await bodyOf(request);
    calls.push(`${method} ${path}`);
    if (service.fails !== undefined) return send(response, service.fails, '{"msg": "unwell"}');
    const [, blob] = /^\/blob\/([^?]+)/.exec(path) ?? [];
    if (blob !== undefined && method === "PUT") {
      const entry = begun.get(blob);
      if (entry) entries.push({ ...entry, bytes });
      return send(response, 201);
    }
    if (blob !== undefined) return send(response, 200, entries[Number(blob)]?.bytes ?? "");
    return send(response, 200, JSON.stringify(answer(path.slice(api.length), JSON.parse(bytes.toString()))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  type Asked = { key: string; version: string; restore_keys?: string[] };

  function answer(call: string, { key, version, restore_keys: prefixes = [] }: Asked): object {
    switch (call) {
      case "GetCacheEntryDownloadURL": {
        const fits = (entry: { key: string; version: string }) =>
          entry.version === version && [key, ...prefixes].some((prefix) => entry.key.startsWith(prefix));
        const index = entries.findLastIndex(fits);
        const found = entries[index];
        if (found === undefined) return { ok: false };
        return { ok: true, signed_download_url: `${url}/blob/${index}`, matched_key: found.key };
      }
      case "CreateCacheEntry": {
        if (entries.some((entry) => entry.key === key && entry.version === version)) return { ok: false };
        const id = `new-${begun.size}`;
        begun.set(id, { key, version });
        return { ok: true, signed_upload_url: `${url}/blob/${id}?sig=x` };
      }
      default:
        return { ok: true, entry_id: "1" };
    }
  }

  const service: CacheService = {
    entries,
    calls,
    env: {
      ACTIONS_RUNTIME_TOKEN: "runtime-token",
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_CACHE_SERVICE_V2: "true",
    },
    fails: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: string | Buffer = ""): void {
  const headers = { etag: '"1"', "last-modified": new Date().toUTCString(), "content-type": "application/json" };
  response.writeHead(status, headers).end(body);
}
