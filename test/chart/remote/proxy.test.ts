import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolveChart } from "../../../src/chart/resolve-chart.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { commandLine } from "../../cli/command-line.ts";
import { type FakeRegistry, serveRegistry } from "../registry/fake-registry.ts";
import { tgz } from "../tar-fixture.ts";
import { makeCertificates, serverTls } from "./certificates.ts";
import { type ProxyServer, serveProxy } from "./proxy-server.ts";
import { type Reply, send, serveWeb, type WebServer } from "./web-server.ts";

const certificates = makeCertificates();
const user = "me:hidden p@ss";

let home: string;
let secure: WebServer;
let plain: WebServer;
let registry: FakeRegistry;
let plainRegistry: FakeRegistry;
let proxy: ProxyServer;

function chart(name: string): Buffer {
  const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-${name}}\n`;
  return tgz([
    { name: `${name}/Chart.yaml`, data: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n` },
    { name: `${name}/templates/a.yaml`, data: object },
  ]);
}

const repository: Reply = ({ path }, response) => {
  const bytes = chart("web");
  const digest = createHash("sha256").update(bytes).digest("hex");
  const index = `apiVersion: v1\nentries:\n  web:\n  - {apiVersion: v2, name: web, version: 1.0.0, digest: "${digest}", urls: [web-1.0.0.tgz]}\n`;
  send(response, 200, path.endsWith(".tgz") ? bytes : index);
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "slipway-proxy-"));
  [secure, plain, registry, plainRegistry] = await Promise.all([
    serveWeb(repository, serverTls(certificates)),
    serveWeb(repository),
    serveRegistry(undefined, serverTls(certificates)),
    serveRegistry(),
  ]);
  for (const one of [registry, plainRegistry]) one.put("charts/cache", "1.0.0", chart("cache"));
  const hostOf = ({ url }: { url: string }) => new URL(url).host;
  proxy = await serveProxy({
    user,
    hosts: {
      "charts.test": hostOf(secure),
      "plain.test": hostOf(plain),
      "registry.test": registry.host,
      "plain-registry.test": plainRegistry.host,
    },
  });
});
afterEach(async () => {
  await Promise.all([secure, plain, registry, plainRegistry, proxy].map((server) => server.close()));
  rmSync(home, { recursive: true, force: true });
});

function proxied(more: Record<string, string> = {}): Record<string, string> {
  const url = new URL(proxy.url);
  [url.username = "", url.password = ""] = user.split(":");
  return { HOME: home, HTTPS_PROXY: url.href, HTTP_PROXY: url.href, ...more };
}

const trust = ["--ca-file", certificates.ca];
const run = (...words: string[]) => commandLine([...words, ...trust], proxied());
const targets = () => [...new Set(proxy.seen.map(({ target }) => target.replace(/\?.*$/, "")))];

describe("a proxy of the environment", () => {
  test.each([
    ["a repository", ["web", "--repo", "https://charts.test"], "web", ["CONNECT charts.test:443"]],
    [
      "a repository over plain HTTP",
      ["web", "--repo", "http://plain.test"],
      "web",
      ["GET http://plain.test/index.yaml", "GET http://plain.test/web-1.0.0.tgz"],
    ],
    ["an address", ["https://charts.test/web-1.0.0.tgz"], "web", ["CONNECT charts.test:443"]],
    ["a registry", ["oci://registry.test/charts/cache"], "cache", ["CONNECT registry.test:443"]],
    [
      "a registry over plain HTTP",
      ["oci://plain-registry.test/charts/cache:1.0.0", "--plain-http"],
      "cache",
      [
        "GET http://plain-registry.test/v2/charts/cache/manifests/1.0.0",
        expect.stringMatching(/^GET http:\/\/plain-registry.test\/v2\/charts\/cache\/blobs\/sha256:/),
      ],
    ],
  ])("leads to %s", async (_name, words, name, wanted) => {
    expect(await run("pull", ...words, "-d", home)).toMatchObject({ code: 0 });
    expect(existsSync(join(home, `${name}-1.0.0.tgz`))).toBe(true);
    expect(targets()).toEqual(wanted);
  });

  test.each([
    ["template", (app: string) => ["template", "x", app]],
    ["deploy", (app: string) => ["deploy", "x", app, "--sandbox"]],
  ])("leads %s to a chart's dependencies", async (_name, words) => {
    const app = join(home, "app");
    mkdirSync(app);
    const dependencies = [
      '- {name: web, version: ^1.0.0, repository: "https://charts.test"}',
      '- {name: cache, version: ^1.0.0, repository: "oci://registry.test/charts"}',
    ];
    const metadata = `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n${dependencies.join("\n")}\n`;
    writeFileSync(join(app, "Chart.yaml"), metadata);
    const { code, out, err } = await run(...words(app), "--dependency-update");
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    for (const name of ["of-web", "of-cache"]) expect(out).toContain(name);
    expect(targets().sort()).toEqual(["CONNECT charts.test:443", "CONNECT registry.test:443"]);
  });
});

describe("a proxy that wants to know who asks", () => {
  test.each([
    ["over TLS", "https://charts.test", /the proxy 127.0.0.1:\d+ refused the tunnel with status 407/],
    ["in the clear", "http://plain.test", /answered 407/],
  ])("says so %s, and no password is shown", async (_name, place, message) => {
    const url = new URL(proxy.url);
    url.username = "me";
    url.password = "hidden-and-wrong";
    const env = { HOME: home, HTTPS_PROXY: url.href, HTTP_PROXY: url.href };
    const { code, err } = await commandLine(["pull", "web", "--repo", place, ...trust], env);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).toContain("The proxy asks for a name and password");
    expect(err).not.toContain("hidden");
  });
});

test.each(["charts.test", ".test", "charts.test:443", "*"])("NO_PROXY=%s leaves it out", async (exempt) => {
  const source = {
    reference: "web",
    repository: "https://charts.test",
    env: proxied({ NO_PROXY: `example.com, ${exempt}` }),
  };
  await expect(resolveChart(source, { clock: fakeClock() })).rejects.toMatchObject({
    code: "CHART_UNREACHABLE",
    message: expect.stringContaining("getaddrinfo"),
  });
  expect(proxy.seen).toEqual([]);
});

test.each(["socks5://127.0.0.1:1080", "http://hidden@:x"])("%s is no proxy that could be used", async (text) => {
  const source = { reference: "web", repository: "https://charts.test", env: { HOME: home, HTTPS_PROXY: text } };
  const failing = resolveChart(source, { clock: fakeClock() });
  await expect(failing).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/^HTTPS_PROXY is not the address of an HTTP proxy/),
  });
  await expect(failing).rejects.not.toThrow(/hidden/);
});
