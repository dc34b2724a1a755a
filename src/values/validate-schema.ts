import { SlipwayError } from "../base/error.ts";
import { GoInt, type GoMap, type GoValue } from "../base/go-value.ts";
import type { Chart } from "../chart/types.ts";
import { withGoPatterns } from "./go-patterns.ts";
import { addRemoteSchemas } from "./remote-schemas.ts";
import { schemaMessages } from "./schema-messages.ts";

/** Holds the values against the schemas of the chart and of its subcharts; VALUES_SCHEMA lists every error there is. */
export async function validateSchemas(chart: Chart, values: GoMap): Promise<void> {
  const problems = await problemsOf(chart, values);
  if (problems.length === 0) return;
  throw new SlipwayError(
    "VALUES_SCHEMA",
    "values don't meet the specifications of the schema(s) in the following chart(s):",
    {
      detail: problems.join("\n"),
      hint: "Correct the values that are listed; each path is below the chart it is listed under.",
    },
  );
}

async function problemsOf(chart: Chart, values: GoMap): Promise<string[]> {
  const problems: string[] = [];
  if (chart.schema !== undefined) {
    const messages = await messagesOf(chart, chart.schema, values);
    if (messages.length > 0) problems.push(`${chart.metadata.name}:`, ...messages);
  }
  for (const subchart of chart.dependencies) {
    const own = values.get(subchart.metadata.name);
    if (own instanceof Map) problems.push(...(await problemsOf(subchart, own)));
    else if (own !== undefined && own !== null) {
      problems.push(`${subchart.metadata.name}:`, "invalid type for values: expected object (map)");
    }
  }
  return problems;
}

async function messagesOf(chart: Chart, schemaText: Uint8Array, values: GoMap): Promise<string[]> {
  const text = Buffer.from(schemaText).toString("utf8");
  try {
    const schema: unknown = JSON.parse(text);
    if (schema === true) return [];
    const draft = draftOf(schema);
    // Loaded here alone: most charts have no schema.
    const { Validator: SchemaValidator } = await import("@cfworker/json-schema");
    // From 2019-09 on a format is a remark, not a rule.
    const ruled = draft === "4" || draft === "7" ? schema : JSON.parse(text, withoutFormat);
    const validator = new SchemaValidator(ruled, draft, false);
    await addRemoteSchemas(ruled, validator);
    const plain = toPlain(values);
    return schemaMessages(withGoPatterns(ruled, () => validator.validate(plain)).errors);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw unusable(chart, reason ?? "", cause);
  }
}

function unusable(chart: Chart, reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError(
    "VALUES_SCHEMA",
    `Cannot use values.schema.json of chart "${chart.metadata.name}": ${reason}`,
    {
      hint: "Skip the check with --skip-schema-validation, or tell the chart's authors.",
      cause,
    },
  );
}

function draftOf(schema: unknown): "4" | "7" | "2019-09" | "2020-12" {
  const uri = typeof schema === "object" && schema !== null && "$schema" in schema ? String(schema.$schema) : "";
  if (uri.includes("draft-04")) return "4";
  if (uri.includes("draft-06") || uri.includes("draft-07")) return "7";
  return uri.includes("2019-09") ? "2019-09" : "2020-12";
}

function withoutFormat(key: string, value: unknown): unknown {
  return key === "format" && typeof value === "string" ? undefined : value;
}

/** Without a prototype, so that a schema that asks for `constructor` doesn't find one. */
function toPlain(value: GoValue): unknown {
  if (value instanceof Map) {
    const plain: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value) plain[key] = toPlain(item);
    return plain;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof GoInt) return Number(value.value);
  return typeof value === "bigint" ? Number(value) : value;
}
