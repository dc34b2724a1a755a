import { expect, test } from "vitest";
import { compileFileGlob } from "../../src/render/file-glob.ts";

test.each([
  ["*.txt", "a.txt", true],
  ["*.txt", "b/a.txt", false],
  ["**.txt", "b/a.txt", true],
  ["**", "b/a.txt", true],
  ["b/**", "b/c/a.txt", true],
  ["b/**", "b", false],
  ["b/**/a.txt", "b/a.txt", false],
  ["b/**/a.txt", "b/c/d/a.txt", true],
  ["?.txt", "a.txt", true],
  ["?.txt", "/.txt", false],
  ["[ab].txt", "a.txt", true],
  ["[!ab].txt", "a.txt", false],
  ["[!ab].txt", "c.txt", true],
  ["[a-c].txt", "b.txt", true],
  ["[!a-c].txt", "b.txt", false],
  ["{a,b/*}.txt", "b/x.txt", true],
  ["{a,b/*}.txt", "c.txt", false],
  ["{a,{b,c}}.txt", "c.txt", true],
  ["a,b", "a,b", true],
  ["\\*.txt", "*.txt", true],
  ["\\*.txt", "a.txt", false],
  ["a}", "a}", true],
  ["[", "anything", true],
  ["{a", "anything", true],
  ["[c-a]", "anything", true],
])("%j on %j is %s", (pattern, name, expected) => {
  expect(compileFileGlob(pattern)(name)).toBe(expected);
});

test("neither many stars nor many braces take time", () => {
  expect(compileFileGlob(`${"*a".repeat(50)}b`)("a".repeat(2000))).toBe(false);
  expect(compileFileGlob("{a,b}".repeat(40))("x")).toBe(true);
});
