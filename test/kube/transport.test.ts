import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { createTransport, type Transport, type TransportOptions } from "../../src/kube/transport.ts";
import { fakeClock } from "../base/fake-clock.ts";
import {
  type Answer,
  breakOff,
  connectionTo,
  reset,
  stall,
  startApiServer,
  status,
  type TestServer,
} from "./api-server.ts";

let server: TestServer;
const transports: Transport[] = [];
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(async () => {
  for (const transport of transports.splice(0)) transport.close();
  await server.close();
});

function transportTo(options: TransportOptions = {}, connection = server.connection()) {
  const clock = fakeClock();
  const transport = createTransport(connection, { clock, ...options });
  transports.push(transport);
  return { clock, transport };
}

const read = { method: "GET", path: "/x", subject: { verb: "get", resource: "things" }, repeatable: true } as const;
const write = {
  method: "POST",
  path: "/x",
  subject: { verb: "create", resource: "things" },
  body: { a: 1 },
  repeatable: false,
} as const;
const fine: Answer = () => ({ fine: true });

describe("what passes by itself is tried again", () => {
  test.each<[string, Answer, typeof read | typeof write]>([
    ["503", status(503, "not yet"), read],
    ["500", status(500, "etcd has no leader"), read],
    ["a reset connection", reset, read],
    ["an answer that breaks off", breakOff, read],
    ["429, also for what must not be done twice", status(429, "too many"), write],
  ])("%s", async (_name, fault, request) => {
    server.on(`${request.method} /x`, fault, fault, fine);
    const { transport, clock } = transportTo();
    expect(await transport.json(request)).toEqual({ fine: true });
    expect(server.received).toHaveLength(3);
    expect(clock.waits).toHaveLength(2);
  });

  test("an answer that does not come in time", async () => {
    server.on("GET /x", stall, fine);
    const { transport } = transportTo({ requestTimeoutMs: 50 });
    expect(await transport.json(read)).toEqual({ fine: true });
  });

  test("waits longer each time, with jitter, and gives up", async () => {
    server.on("GET /x", status(500, "broken"));
    const { transport, clock } = transportTo();
    await expect(transport.json(read)).rejects.toMatchObject({
      code: "KUBE_REQUEST_FAILED",
      message: "Cannot get things: broken",
      hint: "The API server is overloaded or unwell. Try again later.",
    });
    expect(clock.waits.length).toBeGreaterThanOrEqual(3);
    expect(clock.now()).toBeLessThanOrEqual(5_000);
    clock.waits.forEach((wait, index) => {
      const ceiling = 200 * 2 ** index;
      expect(wait).toBeGreaterThanOrEqual(Math.min(ceiling, 5_000) / 2);
      expect(wait).toBeLessThanOrEqual(ceiling);
    });
  });

  test("waits as long as the server asks", async () => {
    server.on("GET /x", status(503, "starting", { headers: { "retry-after": "7" } }), fine);
    const { transport, clock } = transportTo();
    await transport.json(read);
    expect(clock.waits).toEqual([7_000]);
  });

  test("does not wait for a server that asks too much", async () => {
    server.on("GET /x", status(429, "later", { headers: { "retry-after": "3600" } }));
    const { transport, clock } = transportTo();
    await expect(transport.json(read)).rejects.toMatchObject({ code: "KUBE_REQUEST_FAILED" });
    expect(clock.waits).toEqual([]);
  });

  test("a server that has answered before is waited for longer", async () => {
    server.on("GET /x", fine, reset);
    const { transport, clock } = transportTo();
    await transport.json(read);
    await expect(transport.json(read)).rejects.toMatchObject({ code: "KUBE_UNREACHABLE" });
    expect(clock.now()).toBeGreaterThan(30_000);
  });
});

describe("what might be done twice is not tried again", () => {
  test.each<[string, Answer, string]>([
    ["503", status(503, "not yet"), "KUBE_REQUEST_FAILED"],
    ["a reset connection", reset, "KUBE_UNREACHABLE"],
    ["an answer that breaks off", breakOff, "KUBE_UNREACHABLE"],
  ])("%s", async (_name, fault, code) => {
    server.on("POST /x", fault, fine);
    const { transport } = transportTo();
    await expect(transport.json(write)).rejects.toMatchObject({ code });
    expect(server.received).toHaveLength(1);
  });
});

