import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Access } from "../../../src/chart/remote/access.ts";
import { createFetcher } from "../../../src/chart/remote/fetcher.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { makeCertificates, serverTls } from "./certificates.ts";
import { type Reply, send, serveWeb, type WebServer } from "./web-server.ts";

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(reply: Reply, tls?: Parameters<typeof serveWeb>[1]): Promise<WebServer> {
  const server = await serveWeb(reply, tls);
  servers.push(server);
  return server;
}

const start = Date.parse("2030-01-01T00:00:00Z");
const limitBytes = 10_000;
type Get = { access?: Access; headers?: Record<string, string>; limit?: number };

async function get(server: WebServer, path: string, { access = {}, headers = {}, limit = limitBytes }: Get = {}) {
  const clock = fakeClock(start);
  const fetcher = createFetcher(access, { env: {}, clock });
  const answer = await fetcher({ url: new URL(path, server.url), headers, limitBytes: limit });
  return { ...answer, text: answer.body.toString(), waits: clock.waits };
}

describe("what passes by itself is asked again", () => {
  test.each([
    ["429 with seconds", 429, { "retry-after": "7" }, 7_000],
    ["503 with a date", 503, { "retry-after": "Tue, 01 Jan 2030 00:00:09 GMT" }, 9_000],
    ["503 without a word", 503, {}, 250],
    ["502", 502, {}, 250],
  ])("%s", async (_name, status, headers, wait) => {
    let asked = 0;
    const server = await serve((_request, response) =>
      ++asked === 1 ? send(response, status, "later", headers) : send(response, 200, "now"),
    );
    expect(await get(server, "/")).toMatchObject({ status: 200, text: "now", waits: [wait] });
  });

  test("with ever longer waits, and not for ever", async () => {
    const server = await serve((_request, response) => send(response, 503));
    expect(await get(server, "/")).toMatchObject({ status: 503, waits: [250, 500, 1000, 2000] });
    expect(server.seen).toHaveLength(5);
  });

  test("but not where the server wants too long a wait, or says no", async () => {
    const server = await serve(({ path }, response) =>
      path === "/busy" ? send(response, 429, "", { "retry-after": "3600" }) : send(response, 404),
    );
    expect(await get(server, "/busy")).toMatchObject({ status: 429, waits: [] });
    expect(await get(server, "/absent")).toMatchObject({ status: 404, waits: [] });
  });
});

describe("a download that breaks off", () => {
  const content = "0123456789".repeat(100);

  test("goes on where it was, when the content is still the same", async () => {
    const server = await serve(({ headers }, response) => {
      const from = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
      if (from === undefined) {
        response.writeHead(200, { "content-length": content.length, etag: '"one"' });
        response.write(content.slice(0, 400), () => response.destroy());
        return;
      }
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      send(response, 206, content.slice(Number(from)), { "content-range": range, etag: '"one"' });
    });
    expect(await get(server, "/")).toMatchObject({ status: 200, text: content });
    expect(server.seen[1]?.headers).toMatchObject({ range: "bytes=400-", "if-range": '"one"' });
  });

  test("begins anew where the server does so, or has given no tag", async () => {
    let asked = 0;
    const server = await serve((_request, response) => {
      if (++asked > 1) return send(response, 200, content);
      response.writeHead(200, { "content-length": content.length });
      response.write("other things", () => response.destroy());
    });
    expect(await get(server, "/")).toMatchObject({ status: 200, text: content });
    expect(server.seen[1]?.headers.range).toBeUndefined();
  });

  test("is given up when it always does", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("x", () => response.destroy());
    });
    await expect(get(server, "/")).rejects.toMatchObject({
      code: "CHART_UNREACHABLE",
      message: expect.stringContaining("broke off"),
    });
    expect(server.seen).toHaveLength(5);
  });
});

