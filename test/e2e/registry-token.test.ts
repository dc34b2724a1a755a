import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates } from "../chart/remote/certificates.ts";
import { type Place, placesIn, type Tool, writeChart } from "./chart-place.ts";
import { freePort } from "./free-port.ts";
import { type RealRegistry, startRegistry } from "./real-registry.ts";
import { serveTokens, type TokenServer } from "./token-server.ts";

const helms = ["helm3", "helm4"] as const;
const certificates = makeCertificates();
const trust = ["--ca-file", certificates.ca];
const passwords = { writer: "hidden:writer", reader: "hidden:reader" };

let root: string;
let tokens: TokenServer;
let registry: RealRegistry;
const makePlace = placesIn(() => root);

/** Everybody pulls what is public, those who are known pull all, and the writer pushes. */
function allow(user: string | undefined, { name, actions }: { name: string; actions: string[] }): string[] {
  const may = { pull: user !== undefined || name.startsWith("public/"), push: user === "writer" };
  return actions.filter((action) => may[action as keyof typeof may] === true);
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "slipway-tokens-"));
  tokens = await serveTokens({ certificates, users: passwords, refreshTokens: { "refresh-writer": "writer" }, allow });
  registry = await startRegistry({ port: await freePort(), certificates, token: tokens });
});
beforeEach(() => {
  tokens.asked.length = 0;
});
afterAll(async () => {
  await Promise.all([tokens?.close(), registry?.stop()]);
  rmSync(root, { recursive: true, force: true });
});

async function loggedIn(name: string, tool: Tool, user: keyof typeof passwords = "writer"): Promise<Place> {
  const place = makePlace(name);
  const words = ["registry", "login", registry.host, "-u", user, "--password-stdin", ...trust];
  expect(await place.run(tool, words, { stdin: passwords[user] })).toMatchObject({ code: 0 });
  return place;
}

async function pack(place: Place, name: string, version: string, more = ""): Promise<string> {
  writeChart(place, name, version, more);
  await place.tool("slipway", "package", name);
  return `${name}-${version}.tgz`;
}

describe.each(helms)("a registry that wants tokens, and %s", (helm) => {
  test.each<[Tool, Tool]>([
    [helm, "slipway"],
    ["slipway", helm],
  ])("what %s pushed after a login, %s pulls, without one where it is public", async (pusher, puller) => {
    const place = await loggedIn("push", pusher);
    const file = await pack(place, "shop", "1.0.0");
    for (const project of ["public", "private"]) {
      await place.tool(pusher, "push", file, `oci://${registry.host}/${project}/${pusher}`, ...trust);
    }
    const stranger = makePlace("stranger");
    const from = (project: string) => `oci://${registry.host}/${project}/${pusher}/shop`;
    await stranger.tool(puller, "pull", from("public"), ...trust);
    expect(readFileSync(stranger.at(file))).toEqual(readFileSync(place.at(file)));
    expect(await stranger.run(puller, ["pull", from("private"), ...trust])).toMatchObject({ code: 1 });
    const reader = await loggedIn("reader", puller, "reader");
    await reader.tool(puller, "pull", from("private"), "--version", "^1.0.0", ...trust);
    expect(readFileSync(reader.at(file))).toEqual(readFileSync(place.at(file)));
  });

  test("dependencies come through it alike", async () => {
    const place = await loggedIn("dependencies", "slipway");
    const project = `oci://${registry.host}/private/dependencies-${helm}`;
    for (const version of ["1.0.0", "1.2.0", "2.0.0"]) {
      await place.tool("slipway", "push", await pack(place, "web", version), project, ...trust);
    }
    const wanted = `dependencies:\n- {name: web, version: ^1.0.0, repository: "${project}"}\n`;
    for (const name of ["ours", "theirs"]) {
      mkdirSync(place.at(name));
      place.write(`${name}/Chart.yaml`, `apiVersion: v2\nname: app\nversion: 1.0.0\n${wanted}`);
    }
    await place.tool("slipway", "dependency", "update", "ours", ...trust);
    await place.tool(helm, "dependency", "update", "theirs", ...trust);
    const lockOf = (name: string) => readFileSync(place.at(name, "Chart.lock"), "utf8").replace(/^generated: .*$/m, "");
    expect(lockOf("ours")).toBe(lockOf("theirs"));
    const archive = (name: string) => readFileSync(place.at(name, "charts", "web-1.2.0.tgz"));
    expect(archive("ours")).toEqual(archive("theirs"));
  });

  test("Docker's refresh token stands for a login, for both", async () => {
    const place = await loggedIn("refresh", "slipway");
    const project = `oci://${registry.host}/private/refresh-${helm}`;
    await place.tool("slipway", "push", await pack(place, "shop", "1.0.0"), project, ...trust);
    const other = makePlace("docker");
    const config = { auths: { [registry.host]: { identitytoken: "refresh-writer" } } };
    other.write(".docker/config.json", JSON.stringify(config));
    for (const tool of ["slipway", helm] as const) {
      tokens.asked.length = 0;
      await other.tool(tool, "pull", `${project}/shop`, "--version", "1.0.0", ...trust);
      expect(tokens.asked).toContainEqual(expect.objectContaining({ user: "writer", grant: "refresh_token" }));
      rmSync(other.at("shop-1.0.0.tgz"));
    }
    await other.tool("slipway", "push", place.at("shop-1.0.0.tgz"), `${project}-again`, ...trust);
  });
});