describe("refusals", () => {
  test.each([
    [400, "KUBE_INVALID"],
    [401, "KUBE_UNAUTHORIZED"],
    [403, "KUBE_FORBIDDEN"],
    [404, "KUBE_NOT_FOUND"],
    [409, "KUBE_CONFLICT"],
    [410, "KUBE_GONE"],
    [413, "KUBE_REQUEST_FAILED"],
    [422, "KUBE_INVALID"],
    [501, "KUBE_REQUEST_FAILED"],
  ])("%i is %s", async (httpStatus, code) => {
    server.on("GET /x", status(httpStatus, "because"));
    const { transport } = transportTo();
    const subject = { verb: "get", resource: "deployments.apps", kind: "Deployment", namespace: "shop", name: "web" };
    await expect(transport.json({ ...read, subject })).rejects.toMatchObject({
      code,
      message: 'Cannot get deployments.apps "web" in namespace "shop": because',
      where: "Deployment shop/web",
    });
    expect(server.received).toHaveLength(1);
  });

  test("403 says which verb on what", async () => {
    server.on("POST /x", status(403, "no"));
    const { transport } = transportTo();
    await expect(transport.json({ ...write, subject: { ...write.subject, namespace: "shop" } })).rejects.toMatchObject({
      hint: 'Grant the user the verb "create" on "things" with a Role in namespace "shop".',
    });
  });

  test("422 lists every field", async () => {
    const causes = [
      { field: "spec.replicas", message: "must be positive" },
      { field: "spec.selector", message: "is immutable" },
    ];
    server.on("GET /x", status(422, "invalid", { details: { causes } }));
    const { transport } = transportTo();
    await expect(transport.json(read)).rejects.toMatchObject({
      detail: "spec.replicas: must be positive\nspec.selector: is immutable",
    });
  });

  test("a page of a proxy is told in its words", async () => {
    server.on("GET /x", (_received, response) => {
      response.writeHead(403, { "content-type": "text/html" });
      response.end("<html><style>p{}</style><h1>Access   denied</h1></html>");
    });
    const { transport } = transportTo();
    await expect(transport.json(read)).rejects.toMatchObject({ message: "Cannot get things: Access denied" });
  });

  test("401 renews the credentials once, for all that were refused", async () => {
    const asked: boolean[] = [];
    const connection = server.connection({
      async authenticate(renew) {
        asked.push(renew);
        return { headers: { authorization: renew ? "Bearer new" : "Bearer old" }, renewable: true };
      },
    });
    const byToken: Answer = (received, response) =>
      received.headers.authorization === "Bearer new" ? { fine: true } : status(401, "expired")(received, response);
    server.on("GET /x", byToken);
    const { transport } = transportTo({}, connection);
    expect(await Promise.all([transport.json(read), transport.json(read)])).toEqual([{ fine: true }, { fine: true }]);
    expect(asked).toEqual([false, true]);
  });

  test("credentials that are about to end are renewed before the next request, once", async () => {
    const given: string[] = [];
    const connection = server.connection({
      async authenticate(renew) {
        expect(renew).toBe(false);
        given.push(`token-${given.length + 1}`);
        return { headers: { authorization: given.at(-1) ?? "" }, renewable: true, renewAt: given.length * 60_000 };
      },
    });
    server.on("GET /x", fine);
    const { transport, clock } = transportTo({}, connection);
    await transport.json(read);
    await clock.delay(59_000);
    await transport.json(read);
    await clock.delay(1_000);
    await Promise.all([transport.json(read), transport.json(read)]);
    const sent = server.received.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["token-1", "token-1", "token-2", "token-2"]);
  });

  test("credentials that are old when they are made are used until they are refused", async () => {
    let asked = 0;
    const connection = server.connection({
      authenticate: async () => ({ headers: { authorization: `token-${++asked}` }, renewable: true, renewAt: -1 }),
    });
    server.on("GET /x", fine);
    const { transport } = transportTo({}, connection);
    for (let count = 0; count < 3; count++) await transport.json(read);
    expect(asked).toBe(1);
  });

  test("401 with credentials that can't be renewed is final", async () => {
    server.on("GET /x", status(401, "Unauthorized"));
    const { transport } = transportTo();
    await expect(transport.json(read)).rejects.toMatchObject({ code: "KUBE_UNAUTHORIZED" });
    expect(server.received).toHaveLength(1);
  });
});

