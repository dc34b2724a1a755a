import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tomlTexts, tomlValues } from "../toml/table.ts";
import { questions } from "./answers.ts";
import { documents, jsonTexts, values } from "./table.ts";

type Golden = Record<keyof typeof questions, Record<string, string>>;
const golden = JSON.parse(readFileSync(new URL("golden/table.json", import.meta.url), "utf8")) as Golden;

describe.each(Object.keys(questions) as (keyof typeof questions)[])("%s answers as Helm does", (name) => {
  test.each(Object.entries(golden[name]))("%j", (input, expected) => {
    expect(questions[name].answer(input)).toBe(expected);
  });
});

test("the golden file has every row of the tables", () => {
  const rows = { fromYaml: documents, fromJson: jsonTexts, fromToml: tomlTexts, toToml: tomlValues, toYaml: values };
  for (const [name, expected] of Object.entries(rows)) {
    const missing = expected.filter((row) => !Object.hasOwn(golden[name as keyof typeof questions], row));
    expect(missing, `run node scripts/yaml-table.ts for ${name}`).toEqual([]);
  }
});
