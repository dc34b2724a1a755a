import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChartSource } from "../../../src/chart/chart-source.ts";
import { resolveChart } from "../../../src/chart/resolve-chart.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { packed } from "../packed.ts";
import { serveRegistry } from "../registry/fake-registry.ts";
import { type Seen, send, serveWeb, type WebServer } from "./web-server.ts";

const start = Date.parse("2030-01-01T00:00:00Z");
const bytes = packed("shop", "1.0.0");
const digest = createHash("sha256").update(bytes).digest("hex");
const index = `apiVersion: v1\nentries:\n  shop:\n  - {apiVersion: v2, name: shop, version: 1.0.0, digest: "${digest}", urls: [shop-1.0.0.tgz]}\n`;

let home: string;
const servers: WebServer[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "slipway-trouble-"));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(home, { recursive: true, force: true });
});

/** What happens to the n-th request for a thing, the first being 1. True where it is answered by that. */
type Trouble = (request: Seen, response: ServerResponse, nth: number) => boolean;
type Place = { server: WebServer; source: Partial<ChartSource> & { reference: string } };

async function repositoryWith(isHit: (path: string) => boolean, trouble: Trouble): Promise<Place> {
  let nth = 0;
  const server = await serveWeb((request, response) => {
    if (isHit(request.path) && trouble(request, response, ++nth)) return;
    send(response, 200, request.path.endsWith(".tgz") ? bytes : index);
  });
  return { server, source: { reference: "shop", repository: server.url } };
}

async function registryWith(isHit: (path: string) => boolean, trouble: Trouble): Promise<Place> {
  let nth = 0;
  const server = await serveRegistry((request, answer, response) => {
    const { path, headers } = request;
    // The first answer of all only says that a token is needed.
    const isTold = headers.authorization !== undefined || path.startsWith("/token");
    if (isTold && isHit(path) && trouble(request, response, ++nth)) return true;
    if (path.startsWith("/token")) answer(200, {}, '{"token":"good"}');
    else if (headers.authorization === "Bearer good") return false;
    else answer(401, { "www-authenticate": `Bearer realm="http://${headers.host}/token"` });
    return true;
  });
  server.put("charts/shop", "1.0.0", bytes);
  return { server, source: { reference: `oci://${server.host}/charts/shop`, access: { plainHttp: true } } };
}

type Open = (trouble: Trouble) => Promise<Place>;
const repository =
  (isHit: (path: string) => boolean): Open =>
  (trouble) =>
    repositoryWith(isHit, trouble);
const registry =
  (isHit: (path: string) => boolean): Open =>
  (trouble) =>
    registryWith(isHit, trouble);

const things: [string, Open][] = [
  ["an index", repository((path) => path.endsWith("index.yaml"))],
  ["an archive", repository((path) => path.endsWith(".tgz"))],
  ["a list of tags", registry((path) => path.includes("/tags/"))],
  ["a manifest", registry((path) => path.includes("/manifests/"))],
  ["a blob", registry((path) => path.includes("/blobs/"))],
  ["a token", registry((path) => path.startsWith("/token"))],
];

async function fetchFrom(open: Open, trouble: Trouble) {
  const place = await open(trouble);
  servers.push(place.server);
  const clock = fakeClock(start);
  const chart = await resolveChart({ env: { HOME: home }, ...place.source }, { clock });
  return { name: chart.metadata.name, waits: clock.waits, seen: place.server.seen };
}

/** Sends half of what the server is about to send, and cuts the connection. */
function cut(response: ServerResponse, headers: OutgoingHttpHeaders = {}): void {
  response.end = ((body: string | Uint8Array) => {
    const sent = Buffer.from(body).subarray(0, Math.floor(body.length / 2));
    response.write(sent, () => response.destroy());
    return response;
  }) as ServerResponse["end"];
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value ?? "");
}

describe.each(things)("%s", (name, open) => {
  test.each<[string, number, OutgoingHttpHeaders, number]>([
    ["429 with seconds", 429, { "retry-after": "7" }, 7_000],
    ["503 with a date", 503, { "retry-after": "Tue, 01 Jan 2030 00:00:09 GMT" }, 9_000],
    ["503 alone", 503, {}, 250],
  ])("comes after %s", async (_name, status, headers, wait) => {
    const got = await fetchFrom(open, (_request, response, nth) => {
      if (nth === 1) send(response, status, "", headers);
      return nth === 1;
    });
    expect(got).toMatchObject({ name: "shop", waits: [wait] });
  });

  test("comes whole after a connection that was cut in the middle, twice", async () => {
    const got = await fetchFrom(open, (_request, response, nth) => {
      if (nth <= 2) cut(response);
      return false;
    });
    expect(got).toMatchObject({ name: "shop", waits: [250, 500] });
  });

  test("goes on where it was cut, where the server can do that", async () => {
    const got = await fetchFrom(open, ({ headers }, response, nth) => {
      if (nth === 1) cut(response, { etag: '"same"' });
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
      if (from > 0) goOn(response, from);
      return false;
    });
    expect(got).toMatchObject({ name: "shop", waits: [250] });
    expect(got.seen.filter(({ headers }) => headers.range !== undefined)).toHaveLength(1);
  });

  test("is given up in the end, with a reason", async () => {
    const failing = fetchFrom(open, (_request, response) => {
      response.destroy();
      return true;
    });
    await expect(failing).rejects.toMatchObject({
      code: "CHART_UNREACHABLE",
      message: expect.stringMatching(/^Cannot reach http:\/\/127.0.0.1:\d+\/.*: socket hang up$/),
    });
  });

  // Of an index, a list and a token there is nothing to compare with.
  if (!["an index", "a list of tags", "a token"].includes(name)) {
    test("is refused where it is not what was promised", async () => {
      const failing = fetchFrom(open, (_request, response) => {
        const end = response.end.bind(response);
        response.end = ((body: Uint8Array) => end(Buffer.concat([Buffer.from(body), Buffer.from(" ")]))) as typeof end;
        return false;
      });
      await expect(failing).rejects.toMatchObject({ code: "CHART_DIGEST" });
    });
  }
});

/** Answers with the rest alone. */
function goOn(response: ServerResponse, from: number): void {
  const writeHead = response.writeHead.bind(response);
  const end = response.end.bind(response);
  response.writeHead = (() => response) as ServerResponse["writeHead"];
  response.end = ((body: string | Uint8Array) => {
    const whole = Buffer.from(body);
    writeHead(206, { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}`, etag: '"same"' });
    return end(whole.subarray(from));
  }) as ServerResponse["end"];
}
