import { isJsonObject } from "../../base/json-path.ts";
import type { Check } from "./evaluate.ts";
import type { Problem } from "./problem.ts";
import { quoted } from "./problem.ts";

export function checkObject(check: Check): void {
  const { schema, tell, draft } = check;
  const value = check.value as Record<string, unknown>;
  const size = Object.keys(value).length;
  const { minProperties, maxProperties } = schema;
  if (typeof minProperties === "number" && size < minProperties) {
    tell(`minProperties: got ${size}, want ${minProperties}`);
  }
  if (typeof maxProperties === "number" && size > maxProperties) {
    tell(`maxProperties: got ${size}, want ${maxProperties}`);
  }
  const missing = missingOf(value, schema["required"]);
  if (missing.length > 0) tell(`missing ${missing.length === 1 ? "property" : "properties"} ${listed(missing)}`);
  checkDependencies(check, value, schema["dependencies"]);
  checkMembers(check, value);
  if (draft > 4) checkNames(check, value);
  if (draft < 2019) return;
  checkDependencies(check, value, schema["dependentSchemas"]);
  checkDependencies(check, value, schema["dependentRequired"]);
}

function checkDependencies(check: Check, value: Record<string, unknown>, dependencies: unknown): void {
  if (!isJsonObject(dependencies)) return;
  for (const [name, wanted] of Object.entries(dependencies)) {
    if (!Object.hasOwn(value, name)) continue;
    if (!Array.isArray(wanted)) {
      keep(check, check.same(wanted));
      continue;
    }
    const missing = missingOf(value, wanted);
    if (missing.length > 0) check.tell(`properties ${listed(missing)} required, if ${quoted(name)} exists`);
  }
}

function checkMembers(check: Check, value: Record<string, unknown>): void {
  const { schema, left, set } = check;
  const properties = mapAt(schema, "properties");
  const patterns = Object.entries(mapAt(schema, "patternProperties")).map(
    ([pattern, inner]) => [set.pattern(pattern), inner] as const,
  );
  const additional = schema["additionalProperties"];
  const unknown: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const isNamed = Object.hasOwn(properties, name);
    const schemas = patterns.filter(([pattern]) => pattern.test(name)).map(([, inner]) => inner);
    if (isNamed) schemas.unshift(properties[name]);
    if (schemas.length === 0 && additional === false) unknown.push(name);
    else if (schemas.length === 0 && additional !== undefined) schemas.push(additional);
    for (const inner of schemas) keep(check, check.below(inner, member, name));
    if (schemas.length > 0 || additional !== undefined) left.delete(name);
  }
  const [name] = unknown;
  if (name !== undefined) check.tell(`additional properties ${listed(unknown)} not allowed`, { name });
}

function checkNames(check: Check, value: Record<string, unknown>): void {
  const { schema, tell } = check;
  if (!Object.hasOwn(schema, "propertyNames")) return;
  for (const name of Object.keys(value)) {
    const problem = check.below(schema["propertyNames"], name, name);
    if (problem === undefined) continue;
    const causes = problem.kind === "group" ? problem.causes : [problem];
    // A name has no place of its own.
    tell(`invalid propertyName ${quoted(name)}`, { causes: causes.map((cause) => ({ ...cause, at: [] })) });
  }
}

function missingOf(value: Record<string, unknown>, names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => !Object.hasOwn(value, name)) : [];
}

function mapAt(schema: Record<string, unknown>, keyword: string): Record<string, unknown> {
  const found = schema[keyword];
  return isJsonObject(found) ? found : {};
}

function listed(names: readonly string[]): string {
  return names.map(quoted).join(", ");
}

function keep({ problems }: Check, problem: Problem | undefined): void {
  if (problem !== undefined) problems.push(problem);
}
