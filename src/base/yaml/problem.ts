import { SlipwayError } from "../error.ts";

/** What is wrong and where, before the text around it is known. Lines and columns count from 0. */
export class YamlProblem extends Error {
  /** The whole message as go-yaml words it, without its `yaml: `. */
  readonly text: string;
  readonly line: number | undefined;
  readonly column: number;

  constructor(text: string, line: number | undefined, column: number) {
    super(text);
    this.text = text;
    this.line = line;
    this.column = column;
  }
}

export type ProblemPhase = "scanner" | "parser";

/** Go-yaml names the line as counted from 1 for what the scanner finds, but from 0 for the parser, and never line 0. */
export function yamlError(phase: ProblemPhase, problem: string, line: number, column: number): YamlProblem {
  const named = phase === "scanner" ? line + 1 : line;
  return new YamlProblem(line === 0 ? problem : `line ${named}: ${problem}`, line, column);
}

const WIDEST_LINE = 160;

/** The line with a caret under the column; of a long line only what is near. */
export function showLine(text: string, line: number, column: number): string {
  let start = 0;
  for (let i = 0; i < line; i++) {
    const next = text.indexOf("\n", start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  const whole = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  const from = column > WIDEST_LINE / 2 ? column - WIDEST_LINE / 2 : 0;
  const shown = whole.slice(from, from + WIDEST_LINE);
  const before = shown.slice(0, column - from).replace(/[^\t]/g, " ");
  return `${shown}\n${before}^`;
}

/** The message is word for word Go's (`error converting YAML to JSON: yaml: line 3: …`): templates can see it. */
export function toSlipwayError(problem: YamlProblem, text: string, source: string | undefined): SlipwayError {
  const place = problem.line === undefined ? undefined : `${problem.line + 1}:${problem.column + 1}`;
  const where = place === undefined ? source : source === undefined ? place : `${source}:${place}`;
  return new SlipwayError("YAML_INVALID", problem.text, {
    ...(where === undefined ? {} : { where }),
    ...(problem.line === undefined ? {} : { detail: showLine(text, problem.line, problem.column) }),
  });
}
