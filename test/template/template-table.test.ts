import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/go-string.ts";
import { TemplateError } from "../../src/template/template-error.ts";
import goldens from "./table/golden.json" with { type: "json" };
import { helmText, renderRow } from "./table/render-row.ts";
import { type Golden, tables } from "./table/table.ts";

function outcome(template: string): Golden {
  try {
    return { output: renderRow(template) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { error: helmText(error) };
  }
}

describe.each(Object.entries(tables))("the %s table", (table, rows) => {
  const golden: Record<string, Golden> = goldens[table as keyof typeof goldens];

  test("has a golden for each row", () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(golden));
  });

  test.each(rows)("%s", (name, template) => {
    const expected = golden[name];
    const got = outcome(template);
    if (expected !== undefined && "base64" in expected && "output" in got) {
      expect(Buffer.from(toBytes(got.output)).toString("base64")).toBe(expected.base64);
    } else expect(got).toEqual(expected);
  });
});
