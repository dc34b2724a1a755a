import { describe, expect, test } from "vitest";
import type { HelmVersion } from "../../src/base/helm-version.ts";
import { coalesceValues, mergeValues } from "../../src/values/coalesce.ts";
import { chart, yaml } from "./chart-fixture.ts";

describe("coalesceValues", () => {
  test.each<[string, string, string, HelmVersion, string]>([
    ["user values win", "{a: 1, b: {c: 1, d: 2}}", "{a: 2, b: {c: 3}}", "4", "{a: 2, b: {c: 3, d: 2}}"],
    ["null deletes a default", "{a: 1, b: {c: 1, d: 2}}", "{a: null, b: {c: null}}", "4", "{b: {d: 2}}"],
    ["null without a default stays", "{}", "{a: null, b: {c: null}}", "4", "{a: null, b: {c: null}}"],
    ["Helm 4 drops default nulls", "{a: null, b: {c: null, d: 1}}", "{}", "4", "{b: {d: 1}}"],
    ["Helm 3 keeps default nulls", "{a: null, b: {c: null, d: 1}}", "{}", "3", "{a: null, b: {c: null, d: 1}}"],
    ["null under null: 4", "{b: {c: null}}", "{b: {c: null}}", "4", "{b: {c: null}}"],
    ["lists are replaced", "{a: [1, 2]}", "{a: [3]}", "4", "{a: [3]}"],
    ["a text over a map stays", "{a: {b: 1}}", "{a: x}", "4", "{a: x}"],
    ["a map over a text stays", "{a: x}", "{a: {b: 1}}", "4", "{a: {b: 1}}"],
  ])("%s", (_name, defaults, config, helm, expected) => {
    expect(coalesceValues(chart("top", defaults), yaml(config), { helm })).toEqual(yaml(expected));
  });

  test("subcharts get their part, globals from above, and what their parent says", () => {
    const sub = chart("sub", "{a: 1, b: 1, c: 1, global: {z: sub}}");
    const top = chart("top", "{sub: {b: 2, c: 2}, global: {x: top, z: top}}", [sub]);
    const values = coalesceValues(top, yaml("{sub: {c: 3}, global: {y: user}}"), { helm: "4" });
    expect(values).toEqual(
      yaml("{sub: {a: 1, b: 2, c: 3, global: {x: top, y: user, z: top}}, global: {x: top, y: user, z: top}}"),
    );
  });

  test("null takes a subchart's default away, from the parent's defaults too", () => {
    const top = chart("top", "{sub: {a: null}}", [chart("sub", "{a: 1, b: 2, c: 3}")]);
    expect(coalesceValues(top, yaml("{sub: {b: null}}"), { helm: "4" })).toEqual(yaml("{sub: {c: 3, global: {}}, }"));
  });

  test("neither the chart nor the user's values are changed", () => {
    const top = chart("top", "{sub: {a: {b: 1}}, m: {x: null}}", [chart("sub", "{a: {c: 2}}")]);
    const config = yaml("{sub: {a: {d: 3}}}");
    coalesceValues(top, config, { helm: "4" }).set("m", "changed");
    expect(top.values).toEqual(yaml("{sub: {a: {b: 1}}, m: {x: null}}"));
    expect(config).toEqual(yaml("{sub: {a: {d: 3}}}"));
  });

  test("what is no map can't be a subchart's values", () => {
    const top = chart("top", "{}", [chart("sub")]);
    expect(() => coalesceValues(top, yaml("{sub: [1]}"), { helm: "4" })).toThrow(/"sub" must be a map/);
  });

  test("warns of what is passed over", () => {
    const warnings: string[] = [];
    coalesceValues(chart("top", "{a: x, b: {c: {d: 1}}}"), yaml("{a: {}, b: {c: 2}}"), {
      helm: "4",
      warn: (message) => warnings.push(message),
    });
    expect(warnings).toEqual([
      "skipped value for top.a: Not a table.",
      "cannot overwrite table with non table for top.b.c",
    ]);
  });
});

test("mergeValues keeps nulls", () => {
  const top = chart("top", "{a: 1, b: null}", [chart("sub", "{c: null}")]);
  expect(mergeValues(top, yaml("{a: null}"), { helm: "4" })).toEqual(
    yaml("{a: null, b: null, sub: {c: null, global: {}}}"),
  );
});
