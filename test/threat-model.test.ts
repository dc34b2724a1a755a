import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hostileLines } from "./injection/hostile.ts";
import { injectionRows } from "./injection/rows.ts";

const text = readFileSync("docs/threat-model.md", "utf8");

test("what the threat model names is there", () => {
  const paths = [...text.matchAll(/`((?:test|report)\/[\w./-]+)`/g)].map(([, path = ""]) =>
    path.replace(/^report/, "src/report"),
  );
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test("every row names a test", () => {
  const rows = text.split("\n").filter((line) => /^\| [a-z]/.test(line) && !line.startsWith("| who |"));
  expect(rows.length).toBeGreaterThan(12);
  expect(rows.filter((row) => !/`test\/[^`]+` \|$/.test(row))).toEqual([]);
});

test("the hostile texts and their ways are as many as it says", () => {
  expect(hostileLines.length).toBeGreaterThanOrEqual(45);
  expect(Object.keys(injectionRows).length).toBeGreaterThanOrEqual(45);
});
