import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import bcrypt from "bcryptjs";
import { generateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { checkDependencies } from "../../src/chart/check-chart.ts";
import { loadChart } from "../../src/chart/load-chart.ts";
import { type PackedChart, packageChart } from "../../src/chart/package/package-chart.ts";
import { makeCertificates } from "../chart/remote/certificates.ts";
import { send, serveWeb, type WebServer } from "../chart/remote/web-server.ts";
import { filesOf, type Place, placesIn, type Tool, writeChart } from "./chart-place.ts";
import { freePort } from "./free-port.ts";
import { type RealRegistry, startRegistry } from "./real-registry.ts";

const fixtures = fileURLToPath(new URL("../fixtures/charts", import.meta.url));
const helms = ["helm3", "helm4"] as const;
const certificates = makeCertificates();
const login = { username: "me", password: "hidden:too" };

let root: string;
const makePlace = placesIn(() => root);
let open: RealRegistry;
let closed: RealRegistry;
let repository: WebServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "slipway-charts-"));
  const users = `${login.username}:${await bcrypt.hash(login.password, 4)}\n`;
  [open, closed, repository] = await Promise.all([
    startRegistry({ port: await freePort() }),
    startRegistry({ port: await freePort(), certificates, users }),
    serveWeb(({ path }, response) => {
      try {
        send(response, 200, readFileSync(join(root, "repository", path)));
      } catch {
        send(response, 404);
      }
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([open?.stop(), closed?.stop(), repository?.close()]);
  rmSync(root, { recursive: true, force: true });
});

describe.each(helms)("a registry, and %s", (helm) => {
  test.each<[Tool, Tool]>([
    [helm, "slipway"],
    ["slipway", helm],
  ])("what %s pushed, %s pulls", async (pusher, puller) => {
    const place = makePlace("push");
    const project = `oci://${open.host}/${pusher}-${helm}/deep`;
    for (const version of ["1.0.0", "1.1.0+build.2", "2.0.0-rc.1"]) {
      writeChart(place, "shop", version);
      await place.tool(helm, "package", "shop");
      await place.tool(pusher, "push", `shop-${version}.tgz`, project, "--plain-http");
    }
    for (const [index, [wanted, version]] of [
      ["1.0.0", "1.0.0"],
      ["1.1.0+build.2", "1.1.0+build.2"],
      ["^1.0.0", "1.1.0+build.2"],
      [">0.0.0-0", "2.0.0-rc.1"],
    ].entries()) {
      const folder = place.at(`pulled-${index}`);
      mkdirSync(folder);
      await place.tool(puller, "pull", `${project}/shop`, "--version", wanted ?? "", "--plain-http", "-d", folder);
      expect(readdirSync(folder)).toEqual([`shop-${version}.tgz`]);
      expect(readFileSync(join(folder, `shop-${version}.tgz`))).toEqual(readFileSync(place.at(`shop-${version}.tgz`)));
    }
  });

  test("a version that was pushed again is the new one to whoever pushed it, or asks", async () => {
    const place = makePlace("again");
    const project = `oci://${open.host}/again/${helm}`;
    const pushed = async (tool: Tool, icon: string) => {
      writeChart(place, "shop", "1.0.0", `icon: ${icon}\n`);
      await place.tool("slipway", "package", "shop");
      await place.tool(tool, "push", "shop-1.0.0.tgz", project, "--plain-http");
    };
    const iconOf = async (version: string) => {
      const words = ["show", "chart", `${project}/shop`, "--version", version, "--plain-http"];
      return /^icon: (.*)$/m.exec(await place.tool("slipway", ...words))?.[1];
    };
    await pushed("slipway", "first");
    expect(await iconOf("1.0.0")).toBe("first");
    await pushed("slipway", "second");
    expect(await iconOf("1.0.0")).toBe("second");
    await pushed(helm, "third");
    expect(await iconOf("1.0.0")).toBe("second");
    expect(await iconOf("=1.0.0")).toBe("third");
    expect(await iconOf("1.0.0")).toBe("third");
  });

  test("both push the same manifest", async () => {
    const place = makePlace("manifest");
    writeChart(place, "shop", "1.0.0");
    await place.tool(helm, "package", "shop");
    const manifests = await Promise.all(
      (["slipway", helm] as const).map(async (tool) => {
        await place.tool(tool, "push", "shop-1.0.0.tgz", `oci://${open.host}/same/${helm}/${tool}`, "--plain-http");
        const url = `http://${open.host}/v2/same/${helm}/${tool}/shop/manifests/1.0.0`;
        const answer = await fetch(url, { headers: { accept: "application/vnd.oci.image.manifest.v1+json" } });
        return await answer.text();
      }),
    );
    expect(manifests[0]).toBe(manifests[1]);
  });

  test("render the same from it", async () => {
    const place = makePlace("template");
    writeChart(place, "shop", "1.0.0");
    await place.tool("slipway", "package", "shop");
    await place.tool("slipway", "push", "shop-1.0.0.tgz", `oci://${open.host}/render/${helm}`, "--plain-http");
    const words = ["template", "x", `oci://${open.host}/render/${helm}/shop`, "--plain-http"];
    const ours = await place.run("slipway", words);
    expect(ours).toMatchObject({ code: 0 });
    expect(ours.out).toBe((await place.run(helm, words)).out);
  });

  test("one logs in, the other uses it, over TLS", async () => {
    const place = makePlace("login");
    const { username, password } = login;
    const trust = ["--ca-file", certificates.ca];
    writeChart(place, "shop", "1.0.0");
    await place.tool("slipway", "package", "shop");
    const push = (tool: Tool) =>
      place.run(tool, ["push", "shop-1.0.0.tgz", `oci://${closed.host}/${helm}/${tool}`, ...trust]);
    for (const [first, second] of [
      ["slipway", helm],
      [helm, "slipway"],
    ] as const) {
      expect(await push(second)).toMatchObject({ code: 1 });
      const words = ["registry", "login", closed.host, "-u", username, "--password-stdin", ...trust];
      expect(await place.run(first, words, { stdin: "wrong" })).toMatchObject({ code: 1 });
      expect(await place.run(first, words, { stdin: `${password}\n` })).toMatchObject({ code: 0 });
      expect(await push(second)).toMatchObject({ code: 0 });
      await place.tool(second, "registry", "logout", closed.host);
      expect(await push(first)).toMatchObject({ code: 1 });
    }
    expect((await push("slipway")).err).toContain("CHART_UNAUTHORIZED");
    const untrusted = await place.run("slipway", ["pull", `oci://${closed.host}/${helm}/slipway/shop`]);
    expect(untrusted.err).toContain("--ca-file");
  });
});

describe.each(helms)("signatures, and %s", (helm) => {
  test("what one signed, the other verifies; what was changed since, neither", async () => {
    const place = makePlace("sign");
    const keys = await generateKey({
      userIDs: [{ name: "Slip Way", email: "s@w.example" }],
      type: "rsa",
      rsaBits: 2048,
      format: "binary",
    });
    writeFileSync(place.at("secret.gpg"), keys.privateKey);
    writeFileSync(place.at("public.gpg"), keys.publicKey);
    for (const [signer, verifier] of [
      [helm, "slipway"],
      ["slipway", helm],
    ] as const) {
      const version = signer === helm ? "1.0.0" : "1.0.1";
      writeChart(place, "shop", version);
      await place.tool(signer, "package", "shop", "--sign", "--key", "Slip Way", "--keyring", place.at("secret.gpg"));
      const file = place.at(`shop-${version}.tgz`);
      const verify = ["verify", file, "--keyring", place.at("public.gpg")];
      const [one, two] = [await place.run(signer, verify), await place.run(verifier, verify)];
      expect(one).toMatchObject({ code: 0 });
      expect(two.out).toBe(one.out);
      await place.tool(signer, "push", file, `oci://${open.host}/signed/${helm}/${signer}`, "--plain-http");
      const pull = [
        "pull",
        `oci://${open.host}/signed/${helm}/${signer}/shop`,
        "--plain-http",
        "-d",
        place.at(`${version}`),
      ];
      mkdirSync(place.at(version));
      const checked = [...pull, "--verify", "--keyring", place.at("public.gpg")];
      expect(await place.run("slipway", checked)).toMatchObject({ code: 0 });
      expect(readdirSync(place.at(version)).sort()).toEqual([`shop-${version}.tgz`, `shop-${version}.tgz.prov`]);
      const template = ["template", "x", file, "--verify", "--keyring"];
      expect(await place.run("slipway", [...template, place.at("public.gpg")])).toMatchObject({ code: 0 });

      writeChart(place, "shop", version, "icon: tampered\n");
      await place.tool("slipway", "package", "shop");
      for (const tool of [helm, "slipway"] as const) expect(await place.run(tool, verify)).toMatchObject({ code: 1 });
      const refused = await place.run("slipway", [...template, place.at("public.gpg")]);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("CHART_UNVERIFIED") });
    }
    const stranger = await generateKey({ userIDs: [{ name: "Other" }], format: "binary" });
    writeFileSync(place.at("other.gpg"), stranger.publicKey);
    writeChart(place, "shop", "1.0.0");
    await place.tool(helm, "package", "shop", "--sign", "--key", "Slip Way", "--keyring", place.at("secret.gpg"));
    const unknown = await place.run("slipway", [
      "verify",
      place.at("shop-1.0.0.tgz"),
      "--keyring",
      place.at("other.gpg"),
    ]);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining("CHART_UNVERIFIED") });
  });
});

