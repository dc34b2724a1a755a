import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasCode } from "../../../src/base/error.ts";
import { readWith, readYaml } from "../../../src/base/yaml/read.ts";
import { readSimple } from "../../../src/base/yaml/read-simple.ts";
import { manifestText, trickyString, yamlText } from "./arbitraries.ts";

/** With the order of the keys. */
function shape(value: unknown): unknown {
  if (value instanceof Map) return { map: Array.from(value, ([key, entry]) => [key, shape(entry)]) };
  if (Array.isArray(value)) return value.map(shape);
  return typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : value;
}

function outcome(read: () => unknown): unknown {
  try {
    return shape(read());
  } catch (error) {
    if (!hasCode(error, "YAML_INVALID")) throw error;
    return error.message;
  }
}

/** Where places are asked for, nothing but the full reader reads. */
function fully(text: string, integers: boolean): unknown {
  return readWith(text, {}, { plain: false, strict: false, integers, places: new Map() });
}

const scalar = fc.oneof(
  fc.constantFrom(..."a|1|-1|0777|1.5|1e400|yes|null|~|''|\"\"|[]|{}|[a, b]|{a: b}|\"q\\n\"|'it''s'".split("|")),
  fc.constantFrom(
    "a b",
    "a: b",
    "a #c",
    "a#c",
    "http://x:80/#y",
    "|",
    "|-",
    ">+",
    "| # c",
    "&x a",
    "*x",
    "!!str 1",
    "-",
  ),
  fc.constantFrom("99999999999999999999", "12345678901234567", "é", "x é", "a\u00a0b", "2001-01-01", "1:30", "..."),
  trickyString.map((text) => text.replaceAll("\n", " ")),
);
const line = fc.tuple(
  fc.constantFrom(0, 0, 2, 2, 2, 4, 4, 1, 3, 6),
  fc.constantFrom("", "", "", "", "- ", "- ", "-   ", "- - "),
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(..."abcxyN", "on", "k.e/y", "é", "'q'", "<<", "1"), fc.constant(":")),
    },
    { weight: 1, arbitrary: fc.constant(["", ""]) },
  ),
  fc.constantFrom(" ", " ", " ", "  ", "", "\t"),
  fc.oneof(fc.constant(""), scalar),
  fc.constantFrom("", "", "", " ", " # c", "#c"),
);
const text = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: line.map(([indent, dash, key, ...rest]) => " ".repeat(indent) + dash + key.join("") + rest.join("")),
      },
      { weight: 1, arbitrary: scalar.map((text) => `    ${text}`) },
      { weight: 1, arbitrary: fc.constantFrom("", "  ", "# c", "    # c", "---", "\r", "...") },
    ),
    { maxLength: 8 },
  )
  .chain((lines) => fc.constantFrom("\n", "").map((end) => lines.join("\n") + end));

test("reads as the full reader does, or leaves it to that", () => {
  fc.assert(
    fc.property(fc.oneof(text, text, yamlText, manifestText), fc.boolean(), (yaml, integers) => {
      const numbers = integers ? "typed" : "float64";
      expect(outcome(() => readYaml(yaml, { numbers }))).toEqual(outcome(() => fully(yaml, integers)));
    }),
    { numRuns: 5000 },
  );
});

test("values as people write them are read without the full reader's help for more than a few of their lines", () => {
  const yaml = `# Comment
image:   # which
  repository: registry.example/shop
  tag: "1.0"
  digest: ''
replicas: 3
list:
- a
- name: b
  args: []

  env: {}
-
  name: c
nested:
  - - x
none:
script: |
  #!/bin/sh
  echo: yes
    # kept
on-off: off
last: http://x:80/y#z
`;
  let parts = "";
  const readPart = (part: string) => {
    parts += part;
    return fully(part, false);
  };
  expect(readSimple(yaml, { integers: false, readPart })).toBeUndefined();
  parts = "";
  const simple = yaml.replace("  - - x", "  - x");
  expect(shape(readSimple(simple, { integers: false, readPart }))).toEqual(shape(fully(simple, false)));
  expect(parts).toBe("script: |\n  #!/bin/sh\n  echo: yes\n    # kept\n");
});

const charts = new URL("../../fixtures/charts", import.meta.url).pathname;

test("the values of every chart at hand are the same", () => {
  const files = readdirSync(charts, { recursive: true, encoding: "utf8" }).filter((name) =>
    /values.*\.yaml$/.test(name),
  );
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const yaml = readFileSync(join(charts, file), "utf8");
    expect(
      outcome(() => readYaml(yaml)),
      file,
    ).toEqual(outcome(() => fully(yaml, false)));
  }
});
