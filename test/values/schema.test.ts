import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/values/schema/evaluate.ts";
import { problemLines } from "../../src/values/schema/problem.ts";
import { openSchema } from "../../src/values/schema/schema-set.ts";

const seven = { $schema: "http://json-schema.org/draft-07/schema#" };
const four = { $schema: "http://json-schema.org/draft-04/schema#" };
const nineteen = { $schema: "https://json-schema.org/draft/2019-09/schema" };

const documents: Record<string, unknown> = {
  "http://a.example/number.json": { $ref: "more.json#/definitions/number" },
  "http://a.example/more.json": { definitions: { number: { type: "number" } } },
  "http://a.example/dialect": { $schema: seven.$schema },
  "http://a.example/endless": { $schema: "http://a.example/endless" },
};

async function lines(schema: unknown, value: unknown): Promise<string[]> {
  const set = await openSchema(schema, "chart:///values.schema.json", async (address) => {
    if (address in documents) return documents[address];
    throw new Error(`${address} is not there`);
  });
  const problem = evaluate(set, value);
  return problem === undefined ? [] : problemLines(problem);
}

// What Helm says is held against this in test/conformance/schema.test.ts.
const rows: [name: string, schema: unknown, value: unknown, expected: string[]][] = [
  ["a property that must not be there", { properties: { a: false } }, { a: 1 }, ["- at '/a': false schema"]],
  [
    "several mistakes at one place",
    { properties: { a: { minLength: 3, pattern: "^x" } } },
    { a: "b" },
    ["- at '/a': minLength: got 1, want 3", "- at '/a': 'b' does not match pattern '^x'"],
  ],
  [
    "several mistakes at one of several places",
    { properties: { a: { minLength: 3, pattern: "^x" } }, required: ["b"] },
    { a: "b" },
    [
      "- at '': missing property 'b'",
      "- at '/a': validation failed",
      "  - at '/a': minLength: got 1, want 3",
      "  - at '/a': 'b' does not match pattern '^x'",
    ],
  ],
  [
    "several at the top",
    { required: ["a"], minProperties: 2 },
    {},
    ["- at '': minProperties: got 0, want 2", "- at '': missing property 'a'"],
  ],
  [
    "keywords of a later draft",
    { ...seven, dependentRequired: { a: ["b"] }, unevaluatedProperties: false },
    { a: 1 },
    [],
  ],
  [
    "keywords of a later draft than 4",
    { ...four, const: 1, propertyNames: false, if: false, else: false },
    { a: 1 },
    [],
  ],
  [
    "a list of schemas for items",
    { ...seven, properties: { a: { items: [true, false] } } },
    { a: [1, 2] },
    ["- at '/a/1': false schema"],
  ],
  [
    "too many items",
    { ...seven, properties: { a: { items: [true], additionalItems: false } } },
    { a: [1, 2, 3] },
    ["- at '/a': last 2 additionalItem(s) not allowed"],
  ],
  [
    "the first items",
    { properties: { a: { prefixItems: [true], items: { type: "string" } } } },
    { a: [1, 2] },
    ["- at '/a/1': got number, want string"],
  ],
  [
    "what stands beside $ref before 2019",
    { ...seven, $ref: "#/definitions/x", required: ["a"], definitions: { x: {} } },
    {},
    [],
  ],
  [
    "const beside $ref, which counts all the same",
    { ...seven, properties: { a: { $ref: "#", const: 1 } } },
    { a: {} },
    ["- at '/a': value must be 1"],
  ],
  [
    "what stands beside $ref since",
    { $ref: "#/$defs/x", required: ["a"], $defs: { x: {} } },
    {},
    ["- at '': missing property 'a'"],
  ],
  [
    "a name for a place",
    { properties: { a: { $ref: "#here" } }, $defs: { x: { $anchor: "here", type: "null" } } },
    { a: 1 },
    ["- at '/a': got number, want null"],
  ],
  [
    "a schema with an address inside another",
    { properties: { a: { $ref: "http://b.example/x" } }, $defs: { x: { $id: "http://b.example/x", type: "null" } } },
    { a: 1 },
    ["- at '/a': got number, want null"],
  ],
  [
    "other documents",
    { properties: { a: { $ref: "http://a.example/number.json" } } },
    { a: "x" },
    ["- at '/a': got string, want number"],
  ],
  [
    "a draft by the schema that describes it",
    { $schema: "http://a.example/dialect", properties: { a: { format: "ipv4" } } },
    { a: "" },
    ["- at '/a': '' is not valid ipv4: expected four decimals"],
  ],
  ["formats, which are remarks since 2019", { ...nineteen, properties: { a: { format: "ipv4" } } }, { a: "" }, []],
  [
    "a schema that refers to itself",
    { properties: { a: { $ref: "#" } }, additionalProperties: false },
    { a: { a: { b: 1 } } },
    ["- at '/a/a': additional properties 'b' not allowed"],
  ],
  [
    "one that does so without end",
    { $ref: "#/$defs/x", $defs: { x: { anyOf: [{ $ref: "#/$defs/x" }] } } },
    {},
    ["- at '': 'anyOf' failed", "  - at '': the schema refers to itself without end"],
  ],
  [
    "what no keyword has looked at",
    { allOf: [{ properties: { a: true } }], if: { properties: { b: { const: 1 } } }, unevaluatedProperties: false },
    { a: 1, b: 1, c: 1 },
    ["- at '/c': false schema"],
  ],
  [
    "items that no keyword has looked at",
    { properties: { a: { contains: { type: "string" }, unevaluatedItems: false } } },
    { a: ["x", 1] },
    ["- at '/a/1': false schema"],
  ],
  [
    "a tree that others extend, in 2020",
    {
      $id: "http://b.example/strict",
      $dynamicAnchor: "node",
      $ref: "tree",
      unevaluatedProperties: false,
      $defs: { tree: { $id: "tree", $dynamicAnchor: "node", properties: { child: { $dynamicRef: "#node" } } } },
    },
    { child: { chlid: 1 } },
    ["- at '/child/chlid': false schema", "- at '/child': false schema"],
  ],
  [
    "a tree that others extend, in 2019",
    {
      ...nineteen,
      $id: "http://b.example/strict",
      $recursiveAnchor: true,
      $ref: "tree",
      unevaluatedProperties: false,
      $defs: { tree: { $id: "tree", $recursiveAnchor: true, properties: { child: { $recursiveRef: "#" } } } },
    },
    { child: { chlid: 1 } },
    ["- at '/child/chlid': false schema", "- at '/child': false schema"],
  ],
  [
    "names",
    { propertyNames: { maxLength: 1 } },
    { ab: 1 },
    ["- at '': invalid propertyName 'ab'", "  - at '': maxLength: got 2, want 1"],
  ],
  [
    "parts of numbers",
    { properties: { a: { multipleOf: 0.1 }, b: { multipleOf: 0.1 } } },
    { a: 0.3, b: 0.35 },
    ["- at '/b': multipleOf: got 0.35, want 0.1"],
  ],
  ["letters beyond 16 bits", { properties: { a: { maxLength: 1 } } }, { a: "\u{1F600}" }, []],
  [
    "members with odd names",
    { properties: { "a/b~'": { type: "null" } } },
    { "a/b~'": 1 },
    ["- at '/a~1b~0\\'': got number, want null"],
  ],
];

