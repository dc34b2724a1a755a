import fc from "fast-check";

export type Json = null | boolean | number | string | Json[] | JsonMap;
export type JsonMap = { [key: string]: Json };
export type DependencySpec = {
  chart: string;
  alias?: string;
  condition?: string;
  tags?: string[];
  imports?: (string | { child: string; parent: string })[];
};
/** A chart to be written to disk, its subcharts inside; `declared` is what its Chart.yaml says of them. */
export type ChartSpec = {
  name: string;
  legacy: boolean;
  values: JsonMap;
  subcharts: ChartSpec[];
  declared: DependencySpec[];
};
export type ValuesCase = { chart: ChartSpec; files: JsonMap[]; sets: [flag: string, expression: string][] };

const plainKeys = ["a", "b", "c", "enabled"] as const;
const chartNames = ["one", "two", "three"] as const;
const aliases = ["other", "twin"] as const;
const tagNames = ["front", "back"] as const;

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Json[]>("text", "else", "") },
  { weight: 3, arbitrary: fc.constantFrom<Json[]>(true, false) },
  { weight: 2, arbitrary: fc.constantFrom<Json[]>(0, 1, 1.5) },
  { weight: 3, arbitrary: fc.constant<Json>(null) },
);

function mapOf(keys: readonly string[], depth: number): fc.Arbitrary<JsonMap> {
  const value = anyValue(depth);
  const record = Object.fromEntries(keys.map((key) => [key, value]));
  return fc.record(record, { requiredKeys: [] }).map((map) => map as JsonMap);
}

function anyValue(depth: number): fc.Arbitrary<Json> {
  if (depth === 0) return scalar;
  return fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 4, arbitrary: mapOf(plainKeys, depth - 1) },
    { weight: 1, arbitrary: fc.array(anyValue(depth - 1), { maxLength: 2 }) },
  );
}

const tags: fc.Arbitrary<JsonMap> = fc
  .record(
    Object.fromEntries(tagNames.map((name) => [name, fc.constantFrom<Json[]>(true, false, true, false, "no", null)])),
    { requiredKeys: [] },
  )
  .map((map) => map as JsonMap);

/** Values as they are written beside a chart: names of subcharts are maps, now and then something else. */
function valuesOf(depth: number): fc.Arbitrary<JsonMap> {
  const below = depth === 0 ? mapOf(plainKeys, 1) : fc.oneof(mapOf(plainKeys, 2), valuesOf(depth - 1));
  const section: fc.Arbitrary<Json> = fc.oneof(
    { weight: 30, arbitrary: below as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: scalar },
  );
  const sections = Object.fromEntries([...chartNames, ...aliases].map((name) => [name, section]));
  const globals: fc.Arbitrary<Json> = fc.oneof(
    { weight: 20, arbitrary: mapOf([...plainKeys, "one"], 2) as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: scalar },
  );
  return fc
    .tuple(
      mapOf(plainKeys, 2),
      sparse(
        fc.record({ ...sections, global: globals, tags, exports: mapOf(["data", "more"], 2) }, { requiredKeys: [] }),
      ),
    )
    .map(([own, others]) => ({ ...own, ...others }));
}

function sparse(values: fc.Arbitrary<object>): fc.Arbitrary<JsonMap> {
  return fc
    .tuple(values, fc.integer({ min: 0, max: 255 }))
    .map(([map, bits]) => Object.fromEntries(Object.entries(map).filter((_, index) => (bits >> index) & 1)));
}

const path = fc.constantFrom(
  "a",
  "b",
  "a.b",
  "b.c",
  "exports.data",
  "global.a",
  "global",
  "missing",
  "a.a.b",
  "one",
  "one.a",
);
const importWay = fc.oneof(
  fc.constantFrom("data", "more", "missing"),
  fc.record({ child: path, parent: fc.oneof(fc.constant("."), path) }),
);