describe.each(helms)("packages, and %s", (helm) => {
  const all = readdirSync(fixtures).filter((name) => !name.includes("."));
  // The two pack alike; the older one is asked about what it might do differently.
  const apart = ["crds", "files", "helmignore", "library", "metadata", "requirements", "schema", "subcharts"];

  test.each(helm === "helm4" ? all : apart)("of %s hold the same", async (name) => {
    const place = makePlace("package");
    cpSync(join(fixtures, name), place.at("chart"), { recursive: true, verbatimSymlinks: true });
    const theirs = await place.run(helm, ["package", "chart", "-d", "theirs"]);
    const ours = await packOurs(place.at("chart"), helm === "helm3" ? "3" : "4");
    expect(ours === undefined, theirs.err).toBe(theirs.code !== 0);
    if (ours === undefined) return;
    expect(readdirSync(place.at("theirs"))).toEqual([ours.fileName]);
    writeFileSync(place.at(ours.fileName), ours.bytes);
    const [left, right] = [filesOf(place.at(ours.fileName)), filesOf(place.at("theirs", ours.fileName))];
    expect(left).toEqual(right);
    // Helm packs subcharts in any order.
    const own = (files: object) => Object.keys(files).filter((path) => !path.startsWith("charts/"));
    expect(own(left)).toEqual(own(right));
  });
});

