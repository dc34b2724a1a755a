import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasCode } from "../../../src/base/error.ts";
import { GoSlice } from "../../../src/base/go-objects.ts";
import { readToml } from "../../../src/base/toml/read.ts";
import type { TomlTime } from "../../../src/base/toml/toml-time.ts";
import { writeToml } from "../../../src/base/toml/write.ts";
import { trickyString } from "../yaml/arbitraries.ts";

test("integers are int64, tables in a list have Go's type", () => {
  const value = readToml("a = 1\nb = 1.0\n[[c]]\nd = 2\n");
  expect(value.get("a")).toBe(1n);
  expect(value.get("b")).toBe(1);
  const list = value.get("c");
  expect(list).toBeInstanceOf(GoSlice);
  expect((list as GoSlice).goType).toBe("[]map[string]interface {}");
});

test.each([
  ["1979-05-27T07:32:00Z", "1979-05-27 07:32:00 +0000 UTC", "1979-05-27T07:32:00Z"],
  ["1979-05-27 07:32:00.50-07:00", "1979-05-27 07:32:00.5 -0700 -0700", "1979-05-27T07:32:00.5-07:00"],
  ["1979-05-27", "1979-05-27 00:00:00 +0000 date-local", "1979-05-27"],
  ["07:32", "0000-01-01 07:32:00 +0000 time-local", "07:32:00"],
])("the time %s prints and is written as in Go", (text, printed, written) => {
  const time = readToml(`a = ${text}`).get("a");
  expect((time as TomlTime).goString()).toBe(printed);
  expect(writeToml(new Map([["a", time ?? null]]))).toBe(`a = ${written}\n`);
});

test("what is written reads back", () => {
  const scalar = fc.oneof(
    trickyString,
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  const entries = fc.array(fc.tuple(trickyString, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(entries, entries, (top, nested) => {
      const value = new Map<string, never>([...top, ["nested", new Map(nested)]] as never);
      fc.pre(!/\p{Surrogate}/u.test(JSON.stringify([top, nested], (_, item) => (typeof item === "bigint" ? 0 : item))));
      expect(writeToml(readToml(writeToml(value)))).toBe(writeToml(value));
    }),
    { numRuns: 200 },
  );
});

describe("hostile text", () => {
  const isQuick = (text: string) => {
    const start = performance.now();
    try {
      readToml(text);
    } catch (error) {
      if (!hasCode(error, "TOML_INVALID")) throw error;
    }
    return performance.now() - start < 3000;
  };

  test.each([
    ["brackets", `a=${"[".repeat(100_000)}`],
    ["braces", `a=${"{a=".repeat(50_000)}`],
    ["dotted keys", `${"a.".repeat(5000)}a=1`],
    ["tables", "[[a]]\n".repeat(20_000)],
    ["keys", Array.from({ length: 20_000 }, (_, i) => `a${i}=1\n`).join("")],
  ])("%s", (_, text) => {
    expect(isQuick(text)).toBe(true);
  });

  test("any text is read or refused", () => {
    const rubble = fc.string({ unit: fc.constantFrom(..."ab=[]{}.,\"'#\n 10-:x\\eT\té"), maxLength: 40 });
    fc.assert(fc.property(fc.oneof(rubble, fc.string({ unit: "binary" })), isQuick), { numRuns: 3000 });
  });
});
