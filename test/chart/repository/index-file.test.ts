import { describe, expect, test } from "vitest";
import { findVersion, readIndex } from "../../../src/chart/repository/index-file.ts";

const entry = (version: string, more = "") => `  - apiVersion: v2
    name: shop
    description: |
      a shop
      shop:
        - version: 9.9.9
    version: ${version}
    urls:
    - shop-${version}.tgz
    digest: ${version}
${more}`;

const helmStyle = `apiVersion: v1
entries:
  other:
  - apiVersion: v2
    name: other
    version: 1.0.0
    urls: [other.tgz]
  shop:
${["1.2.0", "2.0.0-rc.1", "1.10.0", "not-a-version", "1.9.0+build.1"].map((version) => entry(version)).join("")}
generated: "2026-01-01T00:00:00Z"
annotations:
  shop:
  - version: 7.7.7
`;
const layouts: [string, string][] = [
  ["Helm's", helmStyle],
  ["Helm's with CRLF", helmStyle.replaceAll("\n", "\r\n")],
  ["indented lists", helmStyle.replaceAll(/^(?= {2}- | {4})/gm, "  ")],
  ["JSON", JSON.stringify({ apiVersion: "v1", entries: { shop: jsonVersions() } })],
  ["flow style", `{apiVersion: v1, entries: ${JSON.stringify({ shop: jsonVersions() })}}`],
  ["quoted keys", helmStyle.replace("  shop:\n", '  "shop":\n')],
  [
    "an alias",
    helmStyle.replace("entries:", "x: &urls [a.tgz]\nentries:").replaceAll("urls:\n    - shop", "urls: *urls\n    #"),
  ],
];

function jsonVersions() {
  return ["1.2.0", "2.0.0-rc.1", "1.10.0", "1.9.0+build.1"].map((version) => ({
    name: "shop",
    version,
    urls: [`shop-${version}.tgz`],
    digest: version,
  }));
}

describe.each(layouts)("an index in %s layout", (_name, text) => {
  test.each<[string, string | undefined]>([
    ["", "1.10.0"],
    ["1.2.0", "1.2.0"],
    ["1.2", "1.2.0"],
    ["^1.0.0", "1.10.0"],
    ["<1.10", "1.9.0+build.1"],
    [">0.0.0-0", "2.0.0-rc.1"],
    ["1.9.0", "1.9.0+build.1"],
    ["3.x", undefined],
    ["9.9.9", undefined],
    ["7.7.7", undefined],
  ])("%j finds %s", (wanted, version) => {
    expect(findVersion(Buffer.from(text), "shop", wanted, "index")?.version).toBe(version);
  });

  test("has no chart that it doesn't name", () => {
    expect(findVersion(Buffer.from(text), "sho", "", "index")).toBeUndefined();
    expect(findVersion(Buffer.from(text), "__proto__", "", "index")).toBeUndefined();
  });
});

test("an entry that is wrong is passed over, as in Helm", () => {
  const text = helmStyle.replace("name: shop\n    description", "name: ../shop\n    description");
  const broken = text.replace("version: 1.10.0", "version: 1.10.0\n    type: nonsense");
  expect(findVersion(Buffer.from(broken), "shop", "^1.0.0", "index")?.version).toBe("1.9.0+build.1");
  expect([...readIndex(Buffer.from(broken), "index").keys()]).toEqual(["other", "shop"]);
});

test("what is no index says so", () => {
  expect(() => findVersion(Buffer.from("<html>not found</html>"), "shop", "", "the page")).toThrow(/index/);
  expect(() => findVersion(Buffer.from("a: 1\n"), "shop", "", "the page")).toThrow(/the page/);
});

test("a range that is none says so", () => {
  expect(() => findVersion(Buffer.from(helmStyle), "shop", "nonsense", "index")).toThrow(
    /neither a version nor a range/,
  );
});

test.each([
  ["a chart in them", "shop", "1.10.0"],
  ["a chart that is not", "none", undefined],
])("20 MB are not read for %s", (_, chart, version) => {
  const others = Array.from({ length: 4000 }, (_, i) => `  chart${i}:\n${entry("1.0.0").repeat(30)}`).join("");
  const big = Buffer.from(helmStyle.replace("  shop:\n", `${others}  shop:\n`));
  expect(big.length).toBeGreaterThan(20_000_000);
  const from = process.cpuUsage();
  expect(findVersion(big, chart, "^1.0.0", "index")?.version).toBe(version);
  // Reading all of it as YAML takes seconds. What other processes take meanwhile doesn't count.
  expect(process.cpuUsage(from).user).toBeLessThan(1_000_000);
});
