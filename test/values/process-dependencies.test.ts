import { describe, expect, test } from "vitest";
import type { Chart, Dependency } from "../../src/chart/types.ts";
import { processDependencies } from "../../src/values/process-dependencies.ts";
import { chart, yaml } from "./chart-fixture.ts";

const names = (top: Chart): string[] => top.dependencies.map(({ metadata }) => metadata.name);

describe("which subcharts there are", () => {
  test.each<[string, Partial<Dependency>, string, boolean]>([
    ["without rules", {}, "{}", true],
    ["condition false", { condition: "sub.use" }, "{sub: {use: false}}", false],
    ["condition true", { condition: "sub.use" }, "{sub: {use: true}}", true],
    ["condition not set", { condition: "sub.use" }, "{}", true],
    ["condition that is text", { condition: "sub.use" }, '{sub: {use: "false"}}', true],
    ["the first condition that is set", { condition: "a,b,c" }, "{b: false, c: true}", false],
    ["a condition that is a map", { condition: "a,b" }, "{a: {}, b: false}", false],
    ["tag false", { tags: ["x"] }, "{tags: {x: false}}", false],
    ["one of two tags true", { tags: ["x", "z"] }, "{tags: {x: false, z: true}}", true],
    ["a tag that nobody sets", { tags: ["x"] }, "{tags: {z: false}}", true],
    ["condition over tag", { tags: ["x"], condition: "use" }, "{tags: {x: false}, use: true}", true],
    ["a version that does not match", { version: ">=2" }, "{}", true],
  ])("%s", (_name, rule, config, enabled) => {
    const top = chart("top", "{}", [chart("sub")], [{ name: "sub", version: "1.x", ...rule }]);
    expect(names(processDependencies(top, yaml(config), { helm: "4" }))).toEqual(enabled ? ["sub"] : []);
  });

  test("undeclared ones come first, aliases in the order of Chart.yaml", () => {
    const declared: Dependency[] = [
      { name: "a", version: "", alias: "first" },
      { name: "a", version: "*", alias: "second" },
    ].map((dependency) => ({ ...dependency, version: "*" }));
    const top = chart("top", "{}", [chart("a"), chart("extra")], declared);
    expect(names(processDependencies(top, yaml("{}"), { helm: "4" }))).toEqual(["extra", "first", "second"]);
    expect(names(top)).toEqual(["a", "extra"]);
  });

  test("conditions of subcharts' subcharts are below the subchart's name", () => {
    const sub = chart(
      "sub",
      "{deep: {use: true}}",
      [chart("deep")],
      [{ name: "deep", version: "*", condition: "deep.use" }],
    );
    const top = chart("top", "{}", [sub], [{ name: "sub", version: "*" }]);
    const deep = (config: string) => processDependencies(top, yaml(config), { helm: "4" }).dependencies.flatMap(names);
    expect(deep("{}")).toEqual(["deep"]);
    expect(deep("{sub: {deep: {use: false}}}")).toEqual([]);
  });
});

describe("import-values", () => {
  const child = "{exports: {data: {port: 80, host: h}}, inner: {x: 1, z: 2}}";
  test.each<[string, unknown[], string, string]>([
    ["exports", ["data"], "{}", "{port: 80, host: h}"],
    ["the parent's own win", ["data"], "{port: 1}", "{port: 1, host: h}"],
    [
      "from and to a path",
      [
        new Map([
          ["child", "inner"],
          ["parent", "a.b"],
        ]),
      ],
      "{a: {b: {x: 9}}}",
      "{a: {b: {x: 9, z: 2}}}",
    ],
    [
      "to the top",
      [
        new Map([
          ["child", "inner"],
          ["parent", "."],
        ]),
      ],
      "{}",
      "{x: 1, z: 2}",
    ],
    [
      "what isn't there",
      [
        "none",
        new Map([
          ["child", "inner.x"],
          ["parent", "."],
        ]),
      ],
      "{}",
      "{}",
    ],
  ])("%s", (_name, ways, values, expected) => {
    const declared = [{ name: "sub", version: "*", "import-values": ways }];
    const top = chart("top", values, [chart("sub", child)], declared);
    const result = new Map(processDependencies(top, yaml("{}"), { helm: "4" }).values);
    result.delete("sub");
    expect(result).toEqual(yaml(expected));
  });
});
