import type { Check } from "./evaluate.ts";
import type { Problem } from "./problem.ts";

/** The keywords that combine schemas for the same value. */
export function checkWays(check: Check): void {
  const { schema, tell } = check;
  if (Object.hasOwn(schema, "not") && check.same(schema["not"]) === undefined) tell("'not' failed");
  const all = failuresOf(check, schema["allOf"]);
  if (all.length > 0) tell("'allOf' failed", { causes: all });
  checkAny(check, schema["anyOf"]);
  checkOne(check, schema["oneOf"]);
  if (check.draft >= 7) checkIf(check);
}

function failuresOf(check: Check, ways: unknown): Problem[] {
  if (!Array.isArray(ways)) return [];
  return ways.map((way) => check.same(way)).filter((problem) => problem !== undefined);
}

function checkAny(check: Check, ways: unknown): void {
  if (!Array.isArray(ways)) return;
  const failures: Problem[] = [];
  let isMatched = false;
  for (const way of ways) {
    // What each of them looks at counts, where that is asked for.
    if (isMatched && check.left.size === 0) break;
    const problem = check.same(way);
    if (problem === undefined) isMatched = true;
    else failures.push(problem);
  }
  if (!isMatched) check.tell("'anyOf' failed", { causes: failures });
}

function checkOne(check: Check, ways: unknown): void {
  if (!Array.isArray(ways)) return;
  const failures: Problem[] = [];
  let matched: number | undefined;
  for (const [index, way] of ways.entries()) {
    const problem = check.same(way);
    if (problem !== undefined) {
      failures.push(problem);
    } else if (matched !== undefined) {
      check.tell(`'oneOf' failed, subschemas ${matched}, ${index} matched`);
      return;
    } else {
      matched = index;
    }
  }
  if (matched === undefined) check.tell("'oneOf' failed, none matched", { causes: failures });
}

function checkIf(check: Check): void {
  const { schema, problems } = check;
  if (!Object.hasOwn(schema, "if")) return;
  const branch = check.same(schema["if"]) === undefined ? "then" : "else";
  if (!Object.hasOwn(schema, branch)) return;
  const problem = check.same(schema[branch]);
  if (problem !== undefined) problems.push(problem);
}
