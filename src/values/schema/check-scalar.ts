import { jsonEqual } from "../../base/json-equal.ts";
import type { Check } from "./evaluate.ts";
import { formatProblem } from "./formats.ts";
import { quoted, shown } from "./problem.ts";
import { isMultiple } from "./same.ts";
import type { Resource } from "./schema-set.ts";

/** As messages list them, whatever the order in the schema. */
const types = ["null", "boolean", "number", "integer", "string", "array", "object"];

/** What is wrong with the value as a whole; then nothing else of it is looked at. */
export function scalarProblem(check: Check, { checksFormats }: Resource): string | undefined {
  const { schema, value } = check;
  const type = typeOf(value);
  if (type === "number" && !Number.isFinite(value)) return "invalid jsonType float64";
  const wanted = [schema["type"] ?? []].flat();
  if (wanted.length > 0 && !wanted.includes(type) && !(wanted.includes("integer") && Number.isInteger(value))) {
    return `got ${type}, want ${types.filter((name) => wanted.includes(name)).join(" or ")}`;
  }
  const constant = constantProblem(check);
  if (constant !== undefined) return constant;
  const { enum: choices, format } = schema;
  if (Array.isArray(choices) && !choices.some((choice) => jsonEqual(value, choice))) return choicesText(choices);
  if (!checksFormats || typeof format !== "string" || typeof value !== "string") return undefined;
  const problem = formatProblem(format, value);
  return problem && `${quoted(value)} is not valid ${format}: ${problem}`;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

export function constantProblem({ schema, value, draft }: Check): string | undefined {
  const { const: constant } = schema;
  if (draft === 4 || constant === undefined || jsonEqual(value, constant)) return undefined;
  return typeof constant === "object" && constant !== null ? "'const' failed" : `value must be ${shown(constant)}`;
}

function choicesText(choices: readonly unknown[]): string {
  if (choices.some((choice) => typeof choice === "object" && choice !== null)) return "'enum' failed";
  return choices.length === 1
    ? `value must be ${shown(choices[0])}`
    : `value must be one of ${choices.map(shown).join(", ")}`;
}

export function checkText({ schema, value, set, tell }: Check): void {
  const text = String(value);
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === "number" || typeof maxLength === "number") {
    const length = [...text].length;
    if (length < Number(minLength ?? 0)) tell(`minLength: got ${length}, want ${minLength}`);
    if (length > Number(maxLength ?? length)) tell(`maxLength: got ${length}, want ${maxLength}`);
  }
  if (typeof pattern === "string" && !set.pattern(pattern).test(text)) {
    tell(`${quoted(text)} does not match pattern ${quoted(pattern)}`);
  }
}

export function checkNumber({ schema, value, tell }: Check): void {
  const number = Number(value);
  const { multipleOf } = schema;
  for (const [keyword, bound, isWithin] of boundsOf(schema)) {
    if (typeof bound === "number" && !isWithin(number, bound)) tell(`${keyword}: got ${number}, want ${bound}`);
  }
  if (typeof multipleOf === "number" && !isMultiple(number, multipleOf)) {
    tell(`multipleOf: got ${number}, want ${multipleOf}`);
  }
}

type Bound = [keyword: string, bound: unknown, isWithin: (number: number, bound: number) => boolean];

/** In draft 4 a bound is made exclusive by a second keyword, which is true. */
function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Record<string, unknown>): Bound[] {
  return [
    ["minimum", exclusiveMinimum === true ? undefined : minimum, (number, bound) => number >= bound],
    ["maximum", exclusiveMaximum === true ? undefined : maximum, (number, bound) => number <= bound],
    ["exclusiveMinimum", exclusiveMinimum === true ? minimum : exclusiveMinimum, (number, bound) => number > bound],
    ["exclusiveMaximum", exclusiveMaximum === true ? maximum : exclusiveMaximum, (number, bound) => number < bound],
  ];
}
