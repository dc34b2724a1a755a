import { isJsonObject, type JsonObject, valueAt } from "../../base/json-path.ts";
import { clone, dictAt } from "../json.ts";

/** Fills in the defaults that a CustomResourceDefinition's schema states. */
export function defaultCustom(object: JsonObject, schema: unknown): void {
  for (const [key, property] of Object.entries(dictAt(schema, "properties"))) {
    if (key === "metadata") continue;
    const fallback = valueAt(property, "default");
    if (object[key] === undefined && fallback !== undefined) object[key] = clone(fallback);
    defaultValue(object[key], property);
  }
}

function defaultValue(value: unknown, schema: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) defaultValue(item, valueAt(schema, "items"));
  } else if (isJsonObject(value)) {
    const additional = valueAt(schema, "additionalProperties");
    if (isJsonObject(additional)) for (const item of Object.values(value)) defaultValue(item, additional);
    defaultCustom(value, schema);
  }
}
