import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChartSource } from "../../../src/chart/chart-source.ts";
import { resolveChart } from "../../../src/chart/resolve-chart.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { packed } from "../packed.ts";
import { type Reply, type Seen, send, serveWeb, type WebServer } from "../remote/web-server.ts";

let home: string;
const servers: WebServer[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "slipway-repository-"));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(home, { recursive: true, force: true });
});

async function serve(reply: Reply): Promise<WebServer> {
  const server = await serveWeb(reply);
  servers.push(server);
  return server;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const charts = new Map(["1.0.0", "1.1.0", "2.0.0-rc.1"].map((version) => [version, packed("shop", version)]));

type Files = { charts?: string; digest?: (bytes: Uint8Array) => string };

function indexYaml({ charts: base = "", digest = sha256 }: Files = {}): string {
  const entries = [...charts].map(
    ([version, bytes]) =>
      `  - {apiVersion: v2, name: shop, version: "${version}", digest: "${digest(bytes)}", urls: ["${base}shop-${version}.tgz"]}\n`,
  );
  return `apiVersion: v1\nentries:\n  shop:\n${entries.join("")}`;
}

/** A repository under /charts that can ask for credentials. */
function repository(files: Files = {}, isAllowed: (request: Seen) => boolean = () => true): Reply {
  return (request, response) => {
    const { path } = request;
    if (!isAllowed(request)) return send(response, 401);
    if (path === "/charts/index.yaml") return send(response, 200, indexYaml(files), { etag: '"1"' });
    const bytes = charts.get(/shop-(.*)\.tgz$/.exec(path)?.[1] ?? "");
    return bytes === undefined ? send(response, 404) : send(response, 200, bytes);
  };
}

async function versionOf(source: Partial<ChartSource> & { reference: string }): Promise<string> {
  const chart = await resolveChart({ env: { HOME: home }, ...source }, { clock: fakeClock() });
  return chart.metadata.version;
}

function know(url: string, more = ""): void {
  const folder = join(home, ".config/helm");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "repositories.yaml"), `repositories:\n- {name: known, url: "${url}"${more}}\n`);
}

describe("by the repository's address", () => {
  test.each([
    [{}, "1.1.0"],
    [{ version: "1.0.0" }, "1.0.0"],
    [{ version: "~1.0" }, "1.0.0"],
    [{ devel: true }, "2.0.0-rc.1"],
    [{ version: ">1.1.0-0" }, "2.0.0-rc.1"],
  ])("%j is %s", async (wanted, version) => {
    const { url } = await serve(repository());
    for (const place of [`${url}/charts`, `${url}/charts/`]) {
      expect(await versionOf({ reference: "shop", repository: place, ...wanted })).toBe(version);
    }
  });

  test("what is not there says so", async () => {
    const { url } = await serve(repository());
    const place = `${url}/charts`;
    const asking = (reference: string, version: string) => versionOf({ reference, repository: place, version });
    await expect(asking("shop", "3.0.0")).rejects.toMatchObject({ code: "CHART_NOT_FOUND" });
    await expect(asking("other", "")).rejects.toMatchObject({ message: expect.stringContaining('no chart "other"') });
    await expect(versionOf({ reference: "shop", repository: url })).rejects.toMatchObject({ code: "CHART_NOT_FOUND" });
  });

  test("a wrong digest is refused, and nothing of it is kept", async () => {
    const { url } = await serve(repository({ digest: () => sha256(Buffer.from("else")) }));
    await expect(versionOf({ reference: "shop", repository: `${url}/charts` })).rejects.toMatchObject({
      code: "CHART_DIGEST",
      detail: expect.stringContaining("promised"),
    });
    const kept = readdirSync(join(home, ".cache/slipway/charts/sha256"));
    expect(kept).toEqual([sha256(Buffer.from(indexYaml({ digest: () => sha256(Buffer.from("else")) })))]);
  });

  test("the second run of an exact version asks for nothing, that of a range does", async () => {
    const server = await serve(repository());
    const source = { reference: "shop", repository: `${server.url}/charts`, version: "1.0.0" };
    expect(await versionOf(source)).toBe("1.0.0");
    const asked = server.seen.length;
    expect(await versionOf(source)).toBe("1.0.0");
    expect(server.seen).toHaveLength(asked);
    expect(await versionOf({ ...source, version: "=1.0.0" })).toBe("1.0.0");
    expect(server.seen).toHaveLength(asked + 1);
    await server.close();
    expect(await versionOf(source)).toBe("1.0.0");
    await expect(versionOf({ ...source, version: "^1.0.0" })).rejects.toMatchObject({ code: "CHART_UNREACHABLE" });
  });

  test("what the cache holds is asked for once, and what was changed there is not used", async () => {
    const server = await serve(repository());
    const source = { reference: "shop", repository: `${server.url}/charts` };
    await versionOf(source);
    await versionOf(source);
    expect(server.seen.filter(({ path }) => path.endsWith(".tgz"))).toHaveLength(1);
    expect(server.seen.at(-1)?.headers["if-none-match"]).toBe('"1"');
    const digest = sha256(charts.get("1.1.0") ?? Buffer.alloc(0));
    writeFileSync(join(home, ".cache/slipway/charts/sha256", digest), packed("shop", "6.6.6"));
    expect(await versionOf(source)).toBe("1.1.0");
  });
});

