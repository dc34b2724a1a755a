import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChartSource } from "../../../src/chart/chart-source.ts";
import { locateChart } from "../../../src/chart/locate-chart.ts";
import { resolveChart } from "../../../src/chart/resolve-chart.ts";
import { fakeClock } from "../../base/fake-clock.ts";
import { packed } from "../packed.ts";
import { type FakeRegistry, type Guard, serveRegistry } from "./fake-registry.ts";

let home: string;
const registries: FakeRegistry[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "slipway-registry-"));
});
afterEach(async () => {
  await Promise.all(registries.splice(0).map((registry) => registry.close()));
  rmSync(home, { recursive: true, force: true });
});

async function registry(guard?: Guard): Promise<FakeRegistry> {
  const served = await serveRegistry(guard);
  registries.push(served);
  for (const version of ["1.0.0", "1.1.0", "1.2.0+build.7", "2.0.0-rc.1"]) {
    served.put("charts/shop", version, packed("shop", version));
  }
  served.put("charts/shop", "1.0.0", packed("shop", "1.0.0"), { tag: "latest" });
  return served;
}

type Source = Omit<ChartSource, "env" | "reference">;

function source(served: FakeRegistry, rest: string, more: Source = {}): ChartSource {
  const reference = `oci://${served.host}/charts/shop${rest}`;
  return {
    reference,
    env: { HOME: home, PATH: `${home}/bin:${process.env["PATH"]}` },
    ...more,
    access: { plainHttp: true, ...more.access },
  };
}

async function versionOf(wanted: ChartSource): Promise<string> {
  return (await resolveChart(wanted, { clock: fakeClock() })).metadata.version;
}

