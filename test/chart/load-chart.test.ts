import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadChart } from "../../src/chart/load-chart.ts";
import { tgz } from "./tar-fixture.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chart-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Record<string, string | Uint8Array>, folder = "shop"): string {
  for (const [name, data] of Object.entries(files)) {
    const path = join(root, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  }
  return join(root, folder);
}

const minimal = "apiVersion: v2\nname: shop\nversion: 1.2.3\n";

test("puts each file in its place", async () => {
  const chart = await loadChart(
    write({
      "Chart.yaml": `${minimal}appVersion: 1.10\nAnnotations: {one: 1, __proto__: x}\nunknown: [1]\n`,
      "values.yaml": "a: 1\n",
      "values.schema.json": "{}",
      "templates/b.yaml": "b",
      "templates/sub/a.yaml": "a",
      "crds/c.yaml": "c",
      "README.md": "text",
      "charts/README.md": "no chart",
      "charts/_ignored/Chart.yaml": "broken: [",
      "charts/.hidden/Chart.yaml": "broken: [",
    }),
  ).catch((error: Error) => error.message);
  // A file right under charts/ makes Helm fail as well.
  expect(chart).toMatch(/charts\/README\.md.*Chart\.yaml file is missing/);

  rmSync(join(root, "shop/charts/README.md"));
  const loaded = await loadChart(join(root, "shop"));
  const { annotations = {}, ...metadata } = loaded.metadata;
  expect(metadata).toEqual({ apiVersion: "v2", name: "shop", version: "1.2.3", appVersion: "1.1" });
  expect(Object.entries(annotations)).toEqual([
    ["one", "1"],
    ["__proto__", "x"],
  ]);
  expect(loaded.templates.map(({ name }) => name)).toEqual(["templates/b.yaml", "templates/sub/a.yaml"]);
  expect(loaded.files.map(({ name }) => name)).toEqual(["README.md", "crds/c.yaml"]);
  expect(loaded.values).toEqual(new Map([["a", 1]]));
  expect(loaded.dependencies).toEqual([]);
});

test("loads packages inside packages", async () => {
  const file = (name: string, data: string | Uint8Array) => ({ name, data });
  const inner = tgz([file("db/Chart.yaml", minimal.replace("shop", "db"))]);
  const outer = tgz([file("web/Chart.yaml", minimal.replace("shop", "web")), file("web/charts/db-1.tgz", inner)]);
  const chart = await loadChart(write({ "Chart.yaml": minimal, "charts/web-1.tgz": outer }));
  expect(chart.dependencies.map(({ metadata }) => metadata.name)).toEqual(["web"]);
  expect(chart.dependencies[0]?.dependencies.map(({ metadata }) => metadata.name)).toEqual(["db"]);
});

test.each([
  ["no apiVersion is v1", "name: shop\nversion: 1.2.3\n", undefined],
  ["unsupported apiVersion", "apiVersion: v3\nname: shop\nversion: 1.2.3\n", /unsupported apiVersion "v3"/],
  ["no name", "apiVersion: v2\nversion: 1.2.3\n", /chart\.metadata\.name is required/],
  ["a name that is a path", "apiVersion: v2\nname: a/b\nversion: 1.2.3\n", /chart\.metadata\.name "a\/b" is invalid/],
  ["a name that leads up", "apiVersion: v2\nname: ..\nversion: 1.2.3\n", /is not allowed/],
  ["no version", "apiVersion: v2\nname: shop\n", /chart\.metadata\.version is required/],
  [
    "no version at all",
    "apiVersion: v2\nname: shop\nversion: latest\n",
    /chart\.metadata\.version "latest" is invalid/,
  ],
  ["an unknown type", `${minimal}type: app\n`, /must be application or library/],
  ["an empty maintainer", `${minimal}maintainers: [null]\n`, /maintainers must not contain empty/],
  ["an empty dependency", `${minimal}dependencies: [null]\n`, /dependencies must not contain empty/],
  ["a dependency twice", `${minimal}dependencies: [{name: a}, {name: b, alias: a}]\n`, /more than one dependency/],
  ["a bad alias", `${minimal}dependencies: [{name: a, alias: a.b}]\n`, /disallowed characters in the alias/],
  [
    "a list for a text",
    "apiVersion: v2\nname: [shop]\nversion: 1.2.3\n",
    /cannot unmarshal array into Go struct field Metadata\.name/,
  ],
  ["broken YAML", "apiVersion: v2\nname: [shop\n", /did not find expected/],
  ["a text", "just text\n", /cannot unmarshal string/],
])("Chart.yaml with %s", async (_name, text, message) => {
  const loading = loadChart(write({ "Chart.yaml": text }));
  if (message === undefined) expect((await loading).metadata.apiVersion).toBe("v1");
  else await expect(loading).rejects.toThrow(message);
});

