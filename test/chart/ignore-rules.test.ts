import { expect, test } from "vitest";
import { parseIgnoreRules } from "../../src/chart/ignore-rules.ts";

test.each<[rules: string, path: string, isFolder: boolean, ignored: boolean]>([
  ["helm.txt", "helm.txt", false, true],
  ["helm.*", "helm.txt", false, true],
  ["*.txt", "a/b.txt", false, true],
  ["/*.txt", "a/b.txt", false, false],
  ["/*.txt", "b.txt", false, true],
  ["cargo/*.txt", "cargo/a.txt", false, true],
  ["cargo/*.txt", "mast/cargo/a.txt", false, false],
  ["mast/", "mast", true, true],
  ["mast/", "mast", false, false],
  ["mast/", "deep/mast", true, true],
  ["!*.txt", "a.txt", false, false],
  ["!*.txt", "a.md", false, true],
  ["!mast/", "a", false, true],
  ["# a.txt\n\n  a.txt  ", "a.txt", false, true],
  ["a.txt # no comment", "a.txt", false, false],
  ["", "templates/.dot", false, true],
  ["", ".dot", false, false],
  ["\ufeffa.txt", "a.txt", false, true],
  ["*", "anything", false, true],
])("%j: %s (folder: %s) is ignored: %s", (rules, path, isFolder, ignored) => {
  expect(parseIgnoreRules(rules, ".helmignore")(path, isFolder)).toBe(ignored);
});

test.each(["a/**/b", "[", "a[x-]"])("refuses %j, with its line", (rule) => {
  expect(() => parseIgnoreRules(`ok\n${rule}`, ".helmignore")).toThrow(
    expect.objectContaining({ where: ".helmignore:2" }),
  );
});