describe("which version", () => {
  test.each<[string, Source, string]>([
    ["", {}, "1.2.0+build.7"],
    ["", { devel: true }, "2.0.0-rc.1"],
    ["", { version: "<1.2" }, "1.1.0"],
    ["", { version: "1.2.0+build.7" }, "1.2.0+build.7"],
    [":1.1.0", {}, "1.1.0"],
    [":1.2.0_build.7", {}, "1.2.0+build.7"],
    [":1.1.0", { version: "1.1.0" }, "1.1.0"],
    [":latest", {}, "1.0.0"],
  ])("%j with %j is %s", async (rest, more, version) => {
    expect(await versionOf(source(await registry(), rest, more))).toBe(version);
  });

  test("by digest, with a tag or without", async () => {
    const served = await registry();
    const digest = served.put("charts/shop", "1.0.0", packed("shop", "1.0.0"));
    expect(await versionOf(source(served, `@${digest}`))).toBe("1.0.0");
    expect(await versionOf(source(served, `:1.0.0@${digest}`))).toBe("1.0.0");
  });

  test("--repo oci://… and a name are the same", async () => {
    const served = await registry();
    const wanted = { ...source(served, ""), reference: "shop", repository: `oci://${served.host}/charts` };
    expect(await versionOf(wanted)).toBe("1.2.0+build.7");
  });

  test.each<[string, Source, RegExp]>([
    [":1.1.0", { version: "1.0.0" }, /names "1.1.0", --version "1.0.0"/],
    ["", { version: "^3" }, /has no version/],
    [":9.9.9", {}, /answered 404/],
    ["@sha256:12", {}, /no SHA-256 digest/],
    [":a tag", {}, /can't be a tag/],
    ["/../../etc", {}, /can't be a path/],
  ])("%j with %j is refused", async (rest, more, message) => {
    await expect(versionOf(source(await registry(), rest, more))).rejects.toThrow(message);
  });

  test("an image is told apart from a chart", async () => {
    const served = await registry();
    served.put("charts/shop", "5.0.0", packed("shop", "5.0.0"), {
      mediaType: "application/vnd.oci.image.config.v1+json",
    });
    await expect(versionOf(source(served, ":5.0.0"))).rejects.toThrow(/is no Helm chart/);
  });
});

describe("what is not what was promised is refused", () => {
  test("a layer", async () => {
    const served = await registry();
    for (const digest of served.blobs.keys()) served.blobs.set(digest, packed("shop", "6.6.6"));
    await expect(versionOf(source(served, ":1.0.0"))).rejects.toMatchObject({ code: "CHART_DIGEST" });
  });

  test("a manifest that is pinned", async () => {
    const served = await registry();
    const digest = served.put("charts/shop", "1.0.0", packed("shop", "1.0.0"));
    served.manifests.set(`charts/shop:${digest}`, Buffer.from('{"schemaVersion":2}'));
    await expect(versionOf(source(served, `@${digest}`))).rejects.toMatchObject({ code: "CHART_DIGEST" });
  });
});

describe("without a network", () => {
  test("a digest and an exact version need none, a range does", async () => {
    const served = await registry();
    const digest = served.put("charts/shop", "1.0.0", packed("shop", "1.0.0"));
    const wanted = [
      source(served, `@${digest}`),
      source(served, "", { version: "1.1.0" }),
      source(served, ":1.2.0_build.7"),
    ];
    const versions = async () => await Promise.all(wanted.map(versionOf));
    await versions();
    const asked = served.seen.length;
    expect(await versions()).toEqual(["1.0.0", "1.1.0", "1.2.0+build.7"]);
    expect(served.seen).toHaveLength(asked);
    expect(await versionOf(source(served, "", { version: "=1.1.0" }))).toBe("1.1.0");
    expect(served.seen.length).toBeGreaterThan(asked);
    await served.close();
    expect(await versions()).toEqual(["1.0.0", "1.1.0", "1.2.0+build.7"]);
    await expect(versionOf(source(served, ""))).rejects.toMatchObject({ code: "CHART_UNREACHABLE" });
  });

  test("another tag is what it was last", async () => {
    const served = await registry();
    expect(await versionOf(source(served, ":latest"))).toBe("1.0.0");
    await served.close();
    expect(await versionOf(source(served, ":latest"))).toBe("1.0.0");
  });

  test("a tag that moved is seen as long as there is one", async () => {
    const served = await registry();
    expect(await versionOf(source(served, ":latest"))).toBe("1.0.0");
    served.put("charts/shop", "1.1.0", packed("shop", "1.1.0"), { tag: "latest" });
    expect(await versionOf(source(served, ":latest"))).toBe("1.1.0");
  });
});

const basic = `Basic ${Buffer.from("me:hidden:too").toString("base64")}`;
const givenBasic = { access: { username: "me", password: "hidden:too" } };

describe("credentials", () => {
  const needsBasic: Guard = ({ headers }, answer) => {
    if (headers.authorization === basic) return false;
    answer(401, { "www-authenticate": 'Basic realm="registry"' });
    return true;
  };

  test("are asked for, and sent only then", async () => {
    const served = await registry(needsBasic);
    expect(await versionOf(source(served, ":1.0.0", givenBasic))).toBe("1.0.0");
    expect(served.seen[0]?.headers.authorization).toBeUndefined();
    await expect(versionOf(source(served, ":1.1.0"))).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
    const wrong = { access: { username: "me", password: "wrong" } };
    await expect(versionOf(source(served, ":1.1.0", wrong))).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
  });

  test.each<[string, string, (host: string) => unknown]>([
    ["Helm's file", ".config/helm/registry/config.json", (host) => ({ auths: { [host]: auth() } })],
    ["Docker's file", ".docker/config.json", (host) => ({ auths: { [host]: auth() } })],
    ["an older Docker's file", ".docker/config.json", (host) => ({ auths: { [`https://${host}/v1/`]: auth() } })],
    ["a credential store", ".docker/config.json", () => ({ credsStore: "test" })],
    ["a helper for the host", ".docker/config.json", (host) => ({ credHelpers: { [host]: "test" } })],
  ])("come from %s", async (_name, path, config) => {
    const served = await registry(needsBasic);
    write(path, JSON.stringify(config(served.host)));
    helper(`read server; test "$server" = "${served.host}" || { echo credentials not found in native keychain; exit 1; }
echo '{"ServerURL":"x","Username":"me","Secret":"hidden:too"}'`);
    expect(await versionOf(source(served, ":1.0.0"))).toBe("1.0.0");
  });

  test("a helper that is not there, or has nothing, says so", async () => {
    const served = await registry(needsBasic);
    write(".docker/config.json", JSON.stringify({ credsStore: "absent" }));
    await expect(versionOf(source(served, ":1.0.0"))).rejects.toThrow(/docker-credential-absent is not on the PATH/);
    write(".docker/config.json", JSON.stringify({ credsStore: "../../bin/sh" }));
    await expect(versionOf(source(served, ":1.0.0"))).rejects.toThrow(/can't be the name/);
  });
});

describe("tokens", () => {
  /** A registry that wants a token of its own server for just this scope. */
  const needsToken =
    (isAllowed: (authorization: string | undefined, body: string) => boolean): Guard =>
    ({ path, headers, method, body }, answer) => {
      const host = headers.host ?? "";
      if (path.startsWith("/token")) {
        if (!isAllowed(headers.authorization, body)) answer(401, {});
        else if (method === "POST") answer(200, {}, '{"access_token":"good"}');
        else if (new URL(path, "http://x").searchParams.get("scope") !== "repository:charts/shop:pull") answer(400, {});
        else answer(200, {}, '{"token":"good","expires_in":300}');
        return true;
      }
      if (headers.authorization === "Bearer good") return false;
      const parameters = `realm="http://${host}/token",service="the, registry",scope="repository:charts/shop:pull"`;
      answer(401, { "www-authenticate": `Bearer ${parameters}` });
      return true;
    };

  test("are had without credentials where the server gives them", async () => {
    const served = await registry(needsToken((authorization) => authorization === undefined));
    expect(await versionOf(source(served, ":1.0.0"))).toBe("1.0.0");
    expect(served.seen.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
    expect(served.seen[1]?.path).toContain("service=the%2C+registry");
  });

  test("are had with a name and password", async () => {
    const served = await registry(needsToken((authorization) => authorization === basic));
    expect(await versionOf(source(served, ":1.0.0", givenBasic))).toBe("1.0.0");
    await expect(versionOf(source(served, ":1.1.0"))).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
  });

  test("are had for an identity token", async () => {
    const served = await registry(needsToken((_authorization, body) => body.includes("refresh_token=identity")));
    write(".docker/config.json", JSON.stringify({ auths: { [served.host]: { identitytoken: "identity" } } }));
    expect(await versionOf(source(served, ":1.0.0"))).toBe("1.0.0");
  });

  test("are replaced when they are over, and not for ever", async () => {
    const left = new Map<string, number>();
    let uses = 1;
    const served = await registry(({ path, headers }, answer) => {
      const token = headers.authorization?.replace("Bearer ", "") ?? "";
      if (path.startsWith("/token")) {
        left.set(`token-${left.size}`, uses);
        answer(200, {}, JSON.stringify({ token: `token-${left.size - 1}` }));
        return true;
      }
      left.set(token, (left.get(token) ?? 0) - 1);
      if ((left.get(token) ?? 0) >= 0) return false;
      answer(401, { "www-authenticate": `Bearer realm="http://${headers.host}/token",error="invalid_token"` });
      return true;
    });
    expect(await versionOf(source(served, ":1.0.0"))).toBe("1.0.0");
    const asked = () => served.seen.filter(({ path }) => path.startsWith("/token")).length;
    expect(asked()).toBe(2);
    uses = 0;
    await expect(versionOf(source(served, ":1.1.0"))).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
    expect(asked()).toBe(4);
  });

  test("that don't allow it are told apart, in the registry's own words", async () => {
    const served = await registry(({ path, headers }, answer) => {
      const realm = `Bearer realm="http://${headers.host}/token"`;
      if (path.startsWith("/token")) answer(200, {}, '{"token":"weak"}');
      else if (headers.authorization === undefined) answer(401, { "www-authenticate": realm });
      else {
        const body = '{"errors":[{"code":"DENIED","message":"ask\\n  an owner","detail":[]},{"code":"OTHER"}]}';
        answer(401, { "www-authenticate": `${realm},error="insufficient_scope"` }, body);
      }
      return true;
    });
    await expect(versionOf(source(served, ":1.0.0"))).rejects.toMatchObject({
      code: "CHART_UNAUTHORIZED",
      detail: "DENIED: ask an owner\nOTHER",
      hint: expect.stringContaining("is not allowed this"),
    });
    expect(served.seen.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
  });

  test("are not asked for where a password would go out in the clear", async () => {
    const { createAuthorizer } = await import("../../../src/chart/registry/authorizer.ts");
    const asked: string[] = [];
    const authorizer = createAuthorizer({
      fetcher: async ({ url }) => {
        asked.push(url.href);
        throw new Error("asked");
      },
      credential: async () => ({ username: "me", password: "hidden" }),
      isPlainHttp: false,
    });
    const headers = { "www-authenticate": 'Bearer realm="http://evil.example/token"' };
    const refusal = { status: 401, headers, body: Buffer.alloc(0), url: new URL("https://registry.example/v2/") };
    await expect(authorizer.learn(refusal, "")).rejects.toMatchObject({ code: "CHART_UNAUTHORIZED" });
    expect(asked).toEqual([]);
  });
});

test("a provenance layer comes along", async () => {
  const served = await registry();
  const layers = [{ mediaType: "application/vnd.cncf.helm.chart.provenance.v1.prov", bytes: Buffer.from("signed") }];
  served.put("charts/shop", "1.0.0", packed("shop", "1.0.0"), { layers });
  const located = await locateChart(source(served, ":1.0.0"));
  expect(located.kind === "remote" && (await located.provenance())?.toString()).toBe("signed");
  const without = await locateChart(source(served, ":1.1.0"));
  expect(without.kind === "remote" && (await without.provenance())).toBeUndefined();
});

const auth = () => ({ auth: Buffer.from("me:hidden:too").toString("base64") });

function write(path: string, text: string): void {
  const target = join(home, path);
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, text);
}

function helper(script: string): void {
  write("bin/docker-credential-test", `#!/bin/sh\ntest "$1" = get || exit 2\n${script}\n`);
  chmodSync(join(home, "bin/docker-credential-test"), 0o755);
}
