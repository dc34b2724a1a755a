import { quoteGo } from "../../base/go-quote.ts";
import type { ValuePath } from "../value-path.ts";

/** What is wrong at one place of the values, and what is wrong below it. */
export type Problem = {
  at: ValuePath;
  text: string;
  causes: readonly Problem[];
  /** A name that must not be there: then it, and not the map it is in, was set by mistake. */
  name?: string;
  /** `group`: only says that there are several below; `reference`: the same of another schema. */
  kind?: "group" | "reference";
};

/** Lines as Helm words them: `- at '/replicas': got string, want integer`. */
export function problemLines(
  problem: Problem,
  placeOf: (path: ValuePath) => string | undefined = () => undefined,
): string[] {
  const top = problem.kind === "group" ? problem.causes : [problem];
  return top.flatMap((one) => linesOf(one, 0, placeOf));
}

/** What is wrong at which path, in the order of the lines; what is wrong in one way of several belongs to its value. */
export function problemsAt(problem: Problem): { path: ValuePath; text: string }[] {
  const { kind, causes, name, at } = problem;
  if (kind === "group" || (kind === "reference" && causes.length === 1)) return causes.flatMap(problemsAt);
  const text = linesOf(problem, 0, () => undefined)
    .join("\n")
    .replace(/^- /, "");
  return [{ path: name === undefined ? at : [...at, name], text }];
}

function linesOf(problem: Problem, depth: number, placeOf: (path: ValuePath) => string | undefined): string[] {
  const { at, text, causes, kind, name } = problem;
  if (kind === "reference" && causes.length === 1) return causes.flatMap((cause) => linesOf(cause, depth, placeOf));
  // What is wrong in each way of several is one value, so it is told once where it was set.
  const where = depth === 0 ? placeOf(name === undefined ? at : [...at, name]) : undefined;
  const line = `${"  ".repeat(depth)}- at ${quoted(pointer(at))}: ${text}`;
  return [
    where === undefined ? line : `${line} (set in ${where})`,
    ...causes.flatMap((cause) => linesOf(cause, depth + 1, placeOf)),
  ];
}

export function pointer(path: ValuePath): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function quoted(text: string): string {
  return `'${quoteGo(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return typeof value === "object" && value !== null ? "value" : String(value);
}