describe("credentials", () => {
  const basic = `Basic ${Buffer.from("me:hidden").toString("base64")}`;
  const needsBasic = ({ headers }: Seen) => headers.authorization === basic;

  test("are sent to the repository", async () => {
    const { url } = await serve(repository({}, needsBasic));
    const source = { reference: "shop", repository: `${url}/charts` };
    await expect(versionOf(source)).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
    expect(await versionOf({ ...source, access: { username: "me", password: "hidden" } })).toBe("1.1.0");
  });

  test("can be a bearer token", async () => {
    const { url } = await serve(repository({}, ({ headers }) => headers.authorization === "Bearer hidden"));
    expect(await versionOf({ reference: "shop", repository: `${url}/charts`, access: { token: "hidden" } })).toBe(
      "1.1.0",
    );
  });

  test("go to another host only when that is asked for", async () => {
    const elsewhere = await serve(repository({}, () => true));
    const { url } = await serve(repository({ charts: `${elsewhere.url}/files/` }, needsBasic));
    const source = { reference: "shop", repository: `${url}/charts`, access: { username: "me", password: "hidden" } };
    expect(await versionOf({ ...source, version: "1.0.0" })).toBe("1.0.0");
    expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined();
    expect(await versionOf({ ...source, access: { ...source.access, passCredentials: true } })).toBe("1.1.0");
    expect(elsewhere.seen[1]?.headers.authorization).toBe(basic);
  });

  test("come from Helm's list for a known repository, and for an address inside it", async () => {
    const { url } = await serve(repository({}, needsBasic));
    know(`${url}/charts`, ", username: me, password: hidden");
    expect(await versionOf({ reference: "known/shop" })).toBe("1.1.0");
    expect(await versionOf({ reference: `${url}/charts/shop-1.0.0.tgz` })).toBe("1.0.0");
    await expect(versionOf({ reference: `${url}/other/shop-1.0.0.tgz` })).rejects.toMatchObject({
      code: "CHART_UNAUTHORIZED",
    });
  });
});

describe("a known repository", () => {
  test("is read from the index that Helm keeps", async () => {
    const server = await serve(repository());
    know(`${server.url}/charts`);
    expect(await versionOf({ reference: "known/shop" })).toBe("1.1.0");
    expect(readdirSync(join(home, ".cache/helm/repository"))).toEqual(["known-index.yaml"]);
    expect(await versionOf({ reference: "known/shop" })).toBe("1.1.0");
    expect(server.seen.filter(({ path }) => path.endsWith("index.yaml"))).toHaveLength(1);
  });

  test("is asked again for a version that this index doesn't have", async () => {
    const server = await serve(repository());
    know(`${server.url}/charts`);
    mkdirSync(join(home, ".cache/helm/repository"), { recursive: true });
    writeFileSync(join(home, ".cache/helm/repository/known-index.yaml"), "apiVersion: v1\nentries: {}\n");
    expect(await versionOf({ reference: "known/shop" })).toBe("1.1.0");
  });

  test("that is not known says which are", async () => {
    know("http://127.0.0.1:1");
    await expect(versionOf({ reference: "unknown/shop" })).rejects.toMatchObject({
      code: "CHART_NOT_FOUND",
      hint: expect.stringContaining("Known are: known"),
    });
  });
});

test.each(["./nothing", "/nothing", "nothing"])("%s is looked for here alone", async (reference) => {
  await expect(versionOf({ reference })).rejects.toMatchObject({ code: "CHART_NOT_FOUND" });
});

test("a server that sends a page in place of an index is told apart", async () => {
  const { url } = await serve((_request, response) => send(response, 200, "<html>Log in</html>"));
  await expect(versionOf({ reference: "shop", repository: url })).rejects.toMatchObject({
    code: expect.stringMatching(/CHART_INVALID|YAML_INVALID/),
  });
});
