import type { ResourceType } from "../api/resources.ts";
import type { FieldType, StructType } from "../schema/schema.ts";

type Schema = Record<string, unknown>;

/** The name of a kind's schema: its group backwards, its version, its kind. */
export function schemaName({ group, version, kind }: ResourceType): string {
  const path = group === "" ? ["core"] : group.split(".").reverse();
  return [...path, version, kind].join(".");
}

/** The schemas of the kinds and of every type that they use. */
export function openApiSchemas(kinds: { type: ResourceType; schema: FieldType }[]): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  for (const { type, schema } of kinds) {
    const { group, version, kind } = type;
    const own = schema.is === "struct" ? structSchema(schema, schemas) : schemaOf(schema, schemas);
    schemas[schemaName(type)] = { ...own, "x-kubernetes-group-version-kind": [{ group, version, kind }] };
  }
  return schemas;
}

function structSchema(type: StructType, schemas: Record<string, Schema>): Schema {
  const fields = [...type.fields()].map(([name, field]) => [name, schemaOf(field.type, schemas)]);
  const schema: Schema = { type: "object", properties: Object.fromEntries(fields) };
  if (type.atomic) schema["x-kubernetes-map-type"] = "atomic";
  if (type.open) schema["x-kubernetes-preserve-unknown-fields"] = true;
  return schema;
}

function schemaOf(type: FieldType, schemas: Record<string, Schema>): Schema {
  switch (type.is) {
    case "any":
      return {};
    case "struct": {
      // A type may hold itself, so its name is taken before its fields are walked.
      if (!Object.hasOwn(schemas, type.name)) {
        schemas[type.name] = {};
        schemas[type.name] = structSchema(type, schemas);
      }
      return { $ref: `#/components/schemas/${type.name}` };
    }
    case "map":
      return { type: "object", additionalProperties: schemaOf(type.value, schemas) };
    case "list":
      return { type: "array", items: schemaOf(type.item, schemas), ...listRules(type) };
    case "scalar":
      return scalarSchema(type);
  }
}

function listRules(type: Extract<FieldType, { is: "list" }>): Schema {
  if (type.set === true) return { "x-kubernetes-list-type": "set" };
  if (type.keys === undefined) return { "x-kubernetes-list-type": "atomic" };
  return { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": type.keys.map((key) => key.name) };
}

const scalarSchemas: Record<string, Schema> = {
  string: { type: "string" },
  time: { type: "string", format: "date-time" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  intOrString: { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" },
};

function scalarSchema({ type, values }: Extract<FieldType, { is: "scalar" }>): Schema {
  return { ...scalarSchemas[type], ...(values === undefined ? {} : { enum: values }) };
}