describe("a token", () => {
  test("covers all that has one scope", async () => {
    const place = await loggedIn("once", "slipway");
    const file = await pack(place, "shop", "1.0.0");
    tokens.asked.length = 0;
    await place.tool("slipway", "push", file, `oci://${registry.host}/private/once`, ...trust);
    expect(tokens.asked).toHaveLength(1);
    expect(tokens.asked[0]).toMatchObject({ user: "writer" });
    expect(tokens.asked[0]?.scopes).toContain("repository:private/once/shop:pull,push");
  });

  test("is replaced where it is over", async () => {
    const place = await loggedIn("expired", "slipway");
    const file = await pack(place, "shop", "1.0.0");
    tokens.asked.length = 0;
    tokens.expire(1);
    await place.tool("slipway", "push", file, `oci://${registry.host}/private/expired`, ...trust);
    expect(tokens.asked).toHaveLength(2);
  });

  test("is not replaced for ever", async () => {
    const place = makePlace("never");
    tokens.expire(100);
    const ended = await place.run("slipway", ["pull", `oci://${registry.host}/public/slipway/shop`, ...trust]);
    tokens.expire(0);
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining("CHART_UNAUTHORIZED") });
    expect(tokens.asked.length).toBeLessThanOrEqual(2);
  });

  test("does not let somebody do what they may not", async () => {
    const place = await loggedIn("scope", "slipway", "reader");
    const file = await pack(place, "shop", "1.0.0");
    const { code, err } = await place.run("slipway", ["push", file, `oci://${registry.host}/private/scope`, ...trust]);
    expect(code).toBe(1);
    expect(err).toMatch(/Cannot push to .*private\/scope\/shop.*\(CHART_UNAUTHORIZED\)/);
    expect(err).toContain("is not allowed this");
    expect(err).not.toContain("hidden");
  });

  test("is not had for a wrong password", async () => {
    const place = makePlace("wrong");
    const words = ["registry", "login", registry.host, "-u", "writer", "-p", "hidden:wrong", ...trust];
    const { code, err } = await place.run("slipway", words);
    expect(code).toBe(1);
    expect(err).toContain("CHART_UNAUTHORIZED");
    expect(err).toContain("Cannot get a token for the registry");
    expect(err).not.toContain("hidden");
  });
});
