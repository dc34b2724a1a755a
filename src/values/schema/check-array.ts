import type { Check } from "./evaluate.ts";
import type { Problem } from "./problem.ts";
import { duplicate } from "./same.ts";

export function checkArray(check: Check): void {
  const { schema, tell } = check;
  const value = check.value as unknown[];
  const { minItems, maxItems, uniqueItems } = schema;
  if (typeof minItems === "number" && value.length < minItems) tell(`minItems: got ${value.length}, want ${minItems}`);
  if (typeof maxItems === "number" && value.length > maxItems) tell(`maxItems: got ${value.length}, want ${maxItems}`);
  const twice = uniqueItems === true ? duplicate(value) : undefined;
  if (twice !== undefined) tell(`items at ${twice[0]} and ${twice[1]} are equal`);
  checkItems(check, value);
  if (check.draft > 4 && Object.hasOwn(schema, "contains")) checkContains(check, value);
}

/** Before 2020 a list of schemas and the one for the rest are called otherwise. */
function checkItems(check: Check, value: unknown[]): void {
  const { schema, draft, tell } = check;
  const listed = draft < 2020 ? schema["items"] : schema["prefixItems"];
  const first = Array.isArray(listed) ? listed : [];
  const rest = draft < 2020 ? restBefore2020(schema) : schema["items"];
  const more = value.length - first.length;
  if (rest === false && draft < 2020 && Array.isArray(listed)) {
    if (more > 0) tell(`last ${more} additionalItem(s) not allowed`);
  }
  for (const [index, item] of value.entries()) {
    const isTold = rest === false && draft < 2020 && Array.isArray(listed);
    const inner = index < first.length ? first[index] : isTold ? undefined : rest;
    if (inner === undefined) continue;
    const problem = check.below(inner, item, String(index));
    if (problem !== undefined) check.problems.push(problem);
  }
}

function restBefore2020({ items, additionalItems }: Record<string, unknown>): unknown {
  return Array.isArray(items) ? additionalItems : items;
}

function checkContains(check: Check, value: unknown[]): void {
  const { schema, draft, left, tell } = check;
  const failures: Problem[] = [];
  const matched: number[] = [];
  for (const [index, item] of value.entries()) {
    const problem = check.below(schema["contains"], item, String(index));
    if (problem !== undefined) failures.push(problem);
    else matched.push(index);
    if (problem === undefined && draft >= 2020) left.delete(index);
  }
  const [least, most] = draft < 2019 ? [] : [schema["minContains"], schema["maxContains"]];
  if (typeof least === "number") {
    const found = matched.length === 0 ? "none matched" : `matched ${matched.length} items at ${matched.join(" ")}`;
    const text = `min ${least} items required to match contains schema, but ${found}`;
    if (matched.length < least) tell(text, { causes: failures });
  } else if (matched.length === 0) {
    tell("no items match contains schema", { causes: failures });
  }
  if (typeof most === "number" && matched.length > most) {
    const found = `matched ${matched.length} items at ${matched.join(" ")}`;
    tell(`max ${most} items required to match contains schema, but ${found}`);
  }
}
