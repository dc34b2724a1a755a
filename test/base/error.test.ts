import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasCode, SlipwayError } from "../../src/base/error.ts";

const codesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code);

test("docs/errors.md has every code, in order", () => {
  const source = codesIn(readFileSync("src/base/error.ts", "utf8"), /^ {2}\| "([A-Z_]+)"/gm);
  expect(source.length).toBeGreaterThan(30);
  expect(codesIn(readFileSync("docs/errors.md", "utf8"), /^\| `([A-Z_]+)`/gm)).toEqual(source);
  expect(source).toEqual([...source].sort());
});

test("an error is known by its code", () => {
  const error = new SlipwayError("KUBE_GONE", "Gone", { cause: new Error("inner") });
  expect(hasCode(error, "KUBE_CONFLICT", "KUBE_GONE")).toBe(true);
  expect(hasCode(error, "KUBE_CONFLICT")).toBe(false);
  expect(hasCode(new Error("KUBE_GONE"), "KUBE_GONE")).toBe(false);
});
