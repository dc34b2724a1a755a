import { arrayAt, isJsonObject, type JsonObject, valueAt } from "../../base/json-path.ts";
import type { Cause } from "../api/status.ts";
import { dictAt } from "../json.ts";
import { cause } from "./causes.ts";

/** What a custom object breaks in its kind's schema: types, required fields and enums. */
export function customCauses(object: JsonObject, schema: unknown): Cause[] {
  return Object.entries(dictAt(schema, "properties"))
    .filter(([key]) => key !== "metadata" && key !== "status" && object[key] !== undefined)
    .flatMap(([key, property]) => valueCauses(object[key], property, key))
    .concat(requiredCauses(object, schema, ""));
}

function valueCauses(value: unknown, schema: unknown, path: string): Cause[] {
  if (value === null && valueAt(schema, "nullable") === true) return [];
  if (valueAt(schema, "x-kubernetes-int-or-string") === true) {
    return typeof value === "string" || Number.isInteger(value)
      ? []
      : [cause.type(path, typeName(value), "integer,string")];
  }
  const wanted = valueAt(schema, "type");
  const found = typeName(value);
  const fits = wanted === undefined || found === wanted || (wanted === "number" && found === "integer");
  if (!fits) return [cause.type(path, found, String(wanted))];
  const values = arrayAt(schema, "enum");
  if (values.length > 0 && !values.includes(value)) return [cause.unsupported(path, value, values.map(String))];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => valueCauses(item, valueAt(schema, "items"), `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  const properties = dictAt(schema, "properties");
  const additional = valueAt(schema, "additionalProperties");
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const rule = Object.hasOwn(properties, key) ? properties[key] : additional;
    return isJsonObject(rule) && item !== undefined ? valueCauses(item, rule, `${path}.${key}`) : [];
  });
  return [...inner, ...requiredCauses(value, schema, `${path}.`)];
}

function requiredCauses(value: JsonObject, schema: unknown, prefix: string): Cause[] {
  return arrayAt(schema, "required")
    .map(String)
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => cause.required(`${prefix}${key}`));
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
