import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hazardTable } from "../../../src/plan/hazards/table.ts";

const page = readFileSync("docs/hazards.md", "utf8");
const cell = (text: string) => text.replaceAll("|", "\\|");

test("docs/hazards.md has the table's rows, and no others", () => {
  const rows = hazardTable.map(
    ({ id, severity, about, remedy }) => `| \`${id}\` | ${severity} | ${cell(about)} | ${cell(remedy)} |`,
  );
  expect(page.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows);
});
