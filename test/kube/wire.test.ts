import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import {
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Server } from "node:net";
import { connect as connectTls } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { proxyFromEnvironment } from "../../src/base/proxy.ts";
import type { Connection } from "../../src/kube/connection.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { readText } from "../../src/kube/wire/body.ts";
import { http2Wire } from "../../src/kube/wire/http2.ts";
import { fakeClock } from "../base/fake-clock.ts";
import { connectionTo } from "./api-server.ts";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
const cert = fixture("server.crt");
const key = fixture("server.key");

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening(server: Server | Http2SecureServer, protocol = "https"): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  closing.push(() => server.close());
  return new URL(`${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function transportTo(url: URL, overrides: Partial<Connection> = {}) {
  const connection = { ...connectionTo(url), tls: { ca: cert, insecure: false }, ...overrides };
  const transport = createTransport(connection, { clock: fakeClock() });
  closing.push(() => transport.close());
  return transport;
}

const read = { method: "GET", path: "/x", subject: { verb: "get", resource: "things" }, repeatable: true } as const;
const write = { ...read, method: "POST", body: { a: "ü" }, repeatable: false } as const;

async function http2Server(answer: (stream: ServerHttp2Stream, body: string) => void) {
  const sessions: ServerHttp2Session[] = [];
  const server = createSecureServer({ cert, key });
  server.on("session", (session) => {
    sessions.push(session);
    closing.push(() => session.destroy());
  });
  server.on("stream", (stream) => {
    let body = "";
    stream.on("error", () => {});
    stream.on("data", (chunk) => {
      body += chunk;
    });
    stream.on("end", () => answer(stream, body));
  });
  return { url: await listening(server), sessions };
}

const fine = (stream: ServerHttp2Stream) => {
  stream.respond({ ":status": 200 });
  stream.end('{"fine":true}');
};

describe("HTTP/2", () => {
  test("all requests share one connection", async () => {
    const { url, sessions } = await http2Server(fine);
    const transport = transportTo(url);
    const answers = await Promise.all(Array.from({ length: 120 }, () => transport.json(read)));
    expect(answers).toEqual(Array.from({ length: 120 }, () => ({ fine: true })));
    expect(sessions).toHaveLength(1);
  });

  test.each(["identity", "gzip"])("an answer that is over before it is read is whole: %s", async (encoding) => {
    const text = '{"fine":true}';
    const { url } = await http2Server((stream) => {
      stream.respond({ ":status": 200, "content-encoding": encoding });
      stream.end(encoding === "gzip" ? gzipSync(text) : text);
    });
    const dial = async () => connectTls({ port: Number(url.port), ca: cert, ALPNProtocols: ["h2"] });
    const wire = http2Wire(url, dial);
    closing.push(() => wire.close());
    const { signal } = new AbortController();
    const response = await wire.send({ method: "GET", path: "/x", headers: {}, signal });
    await vi.waitFor(() => expect(response.body).toMatchObject({ closed: true }));
    expect(await readText(response, 100)).toBe(text);
  });

  test("a body gets there whole", async () => {
    const { url } = await http2Server((stream, body) => {
      stream.respond({ ":status": 201 });
      stream.end(body);
    });
    expect(await transportTo(url).json(write)).toEqual({ a: "ü" });
  });

  test("a server that says goodbye is called again", async () => {
    let calls = 0;
    const { url, sessions } = await http2Server((stream) => {
      if (++calls === 1) stream.session?.goaway();
      fine(stream);
    });
    const transport = transportTo(url);
    await transport.json(read);
    await expect.poll(async () => (await transport.json(read)) && sessions.length).toBe(2);
  });

  test("a connection that breaks is made again", async () => {
    let calls = 0;
    const { url, sessions } = await http2Server((stream) => {
      if (++calls === 1) stream.session?.destroy();
      else fine(stream);
    });
    expect(await transportTo(url).json(read)).toEqual({ fine: true });
    expect(sessions).toHaveLength(2);
  });

  test("what might be done twice is not tried again when its connection breaks", async () => {
    const { url } = await http2Server((stream) => stream.session?.destroy());
    await expect(transportTo(url).json(write)).rejects.toMatchObject({ code: "KUBE_UNREACHABLE" });
  });

  test("what the server refuses to look at is sent again", async () => {
    let calls = 0;
    const { url } = await http2Server((stream) => {
      if (++calls === 1) stream.close(7);
      else fine(stream);
    });
    expect(await transportTo(url).json(write)).toEqual({ fine: true });
  });

  test.each<[string, (stream: ServerHttp2Stream) => void]>([
    ["reset", (stream) => stream.destroy(new Error("broken"))],
    ["lost with its connection", (stream) => stream.session?.destroy()],
    ["lost with its socket", (stream) => stream.session?.socket.destroy()],
  ])("an answer that is %s half-way is asked for again", async (_name, cut) => {
    let calls = 0;
    const { url } = await http2Server((stream) => {
      if (++calls > 1) return fine(stream);
      stream.respond({ ":status": 200 });
      stream.write('{"fi', () => cut(stream));
    });
    expect(await transportTo(url).json(read)).toEqual({ fine: true });
  });

  test("a connection that goes silent fails what waits on it, and is replaced", async () => {
    const { url } = await http2Server((stream) => {
      if (isAsked) fine(stream);
      isAsked = true;
    });
    let isAsked = false;
    const relayed: (() => void)[] = [];
    const relay = createTcpServer((client) => {
      const target = connectTcp(Number(url.port), "127.0.0.1");
      client.pipe(target).pipe(client);
      relayed.push(() => client.unpipe(target));
      for (const socket of [client, target]) socket.on("error", () => {});
      closing.push(() => client.destroy());
    });
    const relayUrl = await listening(relay);
    const dialRelay = async () => {
      const socket = connectTls({ host: "127.0.0.1", port: Number(relayUrl.port), ca: cert, ALPNProtocols: ["h2"] });
      await once(socket, "secureConnect");
      return socket;
    };
    const wire = http2Wire(url, dialRelay, { silenceMs: 40, pongMs: 200 });
    closing.push(() => wire.close());
    const request = { method: "GET", path: "/x", headers: {}, signal: new AbortController().signal };
    const waiting = wire.send(request);
    const outcome = expect(waiting).rejects.toMatchObject({ name: "ConnectionError", sent: true });
    await expect.poll(() => isAsked).toBe(true);
    relayed[0]?.();
    await outcome;
    expect((await wire.send(request)).status).toBe(200);
    expect(relayed).toHaveLength(2);
  });

  test("an abort ends a stream", async () => {
    const { url } = await http2Server((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("one\n");
    });
    const abort = new AbortController();
    const chunks = await transportTo(url).stream({ ...read, signal: abort.signal });
    const first = await chunks.next();
    expect(String(first.value)).toBe("one\n");
    abort.abort();
    await expect(chunks.next()).rejects.toThrow();
  });
});

describe("TLS", () => {
  test("a server without HTTP/2 gets HTTP/1.1, in the connection that found out", async () => {
    let connections = 0;
    const server = createHttpsServer({ cert, key }, (_request, response) => response.end('{"fine":true}'));
    server.on("secureConnection", () => {
      connections++;
    });
    const transport = transportTo(await listening(server));
    await transport.json(read);
    expect(await transport.json(read)).toEqual({ fine: true });
    expect(connections).toBe(1);
    server.closeAllConnections();
  });

  test.each<[string, Connection["tls"], string]>([
    ["is not trusted", { insecure: false }, "is not trusted"],
    ["is for another name", { insecure: false, ca: cert, servername: "other.example" }, "is for another name"],
  ])("a certificate that %s is told at once", async (_name, tls, hint) => {
    const { url } = await http2Server(fine);
    const transport = transportTo(url, { tls });
    await expect(transport.json(read)).rejects.toMatchObject({
      code: "KUBE_UNREACHABLE",
      hint: expect.stringContaining(hint),
    });
  });

  test.each<[string, Connection["tls"]]>([
    ["its authority", { insecure: false, ca: cert }],
    ["another name that it holds", { insecure: false, ca: cert, servername: "kube.example" }],
    ["no check at all", { insecure: true }],
  ])("a certificate is good with %s", async (_name, tls) => {
    const { url } = await http2Server(fine);
    expect(await transportTo(url, { tls }).json(read)).toEqual({ fine: true });
  });

  test("a client certificate is shown", async () => {
    const names: unknown[] = [];
    const server = createSecureServer({ cert, key, ca: cert, requestCert: true, rejectUnauthorized: true });
    server.on("stream", (stream) => {
      const socket = stream.session?.socket as { getPeerCertificate?: () => { subject?: { CN?: string } } } | undefined;
      names.push(socket?.getPeerCertificate?.().subject?.CN);
      fine(stream);
    });
    server.on("session", (session) => closing.push(() => session.destroy()));
    const authenticate = async () => ({ headers: {}, clientCertificate: { cert, key }, renewable: false });
    await transportTo(await listening(server), { authenticate }).json(read);
    expect(names).toEqual(["slipway test"]);
  });
});

describe("proxies", () => {
  async function proxy(status = 200) {
    const asked: (string | undefined)[][] = [];
    const server = createHttpServer();
    server.on("connect", (request, client) => {
      asked.push([request.url, request.headers["proxy-authorization"]]);
      if (status !== 200) {
        client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
        return;
      }
      const target = connectTcp(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(client).pipe(target);
      });
      for (const socket of [target, client]) socket.on("error", () => {});
      closing.push(() => target.destroy());
    });
    return { url: await listening(server, "http"), asked };
  }

  test("tunnel to the server", async () => {
    const { url } = await http2Server(fine);
    const { url: proxyUrl, asked } = await proxy();
    proxyUrl.username = "user";
    proxyUrl.password = "p%40ss";
    expect(await transportTo(url, { proxy: proxyUrl }).json(read)).toEqual({ fine: true });
    expect(asked).toEqual([[url.host, `Basic ${Buffer.from("user:p@ss").toString("base64")}`]]);
  });

  test("that refuse are named", async () => {
    const { url } = await http2Server(fine);
    const { url: proxyUrl } = await proxy(407);
    await expect(transportTo(url, { proxy: proxyUrl }).json(read)).rejects.toMatchObject({
      code: "KUBE_UNREACHABLE",
      message: expect.stringContaining(`the proxy ${proxyUrl.host}`),
    });
  });

  const named = { HTTPS_PROXY: "http://proxy:3128", HTTP_PROXY: "plain-proxy:8080" };
  test.each<[string, string, NodeJS.ProcessEnv, string | undefined]>([
    ["for https", "https://kube.example", named, "http://proxy:3128/"],
    ["for http", "http://kube.example", named, "http://plain-proxy:8080/"],
    ["in small letters", "https://kube.example", { https_proxy: "http://small:1" }, "http://small:1/"],
    ["not for this machine", "https://127.0.0.1:6443", named, undefined],
    ["not for localhost", "https://localhost:6443", named, undefined],
    ["not for an exempt name", "https://kube.example", { ...named, NO_PROXY: "other, kube.example" }, undefined],
    ["not below an exempt domain", "https://api.kube.example", { ...named, no_proxy: ".kube.example" }, undefined],
    [
      "for a name that only ends alike",
      "https://mykube.example",
      { ...named, NO_PROXY: "kube.example" },
      "http://proxy:3128/",
    ],
    ["not in an exempt network", "https://10.1.2.3", { ...named, NO_PROXY: "10.0.0.0/8" }, undefined],
    ["outside of an exempt network", "https://11.1.2.3", { ...named, NO_PROXY: "10.0.0.0/8" }, "http://proxy:3128/"],
    ["not with everything exempt", "https://kube.example", { ...named, NO_PROXY: "*" }, undefined],
    [
      "for another port than the exempt one",
      "https://kube.example:6443",
      { ...named, NO_PROXY: "kube.example:443" },
      "http://proxy:3128/",
    ],
    ["not without one", "https://kube.example", {}, undefined],
  ])("are taken from the environment: %s", (_name, server, env, expected) => {
    expect(proxyFromEnvironment(new URL(server), env)?.href).toBe(expected);
  });
});
