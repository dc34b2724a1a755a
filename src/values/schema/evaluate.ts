import { isJsonObject } from "../../base/json-path.ts";
import { checkArray } from "./check-array.ts";
import { checkObject } from "./check-object.ts";
import { checkNumber, checkText, constantProblem, scalarProblem } from "./check-scalar.ts";
import { checkWays } from "./check-ways.ts";
import type { Draft } from "./draft.ts";
import type { Problem } from "./problem.ts";
import type { Resource, SchemaSet } from "./schema-set.ts";

/** What no keyword has looked at so far: names of a map, or indexes of a list. */
export type Left = Set<string | number>;

/** The schemas that are being applied, innermost first; `value` is the same object for all that apply to one value. */
type Scope = { schema: object; value: object; resource: Resource; outer: Scope | undefined };

/** One schema being applied to one value. */
export type Check = {
  schema: Record<string, unknown>;
  value: unknown;
  draft: Draft;
  set: SchemaSet;
  path: readonly string[];
  /** Empty where nobody asks for it. */
  left: Left;
  problems: Problem[];
  /** Applies another schema to the same value. */
  same(schema: unknown): Problem | undefined;
  /** Applies a schema to a part of the value. */
  below(schema: unknown, value: unknown, step: string): Problem | undefined;
  tell(text: string, more?: Partial<Problem>): void;
};

/** Enough for any schema of a chart; one that makes itself ever larger stops here. */
const mostSteps = 1_000_000;

/** Holds a value against the schema; `undefined` where it is fine. */
export function evaluate(set: SchemaSet, value: unknown): Problem | undefined {
  return new Evaluation(set).apply(set.root, value, { path: [], outer: undefined, token: {}, wantsLeft: false })
    .problem;
}

type Place = { path: readonly string[]; outer: Scope | undefined; token: object; wantsLeft: boolean };
type Applied = { problem: Problem | undefined; left: Left };

class Evaluation {
  readonly #set: SchemaSet;
  #steps = 0;

  constructor(set: SchemaSet) {
    this.#set = set;
  }

  apply(schema: unknown, value: unknown, place: Place): Applied {
    if (++this.#steps > mostSteps) throw new Error("it refers to itself too often");
    const { path, outer, token, wantsLeft } = place;
    if (!isJsonObject(schema)) {
      const left = leftOf({}, 2020, value, wantsLeft);
      return { problem: schema === false ? problemAt(path, "false schema") : undefined, left };
    }
    const resource = this.#set.resourceOf(schema);
    const scope: Scope = { schema, value: token, resource, outer };
    const left = leftOf(schema, resource.draft, value, wantsLeft);
    if (isCycle(scope)) return { problem: problemAt(path, "the schema refers to itself without end"), left };
    const check = this.#check(schema, value, { ...place, outer: scope }, left);
    run(check, scope);
    const { problems } = check;
    if (problems.length < 2) return { problem: problems[0], left };
    return { problem: { at: path, text: "validation failed", causes: problems, kind: "group" }, left };
  }

  #check(schema: Record<string, unknown>, value: unknown, { path, outer, token }: Place, left: Left): Check {
    const problems: Problem[] = [];
    return {
      schema,
      value,
      draft: this.#set.resourceOf(schema).draft,
      set: this.#set,
      path,
      left,
      problems,
      same: (inner) => {
        const applied = this.apply(inner, value, { path, outer, token, wantsLeft: left.size > 0 });
        if (applied.problem === undefined) keepCommon(left, applied.left);
        return applied.problem;
      },
      below: (inner, part, step) =>
        this.apply(inner, part, { path: [...path, step], outer, token: {}, wantsLeft: false }).problem,
      tell: (text, more = {}) => void problems.push({ ...problemAt(path, text), ...more }),
    };
  }
}