async function packOurs(folder: string, helm: "3" | "4"): Promise<PackedChart | undefined> {
  try {
    const chart = await loadChart(folder, { helm });
    checkDependencies(chart);
    return packageChart(chart);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

describe.each(helms)("dependencies, and %s", (helm) => {
  test("are resolved, locked and fetched alike", async () => {
    const place = makePlace("dependencies");
    const files = join(root, "repository", helm);
    mkdirSync(files, { recursive: true });
    for (const [name, version] of [
      ["web", "1.0.0"],
      ["web", "1.4.0"],
      ["web", "2.0.0"],
      ["worker", "0.3.1-rc.1"],
    ] as const) {
      writeChart(place, name, version);
      await place.tool("slipway", "package", name, "-d", files);
    }
    writeChart(place, "cache", "3.1.0+build.9");
    await place.tool(helm, "package", "cache");
    await place.tool(
      helm,
      "push",
      "cache-3.1.0+build.9.tgz",
      `oci://${open.host}/dependencies/${helm}`,
      "--plain-http",
    );
    await place.tool("slipway", "repo", "index", files);
    writeChart(place, "lib", "0.2.0", "type: library\n");
    await place.tool("slipway", "repo", "add", "known", `${repository.url}/${helm}`);
    writeChart(
      place,
      "app",
      "1.0.0",
      `dependencies:
- {name: web, version: ^1.0.0, repository: "@known", condition: web.enabled, tags: [a, "<b>"], import-values: [data, {child: x, parent: y}]}
- {name: worker, version: ">=0.3.0-0", repository: "alias:known", alias: second}
- {name: cache, version: "3.x.x", repository: "oci://${open.host}/dependencies/${helm}"}
- {name: lib, version: "~0.2", repository: "file://../lib"}
- {name: vendored, version: "*", repository: ""}
`,
    );
    cpSync(place.at("lib"), place.at("app/charts/vendored"), { recursive: true });
    const yaml = readFileSync(place.at("lib/Chart.yaml"), "utf8").replace("name: lib", "name: vendored");
    writeFileSync(place.at("app/charts/vendored/Chart.yaml"), yaml);
    cpSync(place.at("app"), place.at("theirs"), { recursive: true });

    await place.tool("slipway", "dependency", "update", "app", "--plain-http");
    await place.tool(helm, "dependency", "update", "theirs", "--plain-http");
    expect(lockOf(place, "app")).toBe(lockOf(place, "theirs"));
    expect(chartsOf(place, "app")).toEqual(chartsOf(place, "theirs"));
    expect(Object.keys(chartsOf(place, "app"))).toContain("web-1.4.0.tgz");

    // Each builds from the lock of the other.
    cpSync(place.at("app/Chart.lock"), place.at("swap.lock"));
    cpSync(place.at("theirs/Chart.lock"), place.at("app/Chart.lock"));
    cpSync(place.at("swap.lock"), place.at("theirs/Chart.lock"));
    for (const name of ["app", "theirs"]) {
      for (const file of readdirSync(place.at(name, "charts"))) {
        if (file.endsWith(".tgz")) rmSync(place.at(name, "charts", file));
      }
    }
    await place.tool("slipway", "dependency", "build", "app", "--plain-http");
    await place.tool(helm, "dependency", "build", "theirs", "--plain-http");
    expect(chartsOf(place, "app")).toEqual(chartsOf(place, "theirs"));

    const listed = (text: string) => text.split("\n").map((line) => line.trimEnd().split(/\s{2,}|\s*\t/));
    const [ours, theirs] = [
      await place.tool("slipway", "dependency", "list", "app"),
      await place.tool(helm, "dependency", "list", "theirs"),
    ];
    expect(listed(ours).filter(([name]) => name)).toEqual(listed(theirs).filter(([name]) => name));

    writeFileSync(
      place.at("app/Chart.yaml"),
      readFileSync(place.at("app/Chart.yaml"), "utf8").replace("^1.0.0", "^2.0.0"),
    );
    const stale = await place.run("slipway", ["dependency", "build", "app", "--plain-http"]);
    expect(stale).toMatchObject({ code: 1, err: expect.stringContaining("out of sync") });
    expect(await place.run("slipway", ["dependency", "update", "app", "--plain-http"])).toMatchObject({ code: 0 });
    expect(Object.keys(chartsOf(place, "app"))).not.toContain("web-1.4.0.tgz");
  });

  test("of a chart of Helm 2's kind are locked alike", async () => {
    const place = makePlace("old");
    for (const name of ["app", "theirs"]) {
      mkdirSync(place.at(name), { recursive: true });
      writeFileSync(place.at(name, "Chart.yaml"), "name: app\nversion: 1.0.0\n");
      writeFileSync(
        place.at(name, "requirements.yaml"),
        'dependencies:\n- {name: lib, version: "0.x", repository: "file://../lib"}\n',
      );
    }
    writeChart(place, "lib", "0.2.0");
    await place.tool("slipway", "dependency", "update", "app");
    await place.tool(helm, "dependency", "update", "theirs");
    expect(lockOf(place, "app", "requirements.lock")).toBe(lockOf(place, "theirs", "requirements.lock"));
    await place.tool("slipway", "dependency", "build", "theirs");
    await place.tool(helm, "dependency", "build", "app");
  });
});

describe.each(helms)("the list of repositories, and %s", (helm) => {
  test("is one for both", async () => {
    const place = makePlace("list");
    const files = join(root, "repository", `list-${helm}`);
    mkdirSync(files, { recursive: true });
    for (const version of ["1.0.0", "1.1.0", "2.0.0-rc.1"]) {
      writeChart(place, "shop", version, "keywords: [till]\n");
      await place.tool(helm, "package", "shop", "-d", files);
    }
    const url = `${repository.url}/list-${helm}`;
    await place.tool("slipway", "repo", "index", files, "--url", url);
    const generated = /(created|generated): .*/g;
    const ours = readFileSync(join(files, "index.yaml"), "utf8").replace(generated, "$1");
    await place.tool(helm, "repo", "index", files, "--url", url);
    expect(ours).toBe(readFileSync(join(files, "index.yaml"), "utf8").replace(generated, "$1"));

    await place.tool("slipway", "repo", "add", "one", url);
    await place.tool(helm, "repo", "add", "two", url);
    for (const words of [["repo", "list", "-o", "json"], ...searches]) {
      const [left, right] = await Promise.all([place.run("slipway", words), place.run(helm, words)]);
      expect(JSON.parse(left.out || "null"), words.join(" ")).toEqual(JSON.parse(right.out || "null"));
    }
    await place.tool(helm, "repo", "update");
    await place.tool("slipway", "repo", "update", "one");
    const words = ["template", "x", "two/shop", "--version", "~1.0"];
    expect((await place.run("slipway", words)).out).toBe((await place.run(helm, words)).out);
    await place.tool(helm, "repo", "remove", "one");
    await place.tool("slipway", "repo", "remove", "two");
    expect(await place.run("slipway", ["repo", "list", "-o", "json"])).toMatchObject({ out: "[]\n" });
  });
});

const searches = [
  [],
  ["shop"],
  ["till"],
  ["nothing"],
  ["shop", "-l"],
  ["shop", "--devel"],
  ["shop", "--version", "<1.1"],
  ["-r", "^sh.p"],
].map((words) => ["search", "repo", ...words, "-o", "json"]);

function lockOf(place: Place, name: string, file = "Chart.lock"): string {
  return readFileSync(place.at(name, file), "utf8").replace(/^generated: .*$/m, "");
}

function chartsOf(place: Place, name: string): Record<string, Record<string, string>> {
  const archives = readdirSync(place.at(name, "charts")).filter((file) => file.endsWith(".tgz"));
  return Object.fromEntries(archives.map((file) => [file, filesOf(place.at(name, "charts", file))]));
}
