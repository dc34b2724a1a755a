import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workspaceFiles } from "../../src/report/workspace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-workspace-"));
const root = join(folder, "repository");
const chart = "deploy/my-chart";

beforeAll(() => {
  const write = (path: string, text = "") => writeFileSync(join(root, path), text);
  mkdirSync(join(root, chart, "templates"), { recursive: true });
  mkdirSync(join(root, chart, "charts/db/templates"), { recursive: true });
  write(`${chart}/templates/web.yaml`, "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n");
  write(`${chart}/charts/db/templates/db.yaml`);
  write(`${chart}/values.yaml`);
  write("production.yaml");
  write("odd\u202egpj.yaml");
  writeFileSync(join(folder, "outside.yaml"), "");
  symlinkSync(join(folder, "outside.yaml"), join(root, "link.yaml"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const web = `${chart}/templates/web.yaml`;

test.each([
  ["a template by the chart's name", { where: "shop/templates/web.yaml:3:7" }, { file: web, line: 3, column: 7 }],
  [
    "one of a subchart",
    { where: "shop/charts/db/templates/db.yaml:2" },
    { file: `${chart}/charts/db/templates/db.yaml`, line: 2 },
  ],
  [
    "what a template renders to",
    { where: "shop/templates/web.yaml (line 9, column 2 of what it renders to)" },
    { file: web, line: 1 },
  ],
  ["an object and its template", { where: "Deployment shop/web (shop/templates/web.yaml)" }, { file: web, line: 1 }],
  [
    "a field of an object",
    { where: "shop/templates/web.yaml", kind: "Deployment", field: "spec.replicas" },
    { file: web, line: 4 },
  ],
  [
    "a field that is not in it",
    { where: "shop/templates/web.yaml", kind: "Deployment", field: "spec.paused" },
    { file: web, line: 1 },
  ],
  ["a file of values", { where: "production.yaml:1:5" }, { file: "production.yaml", line: 1, column: 5 }],
  [
    "one that goes up and comes back",
    { where: "deploy/../production.yaml:1:5" },
    { file: "production.yaml", line: 1, column: 5 },
  ],
  ["its whole path", { where: `${root}/production.yaml` }, { file: "production.yaml", line: 1 }],
  ["the chart's values", { where: `${chart}/values.yaml:2:1` }, { file: `${chart}/values.yaml`, line: 2, column: 1 }],
])("%s", (_, finding, place) => {
  expect(workspaceFiles({ root, cwd: root, chart })(finding)).toEqual(place);
});

test.each([
  ["is not there", "shop/templates/none.yaml:1:1"],
  ["is no file", chart],
  ["is an object", "Deployment shop/web"],
  ["is a flag", "--set"],
  ["lies outside", "../outside.yaml:1:1"],
  ["lies outside, by its whole path", join(folder, "outside.yaml")],
  ["lies outside, out of a chart", "shop/templates/../../../../outside.yaml:1:1"],
  ["leads outside", "link.yaml:1:1"],
  ["has a name that shows as another", "odd\u202egpj.yaml:1:1"],
  ["is nothing", ""],
])("no file where it %s", (_, where) => {
  expect(workspaceFiles({ root, cwd: root, chart })({ where })).toBeUndefined();
});

test("paths are meant from where it runs, and told from the repository's root", () => {
  const find = workspaceFiles({ root, cwd: join(root, "deploy"), chart: "my-chart" });
  expect(find({ where: "shop/templates/web.yaml:3:7" })).toEqual({ file: web, line: 3, column: 7 });
  expect(find({ where: "../production.yaml:1:1" })).toEqual({ file: "production.yaml", line: 1, column: 1 });
});

test("a template is none where the chart comes from elsewhere", () => {
  expect(workspaceFiles({ root, cwd: root })({ where: "shop/templates/web.yaml:3:7" })).toBeUndefined();
});
