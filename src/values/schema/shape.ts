import { isJsonObject } from "../../base/json-path.ts";
import { type Draft, keywordsIn, type Shape, schemasIn } from "./draft.ts";
import { formatProblem } from "./formats.ts";
import { pointer, quoted } from "./problem.ts";
import { duplicate } from "./same.ts";

/**
 * What is wrong with a schema as such, by the rules of its draft's own schema, with its place; `undefined` where nothing
 * is. `draftAt` gives the draft of a schema inside that has one of its own.
 */
export function shapeProblem(
  schema: unknown,
  draft: Draft,
  draftAt: (schema: object) => Draft | undefined = () => undefined,
): string | undefined {
  return problemAt({ schema, draft, trail: undefined, draftAt });
}

/** The way to a schema, innermost step first. */
type Trail = { steps: readonly string[]; above: Trail } | undefined;
type At = { schema: unknown; draft: Draft; trail: Trail; draftAt: (schema: object) => Draft | undefined };

function problemAt({ schema, draft: above, trail, draftAt }: At): string | undefined {
  if (typeof schema === "boolean" && above > 4) return undefined;
  if (!isJsonObject(schema)) return told(trail, "want a schema");
  const draft = draftAt(schema) ?? above;
  for (const [keyword, shape, value] of keywordsIn(schema, draft)) {
    if (shape === "schemaOrFlag" && typeof value === "boolean") continue;
    const wanted = checks[shape]?.(value);
    if (wanted !== undefined) return told({ steps: [keyword], above: trail }, wanted);
    for (const [part, below] of schemasIn(shape, value)) {
      const problem = problemAt({
        schema: part,
        draft,
        trail: { steps: [keyword, ...below], above: trail },
        draftAt,
      });
      if (problem !== undefined) return problem;
    }
  }
  return draft === 4 ? boundProblem(schema, trail) : undefined;
}

function boundProblem(schema: Record<string, unknown>, trail: Trail): string | undefined {
  const lonely = ["Minimum", "Maximum"].find((name) => `exclusive${name}` in schema && !(name.toLowerCase() in schema));
  return lonely && told(trail, `want ${lonely.toLowerCase()} beside exclusive${lonely}`);
}

function told(trail: Trail, problem: string): string {
  const steps: string[] = [];
  for (let at = trail; at !== undefined; at = at.above) steps.unshift(...at.steps);
  return `at ${quoted(pointer(steps))}: ${problem}`;
}

const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);
const isType = (value: unknown) => typeof value === "string" && types.has(value);
const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const areUnique = (list: readonly unknown[]) => duplicate(list) === undefined;
const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText) && areUnique(value);
const isFormat = (format: string, value: unknown) =>
  isText(value) && formatProblem(format, String(value)) === undefined;

/** What is wanted where the value is not of the shape; what lies in it is looked at by itself. */
const checks: Partial<Record<Shape, (value: unknown) => string | undefined>> = {
  text: wants("a text", isText),
  flag: wants("true or false", (value) => typeof value === "boolean"),
  number: wants("a number", isNumber),
  positive: wants("a number above 0", (value) => isNumber(value) && Number(value) > 0),
  count: wants("a whole number, 0 or more", (value) => Number.isInteger(value) && Number(value) >= 0),
  list: wants("a list", Array.isArray),
  choices: wants("a list of different values", (v) => Array.isArray(v) && v.length > 0 && areUnique(v)),
  texts: wants("a list of different texts", areTexts),
  someTexts: wants("a list of different texts", (value) => areTexts(value) && value.length > 0),
  textsMap: wants("a map of lists of different texts", (v) => isJsonObject(v) && Object.values(v).every(areTexts)),
  type: wants(
    `one of ${[...types].join(", ")}, or a list of them`,
    (value) => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType) && areUnique(value)),
  ),
  regex: regexProblem,
  uri: wants("a whole address", (value) => isFormat("uri", value)),
  uriReference: wants("an address", (value) => isFormat("uri-reference", value)),
  id: wants(
    "an address without a fragment",
    (value) => isFormat("uri-reference", value) && /^[^#]*#?$/.test(String(value)),
  ),
  anchor: wants("a name", (value) => isText(value) && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(String(value))),
  oldAnchor: wants("a name", (value) => isText(value) && /^[A-Za-z][-A-Za-z0-9.:_]*$/.test(String(value))),
  vocabulary: wants(
    "a map of addresses to true or false",
    (value) =>
      isJsonObject(value) &&
      Object.entries(value).every(([name, flag]) => isFormat("uri", name) && typeof flag === "boolean"),
  ),
  schemas: wants("a list of schemas", (value) => Array.isArray(value) && value.length > 0),
  items: wants("a schema or a list of schemas", (value) => !Array.isArray(value) || value.length > 0),
  schemaMap: wants("a map of schemas", isJsonObject),
  patternMap: patternsProblem,
  dependencies: wants(
    "a map of schemas or lists of different texts",
    (value) => isJsonObject(value) && Object.values(value).every((part) => !Array.isArray(part) || areTexts(part)),
  ),
};

function wants(what: string, isFine: (value: unknown) => boolean): (value: unknown) => string | undefined {
  return (value) => (isFine(value) ? undefined : `want ${what}`);
}

function regexProblem(value: unknown): string | undefined {
  if (typeof value !== "string") return "want a regular expression";
  const problem = formatProblem("regex", value);
  return problem && `${quoted(value)} is not valid regex: ${problem}`;
}

function patternsProblem(value: unknown): string | undefined {
  if (!isJsonObject(value)) return "want a map of schemas";
  for (const name of Object.keys(value)) {
    const problem = regexProblem(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
