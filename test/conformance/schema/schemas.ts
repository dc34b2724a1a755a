import fc from "fast-check";
import type { Json, JsonMap } from "../values/charts.ts";
import { formatSamples } from "./formats.ts";

/** A schema and the values of the chart that it is for. */
export type SchemaCase = { schema: Json; values: JsonMap };

type Draft = "draft-07" | "2020-12";
type Schema = fc.Arbitrary<Json>;

const addresses = {
  "draft-07": "http://json-schema.org/draft-07/schema#",
  "2020-12": "https://json-schema.org/draft/2020-12/schema",
} as const;
/** Where each draft keeps definitions; either finds the other's, too. */
const places = ["definitions", "$defs"] as const;
const keys = ["a", "b", "c"] as const;

const textValue = fc.constantFrom("", "a", "ab", "abc-1", "xyz", "A", "1", "ä", "\u{1F600}");
const numberValue = fc.constantFrom(-1, 0, 1, 2, 3, 1.5, 10, 0.1, 0.3, 1e21);
const scalar: fc.Arbitrary<Json> = fc.oneof(textValue, numberValue, fc.boolean(), fc.constant(null));

export function anyValue(depth: number): fc.Arbitrary<Json> {
  if (depth === 0) return scalar;
  const below = anyValue(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(below, { maxLength: 3 }) },
    { weight: 2, arbitrary: sparse(Object.fromEntries(keys.map((key) => [key, below]))) },
  );
}

/** A map with some of the entries. */
function sparse(entries: Record<string, fc.Arbitrary<Json>>, most = Number.POSITIVE_INFINITY): fc.Arbitrary<JsonMap> {
  const names = Object.keys(entries);
  const chosen = fc.subarray(names, { maxLength: Math.min(most, names.length) });
  return fc.tuple(chosen, fc.record(entries)).map(([wanted, all]) => {
    const map = all as JsonMap;
    return Object.fromEntries(wanted.map((name) => [name, map[name] ?? null]));
  });
}

/** A schema of this type with one or two of the keywords, or none. */
function ofType(type: Json, keywords: Record<string, Schema>, most = 2): Schema {
  return sparse(keywords, most).map((chosen) => ({ ...(type !== null && { type }), ...chosen }));
}

const size = fc.integer({ min: 0, max: 3 });
const pattern = fc.constantFrom("^a", "b$", "^[a-z]+$", "^\\p{L}*$", "\\d", "^(?i)A", "a{2}", "^.$", "[[:digit:]]");
const names = fc.subarray([...keys]);
const typeName = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");

const leaf: Schema = fc.oneof(
  ofType("string", { minLength: size, maxLength: size, pattern }),
  fc.constantFrom(...Object.keys(formatSamples)).map((format): Json => ({ type: "string", format })),
  ofType("number", {
    minimum: numberValue,
    maximum: numberValue,
    exclusiveMinimum: numberValue,
    exclusiveMaximum: numberValue,
    multipleOf: fc.constantFrom(1, 2, 0.1, 0.5),
  }),
  ofType("integer", { minimum: size, maximum: size }),
  typeName.map((type): Json => ({ type })),
  fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 }).map((type): Json => ({ type })),
  fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((values): Json => ({ enum: values })),
  anyValue(1).map((value): Json => ({ const: value })),
  fc.constantFrom<Json[]>(true, false, {}),
);

function schemaOf(draft: Draft, depth: number): Schema {
  if (depth === 0) return leaf;
  const below = schemaOf(draft, depth - 1);
  const several = fc.array(below, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 6, arbitrary: objectSchema(draft, below) },
    { weight: 3, arbitrary: arraySchema(draft, below, several) },
    { weight: 3, arbitrary: ofType(null, { allOf: several, anyOf: several, oneOf: several, not: below }, 1) },
    { weight: 2, arbitrary: sparse(branches(below)) },
    { weight: 2, arbitrary: reference(below) },
  );
}

function branches(below: Schema): Record<string, Schema> {
  return Object.fromEntries(["if", "then", "else"].map((keyword) => [keyword, below]));
}