function condition(name: string): fc.Arbitrary<string> {
  const own = fc.constantFrom(
    `${name}.enabled`,
    `${name}.a`,
    "enabled",
    "a.b",
    "global.enabled",
    "missing",
    " enabled",
  );
  return fc.oneof(
    own,
    fc.tuple(own, own).map(([first, second]) => `${first},${second}`),
  );
}

function dependencyOf(chart: string, alias: string | undefined): fc.Arbitrary<DependencySpec> {
  const name = alias ?? chart;
  return fc.record(
    {
      chart: fc.constant(chart),
      ...(alias === undefined ? {} : { alias: fc.constant(alias) }),
      condition: condition(name),
      tags: fc.subarray([...tagNames]),
      imports: fc.array(importWay, { maxLength: 3 }),
    },
    { requiredKeys: alias === undefined ? ["chart"] : ["chart", "alias"] },
  ) as fc.Arbitrary<DependencySpec>;
}

/** A subchart may be declared once, under an alias, twice, or not at all. */
function declarationsOf(name: string, alias: string): fc.Arbitrary<DependencySpec[]> {
  return fc.oneof(
    { weight: 4, arbitrary: dependencyOf(name, undefined).map((one) => [one]) },
    { weight: 2, arbitrary: dependencyOf(name, alias).map((one) => [one]) },
    { weight: 2, arbitrary: fc.tuple(dependencyOf(name, undefined), dependencyOf(name, alias)).map((two) => [...two]) },
    { weight: 1, arbitrary: fc.constant<DependencySpec[]>([]) },
  );
}

function chartOf(name: string, depth: number): fc.Arbitrary<ChartSpec> {
  const names = fc.subarray([...chartNames], { minLength: name === "root" ? 1 : 0, maxLength: depth === 0 ? 0 : 2 });
  return names.chain((subnames) =>
    fc.record({
      name: fc.constant(name),
      legacy: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
      values: valuesOf(depth),
      subcharts: fc.tuple(...subnames.map((subname) => chartOf(subname, depth - 1))),
      declared: fc
        .tuple(...subnames.map((subname, index) => declarationsOf(subname, aliases[index] ?? "another")))
        .map((lists) => lists.flat()),
    }),
  );
}

const setPath = fc
  .tuple(
    fc.constantFrom("", "", "one.", "two.", "other.", "global.", "one.two.", "one.global.", "tags."),
    fc.constantFrom("a", "b", "a.b", "c.a", "enabled", "front", "c[0]", "a.b.c"),
  )
  .map(([section, key]) => section + key);
const set = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant("--set"), setPath, fc.constantFrom("null", "true", "false", "7", "x", "{p,q}", "")),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant("--set-string"), setPath, fc.constantFrom("true", "null", "9")) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant("--set-json"),
      setPath,
      fc.constantFrom('{"a":null}', "[1]", "null", '{"b":{"c":1}}'),
    ),
  },
);

export const valuesCase: fc.Arbitrary<ValuesCase> = fc.record({
  // Three levels of charts: the root, its subcharts and theirs.
  chart: chartOf("root", 2),
  files: fc.array(valuesOf(2), { maxLength: 2 }),
  sets: fc.array(
    set.map(([flag, key, value]): [string, string] => [flag, `${key}=${value}`]),
    { maxLength: 3 },
  ),
});

/**
 * Helm 3 prints a subchart that no Chart.yaml declares under one of its parents alone where the parent has an alias,
 * since the copies of the parent share it: docs/helm-differences.md.
 */
export function losesTemplatesInHelm3({ subcharts, declared }: ChartSpec): boolean {
  const isAliased = (name: string) => declared.some(({ chart, alias }) => chart === name && alias !== undefined);
  return subcharts.some((chart) => {
    const hasUndeclared = chart.subcharts.some(({ name }) => !chart.declared.some((one) => one.chart === name));
    return (isAliased(chart.name) && hasUndeclared) || losesTemplatesInHelm3(chart);
  });
}
