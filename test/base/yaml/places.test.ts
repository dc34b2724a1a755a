import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../../src/base/error.ts";
import { positionsOf } from "../../../src/base/yaml/positions.ts";
import { readYaml, readYamlPlain } from "../../../src/base/yaml/read.ts";

const document = `# values
image:
  tag: "1"
  args: [a, b]
list:
- name: x
  value: 1
-
  name: y
shared: &shared {cpu: 1}
other:
  <<: *shared
  alias: *shared
`;

describe("positionsOf", () => {
  test.each([
    [["image"], "2:1"],
    [["image", "tag"], "3:3"],
    [["image", "args", 1], "4:13"],
    [["list", 0], "6:3"],
    [["list", 0, "value"], "7:3"],
    [["list", 1, "name"], "9:3"],
    [["other", "cpu"], "10:18"],
    [["other", "alias", "cpu"], "10:18"],
  ])("%j is at %s", (path, place) => {
    const found = positionsOf(document).find(path);
    expect(`${found?.line}:${found?.column}`).toBe(place);
  });

  test("what is not there has no place of its own, but its parent has one", () => {
    const positions = positionsOf(document);
    expect(positions.find(["image", "nothing"])).toBeUndefined();
    expect(positions.nearest(["image", "nothing", "below"])).toEqual({ line: 2, column: 1 });
    expect(positions.nearest(["nothing"])).toBeUndefined();
  });
});

function failure(run: () => unknown): SlipwayError {
  try {
    run();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("a mistake", () => {
  test("names go-yaml's line, the true place, and shows it", () => {
    const error = failure(() => readYaml("a: 1\nb:\n\tc: d: e\n", { source: "values.yaml" }));
    expect(error.code).toBe("YAML_INVALID");
    expect(error.message).toBe(
      "error converting YAML to JSON: yaml: line 3: found character that cannot start any token",
    );
    expect(error.where).toBe("values.yaml:3:1");
    expect(error.detail).toBe("\tc: d: e\n^");
  });

  test("of the parser is one line below the one that go-yaml names", () => {
    const error = failure(() => readYaml("a:\n  b: c\n d: e\n"));
    expect(error.message).toContain("yaml: line 2: did not find expected key");
    expect(error.where).toBe("3:2");
    expect(error.detail).toBe(" d: e\n ^");
  });

  test("in a long line shows what is near", () => {
    const error = failure(() => readYaml(`a: ${"x".repeat(300)}: b`));
    const [line = "", caret = ""] = (error.detail ?? "").split("\n");
    expect(line.length).toBeLessThanOrEqual(160);
    expect(line[caret.length - 1]).toBe(":");
  });

  test("of a key that comes twice is one only for the strict", () => {
    expect(readYamlPlain("a: 1\na: 2")).toEqual({ a: 2 });
    const error = failure(() => readYamlPlain("a: 1\na: 2", { strict: true }));
    expect(error.message).toContain('line 2: key "a" already set in map');
  });
});

describe("what only bytes can say", () => {
  const text = "a: é\nb: \u{1f600}\n";

  test.each([
    ["UTF-16LE", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")])],
    ["UTF-16BE", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()])],
  ])("%s is read", async (_, bytes) => {
    const { fromBytes } = await import("../../../src/base/go-string.ts");
    expect(readYamlPlain(fromBytes(bytes))).toEqual({ a: "é", b: "\u{1f600}" });
  });

  test.each([
    ["a: \udc80", "invalid leading UTF-8 octet"],
    ["a: \udcc3", "incomplete UTF-8 octet sequence"],
    ["a: \udcc3b", "invalid trailing UTF-8 octet"],
  ])("%j is refused", (broken, message) => {
    expect(failure(() => readYaml(broken)).message).toBe(`error converting YAML to JSON: yaml: ${message}`);
  });
});

test("plain objects are safe from inherited names", () => {
  const value = readYamlPlain("__proto__: {polluted: true}\nconstructor: x") as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("typed numbers keep integers apart", () => {
  expect([
    ...(readYaml("a: 1\nb: 1.0\nc: 12345678901234567890", { numbers: "typed" }) as Map<string, unknown>),
  ]).toEqual([
    ["a", 1n],
    ["b", 1],
    ["c", 12345678901234567890n],
  ]);
});