function run(check: Check, scope: Scope): void {
  const { schema, draft } = check;
  const isReferenceAlone = draft < 2019 && typeof schema["$ref"] === "string";
  // Before 2019 `const` is all that counts beside `$ref`, in Helm.
  const first = isReferenceAlone ? constantProblem(check) : scalarProblem(check, scope.resource);
  if (first !== undefined) {
    check.tell(first);
    return;
  }
  refer(check, "$ref", check.set.target(schema, "$ref"));
  if (isReferenceAlone) return;
  const { value } = check;
  if (isJsonObject(value)) checkObject(check);
  else if (Array.isArray(value)) checkArray(check);
  else if (typeof value === "string") checkText(check);
  else if (typeof value === "number") checkNumber(check);
  if (draft >= 2019) {
    refer(check, "$recursiveRef", recursiveTarget(check, scope));
    refer(check, "$dynamicRef", dynamicTarget(check, scope));
  }
  checkWays(check);
  if (draft >= 2019) checkLeft(check);
}

function refer(check: Check, keyword: string, target: unknown): void {
  if (typeof check.schema[keyword] !== "string" || target === undefined) return;
  const problem = check.same(target);
  if (problem === undefined) return;
  const causes = problem.kind === "group" ? problem.causes : [problem];
  check.tell("validation failed", { causes, kind: "reference" });
}

/** The outermost schema that lets itself be extended so. */
function recursiveTarget({ schema, set }: Check, scope: Scope): unknown {
  const target = set.target(schema, "$recursiveRef");
  if (!isJsonObject(target) || target["$recursiveAnchor"] !== true) return target;
  let found: unknown = target;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    if (isJsonObject(at.resource.root) && at.resource.root["$recursiveAnchor"] === true) found = at.schema;
  }
  return found;
}

function dynamicTarget({ schema, set }: Check, scope: Scope): unknown {
  const target = set.target(schema, "$dynamicRef");
  const name = String(schema["$dynamicRef"]).split("#")[1] ?? "";
  if (!isJsonObject(target) || target["$dynamicAnchor"] !== name) return target;
  let found: unknown = target;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    found = at.resource.dynamicAnchors.get(name) ?? found;
  }
  return found;
}

function isCycle({ schema, value, outer }: Scope): boolean {
  for (let at = outer; at !== undefined && at.value === value; at = at.outer) if (at.schema === schema) return true;
  return false;
}

/** All parts of the value, where the schema or one around it asks for what is left in the end. */
function leftOf(schema: Record<string, unknown>, draft: Draft, value: unknown, isWanted: boolean): Left {
  if (isJsonObject(value)) {
    const isAsked = isWanted || (draft >= 2019 && "unevaluatedProperties" in schema);
    return new Set(isAsked && !("additionalProperties" in schema) ? Object.keys(value) : []);
  }
  if (!Array.isArray(value) || !(isWanted || (draft >= 2019 && "unevaluatedItems" in schema))) return new Set();
  const first = firstLeft(schema, draft, value.length);
  return new Set(Array.from({ length: value.length - first }, (_, index) => first + index));
}

/** How many items, from the first on, have a schema of their own. */
function firstLeft(schema: Record<string, unknown>, draft: Draft, length: number): number {
  const { items, prefixItems } = schema;
  const listed = draft < 2020 ? items : prefixItems;
  const isAll = draft < 2020 ? isOne(items) || (Array.isArray(items) && "additionalItems" in schema) : isOne(items);
  return isAll ? length : Math.min(length, Array.isArray(listed) ? listed.length : 0);
}

function isOne(items: unknown): boolean {
  return items !== undefined && !Array.isArray(items);
}

function keepCommon(left: Left, other: Left): void {
  for (const part of left) if (!other.has(part)) left.delete(part);
}

function checkLeft(check: Check): void {
  const { schema, value, left } = check;
  const keyword = isJsonObject(value) ? "unevaluatedProperties" : Array.isArray(value) ? "unevaluatedItems" : "";
  if (!Object.hasOwn(schema, keyword)) return;
  for (const part of left) {
    const inner = Array.isArray(value) ? value[Number(part)] : (value as Record<string, unknown>)[part];
    const problem = check.below(schema[keyword], inner, String(part));
    if (problem !== undefined) check.problems.push(problem);
  }
  left.clear();
}

function problemAt(path: readonly string[], text: string): Problem {
  return { at: path, text, causes: [] };
}
