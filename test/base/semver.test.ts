import { expect, test } from "vitest";
import { compareVersions, formatVersion, parseStrictVersion, parseVersion } from "../../src/base/semver.ts";

// How versions compare to constraints is held against the real Helm by the rows of `semverCompare`.
test.each([
  ["v1.2", "1.2.0"],
  ["1", "1.0.0"],
  ["01.02.03", "1.2.3"],
  ["1.2.3-a.1+b.2", "1.2.3-a.1+b.2"],
  ["18446744073709551615.0.0", "18446744073709551615.0.0"],
])("a lenient reading of %s is %s", (text, full) => {
  expect(formatVersion(parseVersion(text))).toBe(full);
  expect(parseVersion(text).original).toBe(text);
});

test.each([
  ["", "version string empty"],
  ["1.2", "invalid semantic version"],
  ["v1.2.3", "invalid characters in version"],
  ["1.2.03", "version segment starts with 0"],
  ["1.2.3-01", "version segment starts with 0"],
  ["1.2.3-", "invalid prerelease string"],
  ["1.2.3-a_b", "invalid prerelease string"],
  ["1.2.3+", "invalid metadata string"],
  ["18446744073709551616.0.0", 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
  [`1.2.${"3".repeat(300)}`, "version string is too long (max 256 bytes)"],
])("a strict reading refuses %j", (text, message) => {
  expect(() => parseStrictVersion(text)).toThrow(message);
});

test("a strict reading takes a full version apart", () => {
  expect(parseStrictVersion("1.2.3-rc.1+b.5")).toEqual({
    major: 1n,
    minor: 2n,
    patch: 3n,
    pre: "rc.1",
    metadata: "b.5",
    original: "1.2.3-rc.1+b.5",
  });
});

test("versions sort as the specification orders them", () => {
  const sorted = [
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
  ];
  const shuffled = sorted.toReversed().map(parseVersion).sort(compareVersions);
  expect(shuffled.map(formatVersion)).toEqual(sorted);
  expect(compareVersions(parseVersion("1.0.0+a"), parseVersion("1.0.0+b"))).toBe(0);
});