test.each(rows)("%s", async (_, schema, value, expected) => {
  expect(await lines(schema, value)).toEqual(expected);
});

describe("a schema is refused, whatever the values are", () => {
  test.each<[unknown, string]>([
    [{ properties: { a: { required: true } } }, "at '/properties/a/required': want a list of different texts"],
    [{ properties: { a: { type: "int" } } }, "at '/properties/a/type': want one of array, boolean"],
    [{ properties: { a: { minLength: -1 } } }, "at '/properties/a/minLength': want a whole number, 0 or more"],
    [{ properties: { a: { pattern: "(" } } }, "at '/properties/a/pattern': '(' is not valid regex"],
    [{ properties: { a: "string" } }, "at '/properties/a': want a schema"],
    [{ items: [{}] }, "at '/items': want a schema"],
    [{ ...four, exclusiveMinimum: true }, "at '': want minimum beside exclusiveMinimum"],
    [{ ...seven, exclusiveMinimum: true }, "at '/exclusiveMinimum': want a number"],
    [{ $defs: { a: { not: 1 } } }, "at '/$defs/a/not': want a schema"],
    [{ properties: { a: { $ref: "#/definitions/none" } } }, "it refers to '#/definitions/none', which is not there"],
    [{ properties: { a: { $ref: "#none" } } }, "it refers to '#none', which is not there"],
    [{ ...seven, properties: { a: { $ref: "#/x/y" } }, x: { y: { type: "int" } } }, "at '/type': want one of"],
    [{ properties: { a: { $ref: "http://a.example/none" } } }, "http://a.example/none is not there"],
    [{ $schema: "http://a.example/endless" }, "its draft, 'http://a.example/endless', is not known"],
    [{ $defs: { a: { $id: "x" }, b: { $id: "x" } } }, "two schemas have the address 'chart:///x'"],
    [[], "at '': want a schema"],
  ])("%j", async (schema, message) => {
    await expect(lines(schema, {})).rejects.toThrow(message);
  });

  test("but not for what nothing refers to", async () => {
    expect(await lines({ $defs: { a: { $ref: "#/none" } } }, {})).toEqual([]);
    expect(await lines({ ...seven, $defs: 1, definitions: { a: { type: "string" } } }, {})).toEqual([]);
  });
});

test("a schema that grows without bound stops", async () => {
  const names = Array.from({ length: 40 }, (_, index) => index);
  const $defs = Object.fromEntries(
    names.map((n) => [
      `d${n}`,
      n === 39 ? {} : { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  await expect(lines({ $ref: "#/$defs/d0", $defs }, {})).rejects.toThrow("it refers to itself too often");
});
