import { describe, expect, test } from "vitest";
import { readIndex } from "../../../src/chart/repository/index-file.ts";
import { bestFirst, searchIndex } from "../../../src/chart/repository/search.ts";

const yaml = `apiVersion: v1
entries:
  blog:
  - {name: blog, version: 1.0.0}
  - apiVersion: v2
    description: Writes for the Shop, "daily"
    name: blog
    version: 1.1.0
  shop:
  - apiVersion: v2
    description: >-
      Sells things
      on the web
    keywords:
    - web
    - shop
    name: shop
    version: 2.0.0-rc.1
  - apiVersion: v2
    description: "Sells \\u0074hings"
    name: shop
    version: 1.10.0
  - apiVersion: v2
    name: shop
    version: 1.2.0
  - apiVersion: v2
    name: ../no
    version: 9.0.0
generated: "2026-01-01T00:00:00Z"
`.replace("  - {name: blog, version: 1.0.0}\n", "  - apiVersion: v2\n    name: blog\n    version: 1.0.0\n");

const asJson = (indent?: number) => {
  const entries = Object.fromEntries(readIndex(Buffer.from(yaml), "index"));
  return JSON.stringify({ entries, apiVersion: "v1", generated: "x" }, undefined, indent);
};

const layouts: [string, string][] = [
  ["YAML", yaml],
  ["YAML with CRLF", yaml.replaceAll("\n", "\r\n")],
  ["YAML with quoted keys", yaml.replace("  shop:\n", '  "shop":\n')],
  [
    "YAML with an alias",
    yaml.replace("entries:", "x: &name shop\nentries:").replaceAll("    name: shop", "    name: *name"),
  ],
  ["JSON", asJson()],
  ["indented JSON", ` ${asJson(2)}\n`],
  ["JSON with a comment, which is YAML", `${asJson()}\n# end\n`],
];

const search = (index: string, words: string, more: object = {}) =>
  bestFirst(
    searchIndex(Buffer.from(index), "my", { words, isRegexp: false, range: ">0.0.0", everyVersion: false, ...more }),
  ).map(({ name, chart }) => `${name} ${chart.version}`);

describe.each(layouts)("an index in %s", (_, index) => {
  test.each<[string, object, string[]]>([
    ["", {}, ["my/blog 1.1.0", "my/shop 1.10.0"]],
    ["shop", {}, ["my/shop 1.10.0", "my/blog 1.1.0"]],
    ["SHOP", {}, ["my/shop 1.10.0", "my/blog 1.1.0"]],
    ["my/shop", {}, ["my/shop 1.10.0"]],
    ["sells things", {}, ["my/shop 1.10.0"]],
    ["things on the web", { range: ">0.0.0-0" }, ["my/shop 2.0.0-rc.1"]],
    ["web shop", { range: ">0.0.0-0" }, ["my/shop 2.0.0-rc.1"]],
    ["shop", { range: ">0.0.0-0" }, ["my/shop 2.0.0-rc.1", "my/blog 1.1.0"]],
    ["shop", { range: "^1.0.0", everyVersion: true }, ["my/shop 1.10.0", "my/shop 1.2.0", "my/blog 1.1.0"]],
    ["^sh.p", { isRegexp: true }, ["my/shop 1.10.0"]],
    ["none", {}, []],
  ])("%j with %j", (words, more, expected) => {
    expect(search(index, words, more)).toEqual(expected);
  });
});

test("entries that can't match are not read", () => {
  const broken = yaml.replace('Writes for the Shop, "daily"', "[");
  expect(search(broken, "sells")).toEqual(["my/shop 1.10.0"]);
  expect(() => readIndex(Buffer.from(broken), "index")).toThrow();
});

test.each([["<html></html>"], ["entries: {}\n"], ['{"entries": {}}'], ['{"apiVersion": "", "entries": {}}']])(
  "%s is no index",
  (text) => {
    expect(() => search(text, "shop")).toThrow(/not the index of a chart repository/);
  },
);
