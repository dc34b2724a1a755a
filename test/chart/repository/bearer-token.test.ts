import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandLine } from "../../cli/command-line.ts";
import { packed } from "../packed.ts";
import { type FakeRegistry, serveRegistry } from "../registry/fake-registry.ts";
import { makeCertificates, serverTls } from "../remote/certificates.ts";
import { type Seen, send, serveWeb, type WebServer } from "../remote/web-server.ts";

const certificates = makeCertificates();
const token = "hidden-token";
const bytes = packed("shop", "1.0.0");
const digest = createHash("sha256").update(bytes).digest("hex");

let home: string;
/** Where the index says that the archive is. */
let archive: string;
let guarded: WebServer;
let elsewhere: WebServer;

function isKnown({ headers }: Seen): boolean {
  return headers.authorization === `Bearer ${token}`;
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "slipway-bearer-"));
  archive = "shop-1.0.0.tgz";
  elsewhere = await serveWeb((_request, response) => send(response, 200, bytes), serverTls(certificates));
  guarded = await serveWeb((request, response) => {
    const { path, headers } = request;
    if (!isKnown(request))
      return send(response, 401, JSON.stringify({ error: `no right for ${headers.authorization}` }));
    if (path === "/moved.tgz") return send(response, 302, "", { location: `${elsewhere.url}/shop-1.0.0.tgz` });
    if (path.endsWith(".tgz")) return send(response, 200, bytes);
    const entry = `{apiVersion: v2, name: shop, version: 1.0.0, digest: "${digest}", urls: ["${archive}"]}`;
    send(response, 200, `apiVersion: v1\nentries:\n  shop:\n  - ${entry}\n`);
  }, serverTls(certificates));
});
afterEach(async () => {
  await Promise.all([guarded.close(), elsewhere.close()]);
  rmSync(home, { recursive: true, force: true });
});

const trust = ["--ca-file", certificates.ca];
const slipway = (...words: string[]) => commandLine([...words, ...trust], { HOME: home });
const pull = (...words: string[]) => slipway("pull", "shop", "--repo", guarded.url, "-d", home, ...words);

function tokenFile(text: string): string {
  const path = join(home, "token");
  writeFileSync(path, text);
  return path;
}

describe("a bearer token", () => {
  test.each([
    ["on the command line", () => ["--bearer-token", token]],
    ["from a file", () => ["--bearer-token-file", tokenFile(`${token}\n`)]],
  ])("%s opens a repository", async (_name, words) => {
    expect(await pull(...words())).toMatchObject({ code: 0 });
    expect(existsSync(join(home, "shop-1.0.0.tgz"))).toBe(true);
    expect(guarded.seen.map(({ path }) => path)).toEqual(["/index.yaml", "/shop-1.0.0.tgz"]);
    const rendered = await slipway("template", "x", "shop", "--repo", guarded.url, ...words());
    expect(rendered).toMatchObject({ code: 0, out: expect.stringContaining("version: 1.0.0") });
  });

  test("opens one of Helm's list, too, which has no room for it", async () => {
    mkdirSync(join(home, ".config/helm"), { recursive: true });
    const list = `repositories:\n- {name: known, url: "${guarded.url}"}\n`;
    writeFileSync(join(home, ".config/helm/repositories.yaml"), list);
    expect(await slipway("pull", "known/shop", "-d", home, "--bearer-token", token)).toMatchObject({ code: 0 });
    expect(await slipway("pull", `${guarded.url}/shop-1.0.0.tgz`, "-d", home)).toMatchObject({ code: 1 });
  });

  test("that is wrong is not shown, whatever the server says", async () => {
    const { code, out, err } = await pull("--bearer-token", "hidden-and-wrong");
    expect(code).toBe(1);
    expect(err).toContain("CHART_UNAUTHORIZED");
    expect(err).toContain("no right for Bearer ***");
    expect(err).toContain("--bearer-token");
    expect(out + err).not.toContain("hidden");
  });

  test.each<[string, () => string[], RegExp]>([
    ["an empty file", () => ["--bearer-token-file", tokenFile("\n")], /is empty/],
    ["several lines", () => ["--bearer-token-file", tokenFile("hidden\nhidden")], /can't be one/],
    ["a missing file", () => ["--bearer-token-file", "/nowhere"], /Cannot read the bearer token "\/nowhere"/],
    ["a file beside it", () => ["--bearer-token", token, "--bearer-token-file", "x"], /can't be given together/],
    ["a name beside it", () => ["--bearer-token", token, "--username", "me"], /can't be given together/],
  ])("is refused: %s", async (_name, words, message) => {
    const { code, err } = await pull(...words());
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toContain("hidden");
    expect(guarded.seen).toEqual([]);
  });
});

describe("another host", () => {
  test.each([
    ["is not sent it", [], undefined],
    ["is sent it with --pass-credentials", ["--pass-credentials"], `Bearer ${token}`],
  ])("that the index names %s", async (_name, words, sent) => {
    archive = `${elsewhere.url}/shop-1.0.0.tgz`;
    expect(await pull("--bearer-token", token, ...words)).toMatchObject({ code: 0 });
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([sent]);
  });

  test("that an answer leads to is never sent it", async () => {
    archive = "moved.tgz";
    expect(await pull("--bearer-token", token, "--pass-credentials")).toMatchObject({ code: 0 });
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe("the dependencies of a chart", () => {
  let registry: FakeRegistry;
  beforeEach(async () => {
    registry = await serveRegistry(({ headers }, answer) => {
      if (headers.authorization !== undefined) return false;
      answer(401, { "www-authenticate": `Bearer realm="http://${headers.host}/token"` });
      return true;
    });
    registry.put("charts/cache", "1.0.0", packed("cache", "1.0.0"));
  });
  afterEach(() => registry.close());

  const update = (place: string, name: string, ...words: string[]) => {
    const metadata = `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: ${name}, version: 1.0.0, repository: "${place}"}\n`;
    mkdirSync(join(home, "app"), { recursive: true });
    writeFileSync(join(home, "app/Chart.yaml"), metadata);
    return slipway("dependency", "update", join(home, "app"), "--bearer-token", token, "--plain-http", ...words);
  };

  test("are fetched with it only where it is to be passed on", async () => {
    expect(await update(guarded.url, "shop")).toMatchObject({ code: 1 });
    expect(guarded.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(await update(guarded.url, "shop", "--pass-credentials")).toMatchObject({ code: 0 });
  });

  test("neither does a registry that they name get it", async () => {
    const place = `oci://${registry.host}/charts`;
    expect(await update(place, "cache")).toMatchObject({ code: 1 });
    expect(registry.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    expect(await update(place, "cache", "--pass-credentials")).toMatchObject({ code: 0 });
  });
});
