import { expect, test } from "vitest";
import type { Chart, Dependency } from "../../src/chart/types.ts";
import { coalesceValues } from "../../src/values/coalesce.ts";
import { explainer, placeText } from "../../src/values/explain-value.ts";
import { processDependencies } from "../../src/values/process-dependencies.ts";
import { typedSyntax } from "../../src/values/set-syntax.ts";
import { validateSchemas } from "../../src/values/validate-schema.ts";
import { fileLayer, mergeLayers, setLayer } from "../../src/values/value-layers.ts";
import { parseValuePath } from "../../src/values/value-path.ts";
import { chart } from "./chart-fixture.ts";

function written(name: string, values: string, dependencies: Chart[] = [], declared?: Dependency[]): Chart {
  const bare = chart(name, values, dependencies, declared);
  return { ...bare, raw: [{ name: "values.yaml", data: Buffer.from(values) }] };
}

const leaf = written("leaf", "image:\n  tag: leaf\nglobal:\n  zone: leaf\nexports:\n  data:\n    shared: leaf\n");
const top = written(
  "top",
  "image:\n  tag: top\n\nleaf:\n  image: {tag: top}\nlist: [{a: 1}, {a: 2}]\n",
  [leaf],
  [{ name: "leaf", version: "1.0.0", "import-values": ["data"] }],
);
const layers = [
  fileLayer("prod.yaml", "# first\nimage:\n  tag: prod\nglobal:\n  zone: prod\n", "4"),
  fileLayer("other.yaml", "a: 1\n---\nleaf:\n  image:\n    tag: other\n", "4"),
  setLayer("--set", "image.tag=set,gone.deep=null,leaf.global.zone=set,list[1].a=3", typedSyntax),
];
const config = mergeLayers(layers);
const processed = processDependencies(top, config, { helm: "4" });
const explain = explainer({ chart: processed, layers, helm: "4" });
const places = (path: string) => explain(parseValuePath(path)).map(placeText);

test.each([
  ["image.tag", ["top/values.yaml:2:3", "prod.yaml:3:3", "--set"]],
  ["leaf.image.tag", ["leaf/values.yaml:2:3", "top/values.yaml:5:11", "other.yaml:5:5"]],
  ["shared", ["leaf/values.yaml:7:5"]],
  ["leaf.global.zone", ["leaf/values.yaml:4:3", "--set", "prod.yaml:5:3"]],
  ["list[1].a", ["top/values.yaml:6:17", "--set"]],
  ["image.tag.deeper", ["top/values.yaml:2:3", "prod.yaml:3:3", "--set"]],
  ["gone.deep", ["--set"]],
  ["nowhere", []],
])("%s is set in %j", (path, expected) => {
  expect(places(path)).toEqual(expected);
});

test("what ends a path early is marked", () => {
  expect(explain(["image", "tag", "deeper"]).map(({ isAbove }) => isAbove)).toEqual([true, true, true]);
});

test("a schema's errors say where each value was set, of subcharts too", async () => {
  const schema = (properties: object) => Buffer.from(JSON.stringify({ properties, additionalProperties: false }));
  const image = { properties: { tag: { type: "number" } } };
  const any = {};
  const strictLeaf = { ...leaf, schema: schema({ image, global: any, exports: any }) };
  const strict = {
    ...top,
    schema: schema({ image, leaf: any, list: any, shared: any, global: any, a: any, gone: any }),
    dependencies: [strictLeaf],
  };
  const whole = processDependencies(strict, config, { helm: "4" });
  const values = coalesceValues(whole, config, { helm: "4" });
  const failure = validateSchemas(whole, values, explainer({ chart: whole, layers, helm: "4" }));
  await expect(failure).rejects.toMatchObject({
    detail: [
      "top:",
      "- at '/image/tag': got string, want number (set in --set)",
      "leaf:",
      "- at '/image/tag': got string, want number (set in other.yaml:5:5)",
    ].join("\n"),
  });
});

test("a schema may refer to the chart's other files, and to no others", async () => {
  const refers = (reference: string) => Buffer.from(JSON.stringify({ properties: { a: { $ref: reference } } }));
  const defs = { name: "schemas/defs.json", data: Buffer.from('{"$defs": {"n": {"type": "number"}}}') };
  const own = (reference: string) => ({ ...chart("top"), raw: [defs], schema: refers(reference) });
  const wrong = new Map([["a", "x"]]);
  await expect(validateSchemas(own("schemas/defs.json#/$defs/n"), wrong)).rejects.toMatchObject({
    detail: "top:\n- at '/a': got string, want number",
  });
  await expect(validateSchemas(own("schemas/defs.json#/$defs/n"), new Map([["a", 1]]))).resolves.toBeUndefined();
  for (const outside of ["../../etc/passwd", "file:///etc/passwd", "none.json"]) {
    await expect(validateSchemas(own(outside), wrong)).rejects.toThrow(/it refers to/);
  }
});