// What a chart is given always has globals.
function objectSchema(draft: Draft, below: Schema): fc.Arbitrary<JsonMap> {
  const properties = sparse(Object.fromEntries(keys.map((key) => [key, below])));
  const byName = sparse({ a: names, b: names });
  const bySchema = sparse({ a: below, c: below });
  const rest: Record<string, Schema> =
    draft === "draft-07"
      ? { dependencies: fc.oneof(byName, bySchema) }
      : { dependentRequired: byName, dependentSchemas: bySchema, unevaluatedProperties: fc.oneof(fc.boolean(), below) };
  const keywords: Record<string, Schema> = {
    required: names,
    additionalProperties: fc.oneof(fc.boolean(), below),
    patternProperties: pattern.chain((text) => below.map((schema): Json => ({ [text]: schema }))),
    propertyNames: fc.constantFrom<Json[]>({ pattern: "^[a-cg]" }, { maxLength: 6 }, { minLength: 2 }, false),
    minProperties: size,
    maxProperties: fc.integer({ min: 1, max: 5 }),
    ...rest,
  };
  return fc.tuple(properties, ofType(null, keywords), fc.boolean()).map(
    ([own, more, isTyped]): JsonMap => ({
      ...(isTyped ? { type: "object" } : {}),
      properties: { ...own, global: { type: "object" } },
      ...(more as JsonMap),
    }),
  );
}

function arraySchema(draft: Draft, below: Schema, several: Schema): Schema {
  const rest: Record<string, Schema> =
    draft === "draft-07"
      ? { items: fc.oneof(below, several), additionalItems: below }
      : { items: below, prefixItems: several, unevaluatedItems: below, minContains: size, maxContains: size };
  return ofType("array", { minItems: size, maxItems: size, uniqueItems: fc.boolean(), contains: below, ...rest });
}

/** Keywords beside a reference count in the newer draft alone. */
function reference(below: Schema): Schema {
  const target = fc
    .tuple(fc.constantFrom(...places), fc.constantFrom("one", "two"))
    .map(([place, name]) => `#/${place}/${name}`);
  const deep = fc.constantFrom("#/properties/a", "#/definitions/one");
  return fc
    .tuple(fc.oneof({ weight: 6, arbitrary: target }, { weight: 1, arbitrary: deep }), fc.option(below))
    .map(([$ref, beside]): Json => ({ ...(isMap(beside) && !("$ref" in beside) && beside), $ref }));
}

/** What authors get wrong: Helm refuses such a schema whole, whatever the values are. */
const mistakes: readonly JsonMap[] = [
  { required: true },
  { required: ["a", "a"] },
  { required: "a" },
  { type: "int" },
  { type: [] },
  { type: ["string", "string"] },
  { properties: [] },
  { properties: { a: "string" } },
  { enum: "a" },
  { enum: [] },
  { minimum: "1" },
  { exclusiveMinimum: true },
  { pattern: "(" },
  { pattern: 1 },
  { patternProperties: { "(": {} } },
  { items: 3 },
  { items: [{}] },
  { additionalProperties: "no" },
  { minLength: -1 },
  { minLength: 1.5 },
  { maxItems: "3" },
  { multipleOf: 0 },
  { allOf: [] },
  { anyOf: {} },
  { not: [] },
  { uniqueItems: "yes" },
  { format: 3 },
  { title: 3 },
  { description: null },
  { examples: 1 },
  { $comment: 1 },
  { readOnly: "x" },
  { default: { a: [] } },
  { dependencies: { a: 1 } },
  { dependentRequired: { a: "b" } },
  { if: 1 },
  { $ref: "#/definitions/none" },
  { $ref: "other.json" },
  { $ref: 1 },
  { $id: 1 },
  { definitions: { a: 1 } },
  { $defs: [] },
  { contentMediaType: 3 },
  { unknown: 3 },
  { $anchor: "1 2" },
  { propertyNames: { type: "text" } },
  { else: { type: "nothing" } },
  { const: null },
];

