import { expect, test } from "vitest";
import { validateSchemas } from "../../src/values/validate-schema.ts";
import { chart, yaml } from "./chart-fixture.ts";

const against = (schema: object, values: string) =>
  validateSchemas({ ...chart("c"), schema: Buffer.from(JSON.stringify(schema)) }, yaml(values));

test.each([
  ["(?i)^abc$", "ABC", "abd"],
  ["^\\pL+$", "é", "1a"],
  ["^[[:alpha:]]+$", "abc", "a1"],
  ["(?P<name>x)", "x", "y"],
  ["\\Aa\\z", "a", "ab"],
])("the pattern %s is Go's", async (pattern, good, bad) => {
  const schema = { properties: { a: { pattern } } };
  await expect(against(schema, `a: "${good}"`)).resolves.toBeUndefined();
  await expect(against(schema, `a: "${bad}"`)).rejects.toMatchObject({ code: "VALUES_SCHEMA" });
});

test("so are patterns of names", async () => {
  const schema = { patternProperties: { "(?i)^x-": { type: "number" } } };
  await expect(against(schema, "X-a: 1")).resolves.toBeUndefined();
  await expect(against(schema, "X-a: b")).rejects.toMatchObject({ detail: expect.stringContaining("/X-a") });
});

test("a pattern that Go can't read is refused, used or not", async () => {
  const schema = { properties: { a: { pattern: "a(?=b)" } } };
  await expect(against(schema, "b: 1")).rejects.toThrow(
    "'a(?=b)' is not valid regex: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
  );
});

test("a pattern that others need for ever takes no time, and patterns are the platform's again behind it", async () => {
  const schema = { properties: { a: { pattern: "^(a+)+$" } } };
  await expect(against(schema, `a: "${"a".repeat(5000)}!"`)).rejects.toMatchObject({ code: "VALUES_SCHEMA" });
  expect(/(?<=a)b/.test("ab") && /(?=b)/.test("b")).toBe(true);
});
