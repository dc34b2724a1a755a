import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import type { Chart } from "../../src/chart/types.ts";
import { validateSchemas } from "../../src/values/validate-schema.ts";
import { chart, yaml } from "./chart-fixture.ts";

function withSchema(name: string, schema: unknown, dependencies: Chart[] = []): Chart {
  return { ...chart(name, "{}", dependencies), schema: Buffer.from(JSON.stringify(schema)) };
}

async function problems(schema: unknown, values: string): Promise<string[]> {
  const failure = await validateSchemas(withSchema("top", schema), yaml(values)).catch((error: unknown) => error);
  if (failure === undefined) return [];
  return failure instanceof SlipwayError ? (failure.detail ?? failure.message).split("\n") : [String(failure)];
}

const seven = { $schema: "http://json-schema.org/draft-07/schema#" };

test.each<[unknown, string, string[]]>([
  [{ type: "object" }, "{}", []],
  [{ properties: { a: { type: "integer" } } }, "{a: 1.0, b: x}", []],
  [{ properties: { a: { type: "integer" } } }, "{a: x}", ["top:", "- at '/a': got string, want integer"]],
  [
    { properties: { a: { type: ["integer", "null"] } } },
    "{a: x}",
    ["top:", "- at '/a': got string, want null or integer"],
  ],
  [{ required: ["a"] }, "{}", ["top:", "- at '': missing property 'a'"]],
  [{ required: ["a", "b"] }, "{}", ["top:", "- at '': missing properties 'a', 'b'"]],
  [{ additionalProperties: false }, "{x: 1, z: 2}", ["top:", "- at '': additional properties 'x', 'z' not allowed"]],
  [{ properties: { a: { enum: ["x", 1] } } }, "{a: y}", ["top:", "- at '/a': value must be one of 'x', 1"]],
  [{ properties: { a: { minimum: 2 } } }, "{a: 1}", ["top:", "- at '/a': minimum: got 1, want 2"]],
  [{ properties: { "a/b": { type: "string" } } }, "{a/b: 1}", ["top:", "- at '/a~1b': got number, want string"]],
  [
    { properties: { a: { anyOf: [{ type: "string" }, { type: "boolean" }] } } },
    "{a: 1}",
    [
      "top:",
      "- at '/a': 'anyOf' failed",
      "  - at '/a': got number, want string",
      "  - at '/a': got number, want boolean",
    ],
  ],
  [
    { properties: { a: { $ref: "#/$defs/n" } }, $defs: { n: { type: "number" } } },
    "{a: x}",
    ["top:", "- at '/a': got string, want number"],
  ],
  [
    { ...seven, properties: { a: { format: "ipv4" } } },
    "{a: x}",
    ["top:", "- at '/a': 'x' is not valid ipv4: expected four decimals"],
  ],
  [{ properties: { a: { format: "ipv4" } } }, "{a: x}", []],
  [
    { $schema: "http://json-schema.org/draft-04/schema#", properties: { a: { minimum: 1, exclusiveMinimum: true } } },
    "{a: 1}",
    ["top:", "- at '/a': exclusiveMinimum: got 1, want 1"],
  ],
  [
    { properties: { constructor: { type: "string" } }, required: ["toString"] },
    "{}",
    ["top:", "- at '': missing property 'toString'"],
  ],
  [true, "{}", []],
  [{ properties: { a: { $ref: "urn:unknown" } } }, "{a: 1}", []],
])("%j on %s", async (schema, values, expected) => {
  expect(await problems(schema, values)).toEqual(expected);
});

test("every chart's problems are listed, each below its name", async () => {
  const schema = { properties: { a: { type: "string" } } };
  const top = withSchema("top", schema, [
    withSchema("sub", schema, [withSchema("deep", schema)]),
    withSchema("none", schema),
  ]);
  await expect(validateSchemas(top, yaml("{a: 1, sub: {a: 2, deep: {a: 3}}, none: null}"))).rejects.toMatchObject({
    code: "VALUES_SCHEMA",
    detail: ["top", "sub", "deep"].flatMap((name) => [`${name}:`, "- at '/a': got number, want string"]).join("\n"),
  });
});

test.each([
  ["{", /Cannot use values\.schema\.json of chart "top"/],
  [
    '{"properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}}',
    /refers to http:\/\/127\.0\.0\.1:9.*could not be fetched/,
  ],
  ['{"$ref": "file:///etc/passwd"}', /refers to file:\/\/\/etc\/passwd, which is not fetched/],
  ['{"$ref": "other.json#/x"}', /refers to the file "other\.json", which the chart does not have/],
])("the schema %s can't be used", async (text, message) => {
  const top = { ...chart("top"), schema: Buffer.from(text) };
  await expect(validateSchemas(top, yaml("{a: 1}"))).rejects.toThrow(message);
});

test("other documents are fetched, and those that they refer to", async () => {
  const documents: Record<string, unknown> = {
    "/a.json": { definitions: { port: { $ref: "b.json#/definitions/number" } } },
    "/b.json": { definitions: { number: { type: "number" } } },
  };
  const server = createServer((request, response) => {
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const schema = { ...seven, properties: { a: { $ref: `http://127.0.0.1:${port}/a.json#/definitions/port` } } };
    expect(await problems(schema, "{a: 1}")).toEqual([]);
    expect(await problems(schema, "{a: x}")).toEqual(["top:", "- at '/a': got string, want number"]);
    const missing = { $ref: `http://127.0.0.1:${port}/none.json` };
    expect((await problems(missing, "{}")).join()).toMatch(/HTTP status 404/);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
