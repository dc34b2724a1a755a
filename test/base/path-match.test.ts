import { expect, test } from "vitest";
import { compilePathMatch } from "../../src/base/path-match.ts";

// The first rows are those of Go's own table.
test.each([
  ["abc", "abc", true],
  ["*", "abc", true],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*", "ab/c", false],
  ["a*/b", "abc/b", true],
  ["a*/b", "a/c/b", false],
  ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxexxx/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false],
  ["a*b?c*x", "abxbbxdbxebxczzx", true],
  ["a*b?c*x", "abxbbxdbxebxczzy", false],
  ["ab[c]", "abc", true],
  ["ab[b-d]", "abc", true],
  ["ab[e-g]", "abc", false],
  ["ab[^c]", "abc", false],
  ["ab[^e-g]", "abc", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "ab", false],
  ["a?b", "a☺b", true],
  ["a[^a]b", "a☺b", true],
  ["a???b", "a☺b", false],
  ["[a-ζ]*", "α", true],
  ["*[a-ζ]", "A", false],
  ["a?b", "a/b", false],
  ["[\\]a]", "]", true],
  ["[\\-x]", "-", true],
  ["*x", "xxx", true],
  ["", "", true],
  ["", "a", false],
])("%j on %j is %s", (pattern, name, expected) => {
  expect(compilePathMatch(pattern)?.(name)).toBe(expected);
});

test.each(["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a["])("%j is malformed", (pattern) => {
  expect(compilePathMatch(pattern)).toBeUndefined();
});

test("many stars take no time", () => {
  expect(compilePathMatch(`${"*a".repeat(50)}b`)?.("a".repeat(5000))).toBe(false);
});
