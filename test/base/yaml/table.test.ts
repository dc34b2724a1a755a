import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { questions } from "./answers.ts";
import { documents, jsonTexts, values } from "./table.ts";

type Golden = Record<keyof typeof questions, Record<string, string>>;
const golden = JSON.parse(readFileSync(new URL("golden/table.json", import.meta.url), "utf8")) as Golden;

describe.each(Object.keys(questions) as (keyof typeof questions)[])("%s answers as Helm does", (name) => {
  test.each(Object.entries(golden[name]))("%j", (input, expected) => {
    expect(questions[name].answer(input)).toBe(expected);
  });
});

test("the golden file has every row of the table", () => {
  expect(Object.keys(golden.fromYaml)).toEqual([...new Set(documents)].sort(byPosition(Object.keys(golden.fromYaml))));
  expect(Object.keys(golden.fromJson)).toHaveLength(new Set(jsonTexts).size);
  expect(Object.keys(golden.toYaml)).toHaveLength(new Set(values).size);
});

function byPosition(order: readonly string[]) {
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
}