/** A whole schema, its definitions with it; now and then with a mistake somewhere. */
function wholeSchema(draft: Draft): Schema {
  const part = schemaOf(draft, 1);
  return fc
    .record({
      root: objectSchema(draft, schemaOf(draft, 2)),
      definitions: fc.record({ one: part, two: part }),
      place: fc.constantFrom(...places),
      isNamed: fc.integer({ min: 0, max: 3 }).map((dice) => dice > 0 || draft === "draft-07"),
      mistake: fc
        .integer({ min: 0, max: 8 })
        .chain((dice) => (dice > 0 ? fc.constant(null) : fc.constantFrom(...mistakes))),
      isDeep: fc.boolean(),
    })
    .map(({ root, definitions, place, isNamed, mistake, isDeep }): Json => {
      const schema: JsonMap = {
        ...(isNamed && { $schema: addresses[draft] }),
        ...root,
        [place]: definitions as JsonMap,
      };
      if (mistake === null) return schema;
      const properties = isMap(schema["properties"]) ? schema["properties"] : {};
      return isDeep ? { ...schema, properties: { ...properties, b: mistake } } : { ...schema, ...mistake };
    });
}

/** Values that a schema might well take: read from it, with now and then something else in their place. */
function fitting(schema: Json, root: Json, depth: number): fc.Arbitrary<Json> {
  const other = { weight: 1, arbitrary: anyValue(1) };
  return fc.oneof({ weight: 20, arbitrary: depth > 5 ? scalar : exact(schema, root, depth) }, other);
}

function exact(schema: Json, root: Json, depth: number): fc.Arbitrary<Json> {
  if (!isMap(schema)) return anyValue(1);
  const next = (below: Json | undefined) => fitting(below ?? true, root, depth + 1);
  const { $ref, const: constant, enum: choices, type, properties, items, prefixItems, format } = schema;
  if (typeof $ref === "string") return next(lookUp(root, $ref));
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(choices) && choices.length > 0) return fc.constantFrom(...choices);
  const ways = [schema["anyOf"], schema["oneOf"], schema["allOf"]].find((way) => Array.isArray(way) && way.length > 0);
  if (Array.isArray(ways)) return fc.oneof(...ways.map(next));
  if (isMap(properties)) {
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const parts = Object.fromEntries(keys.map((key) => [key, next(properties[key])]));
    const fixed = Object.fromEntries(keys.filter((key) => required.includes(key)).map((key) => [key, parts[key]]));
    const all = fc.tuple(sparse(parts), fc.record(fixed as Record<string, fc.Arbitrary<Json>>));
    return all.map(([some, needed]): Json => ({ ...some, ...(needed as JsonMap) }));
  }
  const wanted = Array.isArray(type) ? type[0] : type;
  if (wanted === "string") {
    const samples = typeof format === "string" ? formatSamples[format] : undefined;
    return samples === undefined ? textValue : fc.constantFrom(...samples);
  }
  if (wanted === "number" || wanted === "integer") return numberValue;
  if (wanted === "boolean") return fc.boolean();
  if (wanted !== "array") return anyValue(1);
  const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  return fc.array(next(first[0] ?? (Array.isArray(items) ? undefined : items)), { maxLength: 3 });
}

function lookUp(root: Json, reference: string): Json {
  let found: Json | undefined = root;
  for (const step of reference.split("/").slice(1)) found = isMap(found) ? found[step] : undefined;
  return found ?? true;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const schemaCase: fc.Arbitrary<SchemaCase> = fc
  .constantFrom<Draft[]>("draft-07", "2020-12")
  .chain(wholeSchema)
  .chain((schema) =>
    fitting(schema, schema, 0).map((values) => ({ schema, values: isMap(values) ? values : { a: values } })),
  );

const drafts = Object.values(addresses).map(($schema) => ({ $schema }));

/** Every format with every sample, and every mistake, in both drafts. */
export const fixedCases: readonly SchemaCase[] = [
  ...Object.entries(formatSamples).flatMap(([format, samples]) =>
    samples.map((a) => ({ schema: { ...drafts[0], properties: { a: { format } } }, values: { a } })),
  ),
  ...drafts.flatMap((draft) => mistakes.map((mistake) => ({ schema: { ...draft, ...mistake }, values: { a: 1 } }))),
];
