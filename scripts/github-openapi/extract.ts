type Json = Record<string, unknown>;

/** What one operation takes and gives; each schema refers to the definitions. */
export type Operation = {
  /** Names and schemas of what may stand in the address. */
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  requestBody?: { required: boolean; schema: unknown };
  /** By status; null where an answer has no body. */
  responses: Record<string, unknown>;
};

export type Extracted = { operations: Record<string, Operation>; definitions: Record<string, unknown> };

/** The operations with all that they refer to, as JSON Schema of draft 7; fails for one that GitHub does not describe. */
export function extractOperations(description: Json, names: readonly string[]): Extracted {
  const schemas = new Map<string, unknown>();
  const resolve = (value: unknown): Json => {
    const reference = (value as Json)?.["$ref"];
    return typeof reference === "string" ? resolve(at(description, reference)) : (value as Json);
  };
  const schemaOf = (schema: unknown) => toJsonSchema(schema, collect);

  function collect(reference: string): string {
    const name = reference.split("/").at(-1) ?? "";
    if (!schemas.has(name)) {
      schemas.set(name, undefined);
      schemas.set(name, schemaOf(at(description, reference)));
    }
    return `#/definitions/${name}`;
  }

  function bodySchema(value: unknown): unknown {
    const content = resolve(value)["content"] as Json | undefined;
    const json = content?.["application/json"] as Json | undefined;
    return json === undefined ? null : schemaOf(json["schema"]);
  }

  function operationOf(name: string): Operation {
    const [method = "", path = ""] = name.split(" ");
    const found = at(description, "#/paths", path, method.toLowerCase()) as Json;
    const parameters = ((found["parameters"] ?? []) as unknown[]).map(resolve).map((parameter) => ({
      name: String(parameter["name"]),
      in: String(parameter["in"]),
      required: parameter["required"] === true,
      schema: schemaOf(parameter["schema"]),
    }));
    const responses = Object.entries(found["responses"] as Json).map(([status, response]) => [
      status,
      bodySchema(response),
    ]);
    const body = found["requestBody"] === undefined ? undefined : resolve(found["requestBody"]);
    return {
      parameters,
      ...(body && { requestBody: { required: body["required"] === true, schema: bodySchema(body) } }),
      responses: Object.fromEntries(responses),
    };
  }

  const operations = Object.fromEntries(names.map((name) => [name, operationOf(name)]));
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  return { operations, definitions: Object.fromEntries(sorted) };
}

function at(root: unknown, pointer: string, ...more: string[]): unknown {
  const steps = [...pointer.split("/").slice(1), ...more];
  let value = root;
  for (const step of steps) {
    value = (value as Json)?.[step];
    if (value === undefined) throw new Error(`GitHub's description has no ${[pointer, ...more].join(" ")}`);
  }
  return value;
}

const kept = new Set([
  ..."type enum format pattern required minimum maximum minLength maxLength minItems maxItems".split(" "),
  ..."items properties additionalProperties allOf anyOf oneOf not".split(" "),
]);

/** OpenAPI 3.0 has no `null` among its types, but the word `nullable` beside them. */
function toJsonSchema(schema: unknown, collect: (reference: string) => string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => toJsonSchema(item, collect));
  if (typeof schema !== "object" || schema === null) return schema;
  const given = schema as Json;
  if (typeof given["$ref"] === "string") return { $ref: collect(given["$ref"]) };
  const converted: Json = {};
  for (const [keyword, value] of Object.entries(given)) {
    if (!kept.has(keyword)) continue;
    converted[keyword] =
      keyword === "properties" ? mapValues(value as Json, collect) : convert(keyword, value, collect);
  }
  return given["nullable"] === true ? nullable(converted) : converted;
}

function convert(keyword: string, value: unknown, collect: (reference: string) => string): unknown {
  return keyword === "enum" || keyword === "required" || keyword === "type" ? value : toJsonSchema(value, collect);
}

function mapValues(schemas: Json, collect: (reference: string) => string): Json {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, toJsonSchema(schema, collect)]));
}

function nullable(schema: Json): Json {
  if (typeof schema["type"] !== "string") return { anyOf: [schema, { type: "null" }] };
  const choices = schema["enum"] as unknown[] | undefined;
  return { ...schema, type: [schema["type"], "null"], ...(choices && { enum: [...new Set([...choices, null])] }) };
}