describe("where there is no chart", () => {
  test.each([
    ["oci://registry.example/charts/redis", "CHART_NOT_FOUND", /Only folders and files/],
    ["https://example.com/redis.tgz", "CHART_NOT_FOUND", /Only folders and files/],
    ["./nothing/here/at/all", "CHART_NOT_FOUND", /relative to the working directory/],
  ])("%s is %s", async (path, code, hint) => {
    await expect(loadChart(path)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) });
  });

  test("a folder or a file that is none says so", async () => {
    const folder = write({ "values.yaml": "a: 1" });
    await expect(loadChart(folder)).rejects.toMatchObject({
      code: "CHART_INVALID",
      message: expect.stringContaining("no Chart.yaml"),
    });
    await expect(loadChart(join(folder, "values.yaml"))).rejects.toMatchObject({ hint: expect.stringContaining("-f") });
  });
});

describe("links", () => {
  test("lead to files of the chart and of its repository", async () => {
    const folder = write({ "Chart.yaml": minimal, "templates/a.yaml": "a" }, "repo/charts/shop");
    write({ "common/Chart.yaml": minimal.replace("shop", "common") }, "repo");
    mkdirSync(join(root, "repo/.git"));
    mkdirSync(join(folder, "charts"));
    symlinkSync("a.yaml", join(folder, "templates/b.yaml"));
    symlinkSync("../../../common", join(folder, "charts/common"));
    const chart = await loadChart(folder);
    expect(chart.templates.map(({ name }) => name)).toEqual(["templates/a.yaml", "templates/b.yaml"]);
    expect(chart.dependencies.map(({ metadata }) => metadata.name)).toEqual(["common"]);
  });

  test("don't lead out of it, in circles or nowhere", async () => {
    const folder = write({ "Chart.yaml": minimal }, "repo/shop");
    mkdirSync(join(root, "repo/.git"));
    const link = join(folder, "link");
    for (const [target, message] of [
      ["/etc/hostname", /leads out/],
      [".", /circle/],
      ["none", /leads nowhere/],
    ] as const) {
      symlinkSync(target, link);
      await expect(loadChart(folder)).rejects.toThrow(message);
      rmSync(link);
    }
  });
});

test("a large file is read when it is asked for, also in a subchart, and counted when it has grown", async () => {
  const large = (letter: string) => letter.repeat(70_000);
  const folder = write({
    "Chart.yaml": minimal,
    "crds/one.yaml": large("a"),
    "crds/two.yaml": large("b"),
    "charts/sub/Chart.yaml": minimal,
    "charts/sub/files/three.txt": `\ufeff${large("c")}`,
  });
  const chart = await loadChart(folder);
  const [one, two] = chart.files;
  const three = chart.dependencies[0]?.files[0];
  expect(Buffer.from(three?.data ?? []).toString()).toBe(large("c"));
  rmSync(join(folder, "crds/one.yaml"));
  expect(() => one?.data).toThrow('"crds/one.yaml" was there, and can\'t be read any more');
  writeFileSync(join(folder, "crds/two.yaml"), Buffer.alloc(101 * 1024 * 1024));
  expect(() => two?.data).toThrow("it is larger than 100 MiB");
});
