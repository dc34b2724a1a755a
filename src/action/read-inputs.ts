import { SlipwayError } from "../base/error.ts";
import { isJsonObject } from "../base/json-path.ts";
import { nearestName } from "../base/nearest-name.ts";
import { parseDuration } from "../cli/parse-duration.ts";
import { type Input, type InputName, inputTable, variableOf } from "./input-table.ts";

type Env = Readonly<Record<string, string | undefined>>;
type ValueOf<Kind> = Kind extends "boolean"
  ? boolean
  : Kind extends "count" | "duration"
    ? number | undefined
    : Kind extends "json"
      ? Record<string, unknown> | undefined
      : Kind extends "list" | "paths"
        ? string[]
        : string | undefined;

/** What was given for each input, or its default; `undefined` or an empty list where there is neither. */
export type InputValues = { [Name in InputName]: ValueOf<(typeof inputTable)[Name]["kind"]> };

const known: Readonly<Record<string, Input>> = inputTable;

/** Reads every input, and tells of every one that is wrong at once. */
export function readInputs(env: Env): { values: InputValues; problems: SlipwayError[] } {
  const problems = unknownInputs(env);
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(known)) {
    const given = env[variableOf(name)] ?? "";
    const text = input.kind === "yaml" ? given : given.trim();
    try {
      values[name] = readValue(name, input, text || (input.default ?? ""));
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      problems.push(error);
    }
  }
  return { values: values as InputValues, problems };
}

// A runner only warns of an input that the action does not have, and deploys as if it had not been written.
function unknownInputs(env: Env): SlipwayError[] {
  const names = Object.keys(known);
  const variables = new Set(names.map(variableOf));
  return Object.keys(env)
    .filter((variable) => variable.startsWith("INPUT_") && !variables.has(variable))
    .sort()
    .map((variable) => {
      const name = variable.slice("INPUT_".length).toLowerCase();
      const nearest = nearestName(name, names) ?? nearestName(name.replace(/_/g, "-"), names);
      return new SlipwayError("INPUT_UNKNOWN", `There is no input "${name}"`, {
        where: `input "${name}"`,
        hint: nearest ? `Did you mean "${nearest}"?` : `The inputs are ${names.join(", ")}.`,
      });
    });
}

function readValue(name: string, input: Input, text: string): unknown {
  switch (input.kind) {
    case "text":
    case "yaml":
      return text.trim() === "" ? undefined : text;
    case "list":
      return entries(text, /\r?\n/);
    case "paths":
      return entries(text, /\r?\n|,/);
    case "boolean":
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
      throw invalidInput(name, text, "It has to be true or false.");
    case "json":
      return text === "" ? undefined : readObject(name, text);
    case "count":
      if (text === "") return undefined;
      if (/^\d{1,9}$/.test(text)) return Number(text);
      throw invalidInput(name, text, "It has to be a whole number.");
    case "duration": {
      if (text === "") return undefined;
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      throw invalidInput(name, text, "It has to be a time such as 90s, 5m or 1h30m.");
    }
    case "choice":
      if (input.choices?.includes(text)) return text;
      throw invalidInput(name, text, choiceHint(text, input.choices ?? []));
  }
}

// What it says is not repeated: it may be secrets.
function readObject(name: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  const where = `input "${name}"`;
  throw new SlipwayError("INPUT_INVALID", `The ${where} is not a JSON object`, {
    where,
    hint: `Write ${name}: \${{ toJSON(${name}) }}.`,
  });
}

function entries(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function choiceHint(text: string, choices: readonly string[]): string {
  const nearest = nearestName(text, choices);
  return nearest ? `Did you mean "${nearest}"?` : `It has to be one of ${choices.join(", ")}.`;
}

export function invalidInput(name: InputName | (string & {}), text: string, hint: string): SlipwayError {
  const where = `input "${name}"`;
  return new SlipwayError("INPUT_INVALID", `The ${where} can't be "${text.slice(0, 200)}"`, { where, hint });
}

export function missingInput(name: InputName, hint: string): SlipwayError {
  const where = `input "${name}"`;
  return new SlipwayError("INPUT_INVALID", `The ${where} is missing`, { where, hint });
}

/** One error that tells all of them, each with its own hint. */
export function joinProblems(problems: readonly SlipwayError[]): SlipwayError {
  const [first, ...others] = problems;
  if (first !== undefined && others.length === 0) return first;
  const code = first?.code ?? "INPUT_INVALID";
  return new SlipwayError(code, problems.map((problem) => problem.message).join("; "), {
    ...(first?.where ? { where: first.where } : {}),
    detail: problems.map(({ message, hint }) => (hint ? `${message}. ${hint}` : message)).join("\n"),
  });
}
