import { type ErrorPlace, SlipwayError } from "../base/error.ts";
import { GoInt, type GoMap, type GoValue } from "../base/go-value.ts";
import type { Chart } from "../chart/types.ts";
import { type Explainer, placeText } from "./explain-value.ts";
import type { ValuePath } from "./value-path.ts";

/** Holds the values against the schemas of the chart and of its subcharts; VALUES_SCHEMA lists every error there is. */
export async function validateSchemas(chart: Chart, values: GoMap, explain: Explainer = () => []): Promise<void> {
  const refusals = await refusalsOf({ chart, values, explain, path: [] });
  const [first] = refusals;
  if (first === undefined) return;
  const detail = refusals.flatMap(({ name, lines }) => [`${name}:`, ...lines]).join("\n");
  const unusable = refusals.every(({ reason }) => reason !== undefined) ? first.reason : undefined;
  if (unusable !== undefined) {
    throw new SlipwayError("VALUES_SCHEMA", `Cannot use values.schema.json of chart "${first.name}": ${unusable}`, {
      ...(refusals.length > 1 && { detail }),
      hint: "Skip the check with --skip-schema-validation, or tell the chart's authors.",
    });
  }
  throw new SlipwayError(
    "VALUES_SCHEMA",
    "values don't meet the specifications of the schema(s) in the following chart(s):",
    {
      detail,
      places: refusals.flatMap(({ places = [] }) => places),
      hint: "Correct the values that are listed; each path is below the chart it is listed under.",
    },
  );
}

/** A chart, its values, and where these lie in those of the whole. */
type Part = { chart: Chart; values: GoMap; explain: Explainer; path: ValuePath };

/** What is wrong with the values of one chart; `reason` is there where it is the schema that is no good. */
type Refusal = { name: string; lines: string[]; places?: ErrorPlace[]; reason?: string };

async function refusalsOf(part: Part): Promise<Refusal[]> {
  const { chart, values, explain, path } = part;
  const own = chart.schema === undefined ? undefined : await refusalOf(part, chart.schema);
  const refusals = own === undefined ? [] : [own];
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const below = values.get(name);
    if (below instanceof Map) {
      refusals.push(...(await refusalsOf({ chart: subchart, values: below, explain, path: [...path, name] })));
    } else if (below !== undefined && below !== null) {
      refusals.push({ name, lines: ["invalid type for values: expected object (map)"] });
    }
  }
  return refusals;
}

async function refusalOf({ chart, values, explain, path }: Part, text: Uint8Array): Promise<Refusal | undefined> {
  const { name } = chart.metadata;
  try {
    const schema: unknown = JSON.parse(Buffer.from(text).toString("utf8"));
    if (schema === true) return undefined;
    // Loaded here alone: most charts have no schema.
    const [{ openSchema }, { evaluate }, { problemLines, problemsAt }, { chartAddress, documentLoader }] =
      await schemaModules();
    const load = documentLoader((file) => fileOf(chart, file));
    const problem = evaluate(await openSchema(schema, `${chartAddress}values.schema.json`, load), toPlain(values));
    if (problem === undefined) return undefined;
    const placeOf = (inside: ValuePath) => {
      const mention = explain([...path, ...inside]).at(-1);
      return mention && placeText(mention);
    };
    const places = problemsAt(problem).flatMap(({ path: inside, text: message }) => {
      const where = placeOf(inside);
      return where === undefined ? [] : [{ where, message }];
    });
    return { name, lines: problemLines(problem, placeOf), places };
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message.split("\n")[0] : undefined) ?? String(cause);
    return { name, lines: [`values.schema.json can't be used: ${reason}`], reason };
  }
}

function schemaModules() {
  return Promise.all([
    import("./schema/schema-set.ts"),
    import("./schema/evaluate.ts"),
    import("./schema/problem.ts"),
    import("./schema/load-document.ts"),
  ]);
}

function fileOf(chart: Chart, name: string): string | undefined {
  const file = chart.raw.find((one) => one.name === name);
  return file && Buffer.from(file.data).toString("utf8");
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
