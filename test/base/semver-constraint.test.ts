import { expect, test } from "vitest";
import { parseVersion } from "../../src/base/semver.ts";
import { parseConstraint, satisfies } from "../../src/base/semver-constraint.ts";

// The rules themselves are held against the real Helm by the rows of `semverCompare`.
test.each([
  [">=1.21-0", "v1.25.3-gke.100", true],
  [">=1.21", "v1.25.3-gke.100", false],
  ["^1.2 || ~3.1", "3.1.9", true],
  ["1.2 - 2", "2.5.0", true],
  ["!=1.2.x", "1.2.5", false],
])("%s allows %s: %s", (constraint, version, allowed) => {
  expect(satisfies(parseVersion(version), parseConstraint(constraint))).toBe(allowed);
});

test.each(["", "foo", "1.2.3.4", "1,", ">", "constructor"])("%j is no constraint", (text) => {
  expect(() => parseConstraint(text)).toThrow(`improper constraint: ${JSON.stringify(text)}`);
});

test("blanks in any number are read in no time", () => {
  const started = performance.now();
  expect(() => parseConstraint(`${"1    ".repeat(100)}!`)).toThrow("improper constraint");
  expect(performance.now() - started).toBeLessThan(1000);
});
