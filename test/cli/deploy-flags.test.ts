import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { configMap, startCluster } from "../deploy/fixture.ts";
import { writeChart } from "./chart-folder.ts";
import { commandLine } from "./command-line.ts";

const cluster = await startCluster();
const folder = mkdtempSync(join(tmpdir(), "deploy-flags-"));
afterAll(() => rmSync(folder, { recursive: true }));

const chart = writeChart(join(folder, "shop.v2"), {
  "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "templates/a.yaml": configMap("{{ .Release.Name }}", "{}"),
  "templates/NOTES.txt": "Look at {{ .Release.Name }}.\n",
});
const deploy = (...words: string[]) => cluster.slipway("deploy", ...words);
const recordOf = async (revision: number) => {
  const name = `sh.helm.release.v1.tagged.v${revision}`;
  const record = await cluster.kube.get({ apiVersion: "v1", kind: "Secret", namespace: "default", name });
  return record?.metadata.labels;
};

describe("the release's name", () => {
  test("is made from the chart's and the time", async () => {
    const { out } = await deploy(chart, "--generate-name");
    const made = /^Release shop-(\d+) is deployed/m.exec(out)?.[1];
    expect(Math.abs(Number(made) - Date.now() / 1000)).toBeLessThan(60);
  });

  test("is made by a template", async () => {
    const { out } = await deploy(chart, "--name-template", '{{ "SHOP" | lower }}-{{ add 1 2 }}');
    expect(out).toMatch(/^Release shop-3 is deployed/m);
  });

  test.each([
    ["none is given", [chart], /A release needs a name and a chart/],
    ["two are given", ["shop", chart, "-g"], /can't be given together/],
    ["the template makes no name", [chart, "--name-template", "A B"], /Release name "A B" is not valid/],
  ])("%s", async (_, words, message) => {
    expect(await deploy(...words)).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  });
});

test("notes are hidden where that is asked for", async () => {
  expect((await deploy("noted", chart)).out).toContain("NOTES:\nLook at noted.");
  expect((await deploy("noted", chart, "--hide-notes")).out).not.toContain("NOTES");
  expect((await cluster.slipway("get", "notes", "noted")).out).toContain("Look at noted.");
});

test("what is always so may be said", async () => {
  const words = ["--hide-secret", "--disable-openapi-validation", "--replace", "--install", "--atomic", "--no-hooks"];
  expect(await deploy("said", chart, ...words, "--server-side", "auto")).toMatchObject({ code: 0 });
});

test("labels go over the last revision's, and null takes one away", async () => {
  await deploy("tagged", chart, "--labels", "team=a,tier=web");
  expect(await recordOf(1)).toMatchObject({ team: "a", tier: "web" });
  await deploy("tagged", chart, "-l", "team=b,tier=null");
  expect(await recordOf(2)).toMatchObject({ team: "b" });
  expect(await recordOf(2)).not.toHaveProperty("tier");
  expect(await deploy("tagged", chart, "-l", "owner=me")).toMatchObject({
    code: 1,
    err: expect.stringContaining("can't be labelled with owner"),
  });
});

test.each([
  [["--color=always"], {}, true],
  [["--colour", "always"], {}, true],
  [["--color=never"], { FORCE_COLOR: "1" }, false],
  [["--color=auto"], {}, false],
  [[], { FORCE_COLOR: "1" }, true],
])("an error with %j in %j is coloured: %s", async (words, env, isColoured) => {
  const { err } = await commandLine(["deploy", chart, ...words], env);
  expect(err.includes("\u001b[")).toBe(isColoured);
});

test("a colour that there is not is refused", async () => {
  expect((await commandLine(["deploy", chart, "--color=red"])).err).toMatch(/--color can't be "red"/);
});