describe("credentials", () => {
  test("follow a redirect on one host, but not to another", async () => {
    const elsewhere = await serve((_request, response) => send(response, 200, "there"));
    const server = await serve(({ path }, response) => {
      const location = path === "/away" ? `${elsewhere.url}/x` : "/near";
      return path === "/near" ? send(response, 200, "here") : send(response, 302, "", { location });
    });
    const headers = { authorization: "Basic c2VjcmV0" };
    expect(await get(server, "/home", { headers })).toMatchObject({ text: "here" });
    expect(await get(server, "/away", { headers })).toMatchObject({ text: "there" });
    expect(server.seen.at(-2)?.headers.authorization).toBe("Basic c2VjcmV0");
    expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined();
  });

  test("are not in the message of a failure", async () => {
    const server = await serve((_request, response) => response.destroy());
    const url = new URL(server.url.replace("//", "//me:hidden@"));
    url.search = "?token=hidden";
    const fetcher = createFetcher({}, { env: {}, clock: fakeClock(start) });
    const failure = await fetcher({ url, limitBytes }).catch((error: Error) => error.message);
    expect(failure).toContain("Cannot reach http://127.0.0.1");
    expect(failure).not.toContain("hidden");
  });
});

describe("limits", () => {
  test("redirects in a circle end", async () => {
    const server = await serve((_request, response) => send(response, 302, "", { location: "/again" }));
    await expect(get(server, "/")).rejects.toMatchObject({ message: expect.stringContaining("redirects too often") });
  });

  test("a body that is too long ends the download", async () => {
    const server = await serve((_request, response) => send(response, 200, "x".repeat(20_000)));
    await expect(get(server, "/")).rejects.toMatchObject({ code: "CHART_LIMIT" });
  });

  test("so does one that becomes too long when it is unpacked", async () => {
    const packed = gzipSync("x".repeat(20_000));
    const server = await serve((_request, response) => send(response, 200, packed, { "content-encoding": "gzip" }));
    await expect(get(server, "/")).rejects.toMatchObject({ code: "CHART_LIMIT" });
    expect(await get(server, "/", { limit: 20_000 })).toMatchObject({ text: "x".repeat(20_000) });
  });

  test("a redirect to what is no web address is refused", async () => {
    const server = await serve((_request, response) => send(response, 302, "", { location: "file:///etc/passwd" }));
    await expect(get(server, "/")).rejects.toMatchObject({ message: expect.stringContaining("no web address") });
  });
});

describe("TLS", () => {
  const certificates = makeCertificates();
  const { ca, clientCert, clientKey } = certificates;
  const open = () => serve((_request, response) => send(response, 200, "secret"), serverTls(certificates));

  test("needs the server's authority, or to be told to do without", async () => {
    const server = await open();
    await expect(get(server, "/")).rejects.toMatchObject({
      code: "CHART_UNREACHABLE",
      hint: expect.stringContaining("--ca-file"),
    });
    expect(await get(server, "/", { access: { caFile: ca } })).toMatchObject({ text: "secret" });
    expect(await get(server, "/", { access: { insecureSkipTlsVerify: true } })).toMatchObject({ text: "secret" });
  });

  test("shows the client's certificate", async () => {
    const tls = { ...serverTls(certificates), requestCert: true, rejectUnauthorized: true };
    const server = await serve((_request, response) => send(response, 200, "secret"), tls);
    const access = { caFile: ca, certFile: clientCert, keyFile: clientKey };
    expect(await get(server, "/", { access })).toMatchObject({ text: "secret" });
    await expect(get(server, "/", { access: { caFile: ca } })).rejects.toMatchObject({ code: "CHART_UNREACHABLE" });
  });

  test.each<[string, Access, RegExp]>([
    ["a file that is missing", { caFile: "/nowhere.pem" }, /Cannot read the certificate authority/],
    ["a file that is no certificate", { caFile: "package.json" }, /not in PEM form/],
    ["a certificate without a key", { certFile: clientCert }, /needs --key-file/],
  ])("refuses %s", async (_name, access, message) => {
    const server = await open();
    await expect(get(server, "/", { access })).rejects.toThrow(message);
  });
});
