import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type Input, inputTable } from "../../src/action/input-table.ts";
import { outputNames } from "../../src/action/output-table.ts";

const action = parse(readFileSync("action.yml", "utf8"));
const table: Record<string, Input> = inputTable;

test("GitHub is told of the very inputs that are read, with their defaults", () => {
  expect(Object.keys(action.inputs)).toEqual(Object.keys(table));
  for (const [name, input] of Object.entries(table))
    expect([name, action.inputs[name].default]).toEqual([name, input.default]);
});

test("of the very outputs that are set", () => {
  expect(Object.keys(action.outputs)).toEqual([...outputNames]);
});

test("every input and output is described, with its choices", () => {
  for (const [name, { description }] of Object.entries<{ description?: string }>({
    ...action.inputs,
    ...action.outputs,
  })) {
    expect([name, description ?? ""]).toEqual([name, expect.stringMatching(/.{10,}/)]);
  }
  for (const [name, { choices = [], kind }] of Object.entries(table)) {
    const wanted = kind === "boolean" ? ["true", "false"] : choices;
    for (const choice of wanted) expect(`${name}: ${action.inputs[name].description}`).toContain(choice);
  }
});

test("main and post are one file, and post runs in every case", () => {
  const { main, post, using } = action.runs;
  expect({ using, main, post, "post-if": action.runs["post-if"] }).toEqual({
    using: "node24",
    main: "dist/action.js",
    post: "dist/action.js",
    "post-if": "always()",
  });
});
