import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasCode } from "../../../src/base/error.ts";
import { executeJsonPath } from "../../../src/base/jsonpath/execute.ts";
import { parseJsonPath } from "../../../src/base/jsonpath/parse.ts";
import { readYaml } from "../../../src/base/yaml/read.ts";
import { document, templates } from "./templates.ts";

const golden: Record<string, string | null> = JSON.parse(readFileSync("test/base/jsonpath/golden/table.json", "utf8"));
const value = readYaml(document);

/** As Helm: null where the template can't be read, nothing where it leads nowhere. */
function print(template: string): string | null {
  let nodes: ReturnType<typeof parseJsonPath>;
  try {
    nodes = parseJsonPath(template);
  } catch (error) {
    expect(hasCode(error, "INPUT_INVALID")).toBe(true);
    return null;
  }
  try {
    return executeJsonPath(nodes, value);
  } catch (error) {
    expect(hasCode(error, "INPUT_INVALID")).toBe(true);
    return "";
  }
}

test.each(templates)("%s", (template) => {
  expect(golden, "run node scripts/jsonpath-table.ts").toHaveProperty([template]);
  expect(print(template)).toBe(golden[template]);
});

test.each([
  ["{.missing}", "missing is not found", undefined],
  ["{.nums[9]}", "array index out of bounds: index 9, length 4", undefined],
  ["{.nums[?(@==5)]}", "5 and 5 can't be compared", "Numbers of values have a fraction: write 1.0 for 1."],
])("%s says why it prints nothing", (template, why, hint) => {
  expect(() => executeJsonPath(parseJsonPath(template), value)).toThrow(
    expect.objectContaining({ message: `The JSONPath prints nothing: ${why}`, hint }),
  );
});
