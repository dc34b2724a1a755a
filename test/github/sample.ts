import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../../src/base/json-path.ts";

const { definitions } = JSON.parse(readFileSync(new URL("./openapi.generated.json", import.meta.url), "utf8")) as {
  definitions: Record<string, JsonObject>;
};

const texts: Record<string, string> = {
  uri: "https://github.example/any",
  "date-time": "2026-01-01T00:00:00Z",
};

/** The least that GitHub would tell of such a thing: every member that its description requires, with nothing in it. */
export function sampleOf(definition: string): JsonObject {
  return sample({ $ref: `#/definitions/${definition}` }) as JsonObject;
}

function sample(schema: unknown): unknown {
  if (!isJsonObject(schema)) return {};
  const { $ref, anyOf, oneOf, type, format, properties, required = [] } = schema;
  if (typeof $ref === "string") return sample(definitions[$ref.slice("#/definitions/".length)]);
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return sample(choices[0]);
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const types = [type].flat();
  if (types.includes("null")) return null;
  if (types.includes("string")) return texts[String(format)] ?? "";
  if (types.includes("integer") || types.includes("number")) return 0;
  if (types.includes("boolean")) return false;
  if (types.includes("array")) return [];
  const members = isJsonObject(properties) ? properties : {};
  return Object.fromEntries((required as string[]).map((name) => [name, sample(members[name])]));
}
