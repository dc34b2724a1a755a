import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { GoMap, GoValue } from "../../../src/base/go-value.ts";
import { NamedMap } from "../../../src/base/named-map.ts";
import type { FunctionTable } from "../../../src/template/function.ts";
import { sprigFunctions } from "../../../src/template/sprig/functions.ts";
import { TemplateError } from "../../../src/template/template-error.ts";
import { createTemplateSet } from "../../../src/template/template-set.ts";
import { GoDuration, parseDuration } from "../../../src/template/time/duration.ts";
import { sprigRows } from "./rows/all.ts";

type Row = { function: string; template: string; output?: string; error?: string };

const rows: Row[] = JSON.parse(readFileSync(new URL("table.generated.json", import.meta.url), "utf8"));
// Helm's own, of which some rows make use to get a duration.
const functions: FunctionTable = {
  ...sprigFunctions,
  mustToDuration: { params: ["string"], call: (text: string) => new GoDuration(parseDuration(text)) },
};

function data(): GoMap {
  const values: GoMap = new Map<string, GoValue>([
    ["str", "s"],
    ["int", 3],
    ["float", 1.5],
    ["big", 12345678901],
    ["list", [1, 2, 3]],
    ["map", new Map<string, GoValue>([["b", 1]])],
  ]);
  return new Map([["Values", new NamedMap("common.Values", values, {})]]);
}

function render(index: number, template: string): string {
  const set = createTemplateSet(functions, { missingKey: "zero" });
  set.parse("rows", `{{ define "r${index}" }}${template}{{ end }}`);
  return set.execute(`r${index}`, data());
}

beforeAll(() => {
  process.env["TZ"] = "UTC";
});

test("the table is the one that Helm rendered", () => {
  const written = Object.entries(sprigRows).flatMap(([name, templates]) => templates.map((text) => `${name} ${text}`));
  expect(rows.map((row) => `${row.function} ${row.template}`)).toEqual(written);
});

test("every function has a row", () => {
  const apart = ["fail"];
  expect(
    Object.keys(sprigFunctions).filter((name) => !apart.includes(name) && !Object.hasOwn(sprigRows, name)),
  ).toEqual([]);
});

describe.each(Object.keys(sprigRows))("%s", (name) => {
  const own = rows.map((row, index) => ({ row, index })).filter(({ row }) => row.function === name);
  test.each(own)("$row.template", ({ row, index }) => {
    if (row.error === undefined) {
      expect(render(index, row.template)).toBe(row.output);
      return;
    }
    const message = failure(() => render(index, row.template));
    expect(message.slice(message.indexOf('" at <') + 5)).toBe(row.error);
  });
});

function failure(run: () => unknown): string {
  try {
    run();
  } catch (cause) {
    if (cause instanceof TemplateError) return cause.goText;
    throw cause;
  }
  throw new Error("it did not fail");
}