describe("answers", () => {
  test("packed ones are unpacked", async () => {
    server.on("GET /x", (received, response) => {
      expect(received.headers["accept-encoding"]).toBe("gzip");
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"fine":true}'));
    });
    expect(await transportTo().transport.json(read)).toEqual({ fine: true });
  });

  test("a packed one that breaks off is tried again", async () => {
    server.on(
      "GET /x",
      (_received, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "content-length": "5000" });
        response.write(gzipSync('{"fine":true}').subarray(0, 12), () => response.socket?.destroy());
      },
      fine,
    );
    expect(await transportTo().transport.json(read)).toEqual({ fine: true });
  });

  test("what is not JSON is told", async () => {
    server.on("GET /x", (_received, response) => void response.end("<html>Welcome</html>"));
    await expect(transportTo().transport.json(read)).rejects.toMatchObject({
      code: "KUBE_REQUEST_FAILED",
      hint: "Check that the address is a Kubernetes API server's.",
    });
  });

  test.each([
    ["plain", (text: string) => text, {}],
    ["packed", (text: string) => gzipSync(text), { "content-encoding": "gzip" }],
  ])("too large ones are refused: %s", async (_name, pack, headers) => {
    server.on(
      "GET /x",
      (_received, response) => void response.writeHead(200, headers).end(pack(`"${"x".repeat(5_000)}"`)),
    );
    await expect(transportTo({ bodyLimitBytes: 1_000 }).transport.json(read)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
  });
});

describe("the connection", () => {
  test("nobody listens", async () => {
    const { transport, clock } = transportTo({}, connectionTo(new URL(`http://127.0.0.1:${await freePort()}`)));
    await expect(transport.json(write)).rejects.toMatchObject({
      code: "KUBE_UNREACHABLE",
      message: expect.stringMatching(/^Cannot reach the API server at http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/),
      hint: "Nothing listens there. Check the address and the port, and that the cluster runs.",
    });
    expect(clock.now()).toBeLessThanOrEqual(1_500);
  });

  test("many requests share few connections", async () => {
    const ports = new Set<number | undefined>();
    server.on("GET /x", (_received, response) => {
      ports.add(response.socket?.remotePort);
      return { fine: true };
    });
    const { transport } = transportTo();
    await Promise.all(Array.from({ length: 100 }, () => transport.json(read)));
    expect(server.received).toHaveLength(100);
    expect(ports.size).toBeLessThanOrEqual(12);
  });

  test("a server below a path", async () => {
    server.on("GET /clusters/one/x", fine);
    const { transport } = transportTo({}, server.connection({ server: new URL("/clusters/one/", server.url) }));
    expect(await transport.json(read)).toEqual({ fine: true });
    expect(transport.server).toBe(`${server.url.origin}/clusters/one`);
  });

  test("an abort ends a request that waits for its answer", async () => {
    const abort = new AbortController();
    server.on("GET /x", () => void abort.abort());
    await expect(transportTo().transport.json({ ...read, signal: abort.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  test("an abort ends a request that waits to be tried again", async () => {
    const abort = new AbortController();
    server.on("GET /x", status(503, "starting", { headers: { "retry-after": "30" } }));
    const clock: Clock = {
      now: () => 0,
      delay(ms, signal) {
        const waiting = systemClock.delay(ms, signal);
        abort.abort();
        return waiting;
      },
    };
    const { transport } = transportTo({ clock });
    await expect(transport.json({ ...read, signal: abort.signal })).rejects.toMatchObject({ code: "CANCELLED" });
    expect(server.received).toHaveLength(1);
  });

  test("each request is counted", async () => {
    const seen: string[] = [];
    server.on("GET /x", reset, fine);
    const { transport } = transportTo({ onRequest: ({ method, path }) => seen.push(`${method} ${path}`) });
    await transport.json(read);
    expect(seen).toEqual(["GET /x", "GET /x"]);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
