import { at, clone, type Dict, dictAt, isDict } from "../json.ts";

/** Fills in the defaults that a CustomResourceDefinition's schema states. */
export function defaultCustom(object: Dict, schema: unknown): void {
  for (const [key, property] of Object.entries(dictAt(schema, "properties"))) {
    if (key === "metadata") continue;
    const fallback = at(property, "default");
    if (object[key] === undefined && fallback !== undefined) object[key] = clone(fallback);
    defaultValue(object[key], property);
  }
}

function defaultValue(value: unknown, schema: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) defaultValue(item, at(schema, "items"));
  } else if (isDict(value)) {
    const additional = at(schema, "additionalProperties");
    if (isDict(additional)) for (const item of Object.values(value)) defaultValue(item, additional);
    defaultCustom(value, schema);
  }
}
