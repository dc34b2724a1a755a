import type { ValuePath } from "./value-path.ts";

/** One finding of the validator; `keywordLocation` is the way through the schema that led to it. */
export type SchemaFinding = { instanceLocation: string; keyword: string; keywordLocation: string; error: string };

/** Findings that only say that there are others below. */
const wrappers = new Set([
  "$ref",
  "$recursiveRef",
  "properties",
  "patternProperties",
  "items",
  "prefixItems",
  "additionalItems",
  "dependentSchemas",
  "if",
  "false",
]);
const groups = new Set(["anyOf", "oneOf", "allOf"]);
/** Of these Helm makes one line for all the names at a place. */
const listed: Readonly<Record<string, (names: string[]) => string>> = {
  required: (names) => `missing ${plural(names, "property", "properties")} ${names.join(", ")}`,
  additionalProperties: (names) => `additional properties ${names.join(", ")} not allowed`,
  unevaluatedProperties: (names) => `unevaluated properties ${names.join(", ")} not allowed`,
};

/** Lines as Helm words them: `- at '/replicas': got string, want integer`. */
export function schemaMessages(
  findings: readonly SchemaFinding[],
  placeOf: (path: ValuePath) => string | undefined = () => undefined,
): string[] {
  const lines: string[] = [];
  const merged = new Set<string>();
  for (const finding of findings) {
    if (wrappers.has(finding.keyword)) continue;
    const place = `${finding.keywordLocation} ${finding.instanceLocation}`;
    const list = listed[finding.keyword];
    if (list !== undefined && merged.has(place)) continue;
    merged.add(place);
    const text = list === undefined ? reword(finding) : list(namesAt(findings, finding));
    const depth = depthOf(findings, finding);
    // What is wrong in each way of several is one value, so it is told once where it was set.
    const where = depth === 0 ? placeOf(pathTo(finding)) : undefined;
    const at = `${"  ".repeat(depth)}- at '${pointer(finding.instanceLocation)}': ${text}`;
    lines.push(where === undefined ? at : `${at} (set in ${where})`);
  }
  return lines;
}

/** What the finding is about; of a name that must not be there, the name itself. */
function pathTo({ instanceLocation, keyword, error }: SchemaFinding): ValuePath {
  const steps = pointer(instanceLocation)
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const name = /^(?:additional|unevaluated)Properties$/.test(keyword) ? /"(.*)"/s.exec(error)?.[1] : undefined;
  return name === undefined ? steps : [...steps, name];
}

function plural(names: string[], one: string, many: string): string {
  return names.length === 1 ? one : many;
}

function namesAt(findings: readonly SchemaFinding[], { keywordLocation, instanceLocation }: SchemaFinding): string[] {
  return findings
    .filter((other) => other.keywordLocation === keywordLocation && other.instanceLocation === instanceLocation)
    .map(({ error }) => `'${/"(.*)"/s.exec(error)?.[1] ?? ""}'`);
}

function depthOf(findings: readonly SchemaFinding[], { keywordLocation }: SchemaFinding): number {
  return findings.filter(
    (other) => groups.has(other.keyword) && keywordLocation.startsWith(`${other.keywordLocation}/`),
  ).length;
}

function pointer(location: string): string {
  return decodeURIComponent(location.replace(/^#/, ""));
}

const rewordings: readonly [keyword: string, pattern: RegExp, words: (match: RegExpExecArray) => string][] = [
  [
    "type",
    /^Instance type "(.*)" is invalid\. Expected "(.*)"\.$/,
    ([, got, want = ""]) => `got ${got}, want ${want.replaceAll('", "', " or ").replaceAll(",", " or ")}`,
  ],
  ["enum", /^Instance does not match any of (\[.*\])\.$/s, ([, list = "[]"]) => oneOf(JSON.parse(list))],
  ["const", /^Instance does not match (.*)\.$/s, ([, value = "null"]) => `value must be ${show(JSON.parse(value))}`],
  ["anyOf", /^/, () => "'anyOf' failed"],
  ["allOf", /^/, () => "'allOf' failed"],
  [
    "oneOf",
    /\((\d+) matches\)/,
    ([, count]) => (count === "0" ? "'oneOf' failed, none matched" : `'oneOf' failed, ${count} matched`),
  ],
  ["not", /^/, () => "'not' failed"],
  ["minimum", /^(.*) is less than (?:or equal to )? ?(.*)\.$/, ([, got, want]) => `minimum: got ${got}, want ${want}`],
  [
    "maximum",
    /^(.*) is greater than (?:or equal to )? ?(.*)\.$/,
    ([, got, want]) => `maximum: got ${got}, want ${want}`,
  ],
  ["exclusiveMinimum", /^(.*) is less than (.*)\.$/, ([, got, want]) => `exclusiveMinimum: got ${got}, want ${want}`],
  [
    "exclusiveMaximum",
    /^(.*) is greater than or equal to (.*)\.$/,
    ([, got, want]) => `exclusiveMaximum: got ${got}, want ${want}`,
  ],
  ["multipleOf", /^(.*) is not a multiple of (.*)\.$/, ([, got, want]) => `multipleOf: got ${got}, want ${want}`],
  ["minLength", /\((\d+) < (\d+)\)/, ([, got, want]) => `minLength: got ${got}, want ${want}`],
  ["maxLength", /\((\d+) > (\d+)\)/, ([, got, want]) => `maxLength: got ${got}, want ${want}`],
  ["minItems", /\((\d+) < (\d+)\)/, ([, got, want]) => `minItems: got ${got}, want ${want}`],
  ["maxItems", /\((\d+) > (\d+)\)/, ([, got, want]) => `maxItems: got ${got}, want ${want}`],
  ["uniqueItems", /indexes (\d+) and (\d+)/, ([, first, second]) => `items at ${first} and ${second} are equal`],
  ["propertyNames", /^Property name "(.*)" does/s, ([, name]) => `invalid propertyName '${name}'`],
];

function reword({ keyword, error }: SchemaFinding): string {
  for (const [name, pattern, words] of rewordings) {
    const match = name === keyword ? pattern.exec(error) : null;
    if (match !== null) return words(match);
  }
  const plain = error.replace(/\.$/, "");
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

function oneOf(values: unknown[]): string {
  if (values.some((value) => typeof value === "object" && value !== null)) return "'enum' failed";
  return values.length === 1
    ? `value must be ${show(values[0])}`
    : `value must be one of ${values.map(show).join(", ")}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}
