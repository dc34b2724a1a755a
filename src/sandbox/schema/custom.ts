import { arrayAt, isJsonObject, valueAt } from "../../base/json-path.ts";
import { dictAt, textAt } from "../json.ts";
import { anyType, type Field, type FieldType, type StructType, struct } from "./schema.ts";

const metadata: Field = { type: struct("ObjectMeta"), always: true };
const text: Field = { type: { is: "scalar", type: "string" }, always: false };

/** The type of a custom kind, from the OpenAPI schema of its CustomResourceDefinition. */
export function customType(schema: unknown, kind: string): FieldType {
  const root = schemaType(schema, kind);
  if (root.is !== "struct") return root;
  const fields = new Map([...root.fields(), ["apiVersion", text], ["kind", text], ["metadata", metadata]] as const);
  return { ...root, fields: () => fields };
}

function schemaType(schema: unknown, name: string): FieldType {
  if (valueAt(schema, "x-kubernetes-int-or-string") === true) return { is: "scalar", type: "intOrString" };
  switch (valueAt(schema, "type")) {
    case "object":
      return objectType(schema, name);
    case "array":
      return listType(schema, name);
    case "string":
      return { is: "scalar", type: "string" };
    case "integer":
      return { is: "scalar", type: "int64" };
    case "number":
      return { is: "scalar", type: "number" };
    case "boolean":
      return { is: "scalar", type: "boolean" };
    default:
      return anyType;
  }
}

function objectType(schema: unknown, name: string): FieldType {
  const atomic = valueAt(schema, "x-kubernetes-map-type") === "atomic";
  const additional = valueAt(schema, "additionalProperties");
  if (isJsonObject(additional)) return { is: "map", value: schemaType(additional, name), atomic };
  if (valueAt(schema, "x-kubernetes-embedded-resource") === true) return anyType;
  const open = valueAt(schema, "x-kubernetes-preserve-unknown-fields") === true || additional === true;
  const properties = Object.entries(dictAt(schema, "properties"));
  if (properties.length === 0 && open) return anyType;
  const required = arrayAt(schema, "required");
  const fields = new Map(
    properties.map(([key, value]) => [key, { type: schemaType(value, key), always: required.includes(key) }] as const),
  );
  const made: StructType = { is: "struct", name, atomic, open, fields: () => fields };
  return made;
}

function listType(schema: unknown, name: string): FieldType {
  const item = schemaType(valueAt(schema, "items"), name);
  const kind = textAt(schema, "x-kubernetes-list-type");
  if (kind === "set") return { is: "list", item, set: true };
  if (kind !== "map") return { is: "list", item };
  const keys = arrayAt(schema, "x-kubernetes-list-map-keys").map((key) => {
    const fallback = valueAt(schema, "items", "properties", String(key), "default");
    return typeof fallback === "string" ? { name: String(key), fallback } : { name: String(key) };
  });
  return { is: "list", item, keys };
}
