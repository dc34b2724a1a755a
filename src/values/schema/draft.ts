import { isJsonObject } from "../../base/json-path.ts";

/** The versions of JSON Schema, by the draft or the year. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** What a keyword's value has to be; the check of each is in `shape.ts`. */
export type Shape =
  | "anchor"
  | "choices"
  | "count"
  | "dependencies"
  | "flag"
  | "id"
  | "items"
  | "list"
  | "number"
  | "oldAnchor"
  | "patternMap"
  | "positive"
  | "regex"
  | "schema"
  | "schemaMap"
  | "schemaOrFlag"
  | "schemas"
  | "text"
  | "texts"
  | "textsMap"
  | "someTexts"
  | "type"
  | "uri"
  | "uriReference"
  | "vocabulary";

/** Without `$schema`, the newest. */
export const newestDraft = 2020;

const addresses: Readonly<Record<string, Draft>> = {
  "json-schema.org/schema": newestDraft,
  "json-schema.org/draft/2020-12/schema": 2020,
  "json-schema.org/draft/2019-09/schema": 2019,
  "json-schema.org/draft-07/schema": 7,
  "json-schema.org/draft-06/schema": 6,
  "json-schema.org/draft-04/schema": 4,
};

export function draftOf(address: string): Draft | undefined {
  const bare = address.replace(/#.*$/s, "").replace(/^https?:\/\//, "");
  return Object.hasOwn(addresses, bare) ? addresses[bare] : undefined;
}

const rows: readonly (readonly [names: string, shape: Shape, from: Draft, to: Draft])[] = [
  ["title description format", "text", 4, 2020],
  ["$comment contentMediaType contentEncoding", "text", 7, 2020],
  ["readOnly writeOnly", "flag", 7, 2020],
  ["deprecated", "flag", 2019, 2020],
  ["examples", "list", 7, 2020],
  ["id $ref", "text", 4, 4],
  ["$id $ref", "uriReference", 6, 7],
  ["$id", "id", 2019, 2020],
  ["$schema", "uri", 4, 2020],
  ["$ref $recursiveRef", "uriReference", 2019, 2020],
  ["$recursiveAnchor", "flag", 2019, 2019],
  ["$anchor", "oldAnchor", 2019, 2019],
  ["$anchor $recursiveAnchor $dynamicAnchor", "anchor", 2020, 2020],
  ["$dynamicRef", "uriReference", 2020, 2020],
  ["$vocabulary", "vocabulary", 2019, 2020],
  ["multipleOf", "positive", 4, 2020],
  ["minimum maximum", "number", 4, 2020],
  ["exclusiveMinimum exclusiveMaximum", "flag", 4, 4],
  ["exclusiveMinimum exclusiveMaximum", "number", 6, 2020],
  ["minLength maxLength minItems maxItems minProperties maxProperties", "count", 4, 2020],
  ["minContains maxContains", "count", 2019, 2020],
  ["pattern", "regex", 4, 2020],
  ["uniqueItems", "flag", 4, 2020],
  ["required", "someTexts", 4, 4],
  ["required", "texts", 6, 2020],
  ["enum", "choices", 4, 7],
  ["enum", "list", 2019, 2020],
  ["type", "type", 4, 2020],
  ["additionalItems additionalProperties", "schemaOrFlag", 4, 4],
  ["additionalItems", "schema", 6, 2019],
  ["additionalProperties", "schema", 6, 2020],
  ["items", "items", 4, 2019],
  ["items", "schema", 2020, 2020],
  ["prefixItems", "schemas", 2020, 2020],
  ["contains propertyNames", "schema", 6, 2020],
  ["if then else", "schema", 7, 2020],
  ["not", "schema", 4, 2020],
  ["allOf anyOf oneOf", "schemas", 4, 2020],
  ["definitions properties", "schemaMap", 4, 2020],
  ["patternProperties", "schemaMap", 4, 6],
  ["patternProperties", "patternMap", 7, 2020],
  ["dependencies", "dependencies", 4, 2020],
  ["dependentRequired", "textsMap", 2019, 2020],
  ["$defs dependentSchemas", "schemaMap", 2019, 2020],
  ["unevaluatedItems unevaluatedProperties contentSchema", "schema", 2019, 2020],
];

const tables = new Map<Draft, ReadonlyMap<string, Shape>>();

type Keyword = readonly [keyword: string, shape: Shape, value: unknown];

/** The keywords of the schema that its draft knows, with what they have to be; others mean nothing to it. */
export function keywordsIn(schema: Record<string, unknown>, draft: Draft): Keyword[] {
  const known = keywordsOf(draft);
  const found: Keyword[] = [];
  for (const keyword of Object.keys(schema)) {
    const shape = known.get(keyword);
    if (shape !== undefined) found.push([keyword, shape, schema[keyword]]);
  }
  return found;
}

function keywordsOf(draft: Draft): ReadonlyMap<string, Shape> {
  let table = tables.get(draft);
  if (table === undefined) {
    const known = rows.filter(([, , from, to]) => from <= draft && draft <= to);
    table = new Map(known.flatMap(([names, shape]) => names.split(" ").map((name) => [name, shape] as const)));
    tables.set(draft, table);
  }
  return table;
}

type Inner = readonly [schema: unknown, steps: readonly string[]];

const none: readonly Inner[] = [];

/** The schemas that lie in the value of a keyword of this shape, each with its steps below the keyword. */
export function schemasIn(shape: Shape, value: unknown): readonly Inner[] {
  switch (shape) {
    case "schema":
    case "schemaOrFlag":
      return [[value, []]];
    case "items":
      return Array.isArray(value) ? inList(value) : [[value, []]];
    case "schemas":
      return Array.isArray(value) ? inList(value) : none;
    case "schemaMap":
    case "patternMap":
      return isJsonObject(value) ? Object.entries(value).map(([name, schema]) => [schema, [name]]) : none;
    case "dependencies":
      return isJsonObject(value)
        ? Object.entries(value).flatMap(([name, part]) => (Array.isArray(part) ? [] : [[part, [name]] as const]))
        : none;
    default:
      return none;
  }
}

function inList(value: readonly unknown[]): Inner[] {
  return value.map((schema, index) => [schema, [String(index)]]);
}
