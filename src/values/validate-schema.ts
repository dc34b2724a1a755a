import { SlipwayError } from "../base/error.ts";
import { GoInt, type GoMap, type GoValue } from "../base/go-value.ts";
import type { Chart } from "../chart/types.ts";
import { type Explainer, placeText } from "./explain-value.ts";
import { withGoPatterns } from "./go-patterns.ts";
import { addRemoteSchemas, chartAddress } from "./remote-schemas.ts";
import { schemaMessages } from "./schema-messages.ts";
import type { ValuePath } from "./value-path.ts";

/** Holds the values against the schemas of the chart and of its subcharts; VALUES_SCHEMA lists every error there is. */
export async function validateSchemas(chart: Chart, values: GoMap, explain: Explainer = () => []): Promise<void> {
  const problems = await problemsOf({ chart, values, explain, path: [] });
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

/** A chart, its values, and where these lie in those of the whole. */
type Part = { chart: Chart; values: GoMap; explain: Explainer; path: ValuePath };

async function problemsOf(part: Part): Promise<string[]> {
  const { chart, values, explain, path } = part;
  const problems: string[] = [];
  if (chart.schema !== undefined) {
    const messages = await messagesOf(part, chart.schema);
    if (messages.length > 0) problems.push(`${chart.metadata.name}:`, ...messages);
  }
  for (const subchart of chart.dependencies) {
    const own = values.get(subchart.metadata.name);
    if (own instanceof Map) {
      const below = [...path, subchart.metadata.name];
      problems.push(...(await problemsOf({ chart: subchart, values: own, explain, path: below })));
    } else if (own !== undefined && own !== null) {
      problems.push(`${subchart.metadata.name}:`, "invalid type for values: expected object (map)");
    }
  }
  return problems;
}

async function messagesOf({ chart, values, explain, path }: Part, schemaText: Uint8Array): Promise<string[]> {
  const text = Buffer.from(schemaText).toString("utf8");
  try {
    const schema: unknown = JSON.parse(text);
    if (schema === true) return [];
    const draft = draftOf(schema);
    // Loaded here alone: most charts have no schema.
    const { Validator: SchemaValidator } = await import("@cfworker/json-schema");
    // From 2019-09 on a format is a remark, not a rule.
    const ruled = draft === "4" || draft === "7" ? schema : JSON.parse(text, withoutFormat);
    const validator = new SchemaValidator(withAddress(ruled), draft, false);
    await addRemoteSchemas(withAddress(ruled), validator, (name) => fileOf(chart, name));
    const plain = toPlain(values);
    const findings = withGoPatterns(ruled, () => validator.validate(plain)).errors;
    return schemaMessages(findings, (inside) => {
      const mention = explain([...path, ...inside]).at(-1);
      return mention && placeText(mention);
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw unusable(chart, reason ?? "", cause);
  }
}

/** What the schema refers to without a whole address lies beside it in the chart. */
function withAddress(schema: unknown): object {
  if (typeof schema !== "object" || schema === null) return { not: {} };
  return "$id" in schema || "id" in schema ? schema : { $id: `${chartAddress}values.schema.json`, ...schema };
}

function fileOf(chart: Chart, name: string): string | undefined {
  const file = chart.raw.find((one) => one.name === name);
  return file && Buffer.from(file.data).toString("utf8");
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
