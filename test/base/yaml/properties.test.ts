import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasCode } from "../../../src/base/error.ts";
import { goJsonEncode } from "../../../src/base/go-json.ts";
import { goJsonDecode } from "../../../src/base/go-json-decode.ts";
import { headOf, readHead } from "../../../src/base/yaml/head.ts";
import { readYaml, readYamlPlain } from "../../../src/base/yaml/read.ts";
import { writeYaml, writeYamlPlain } from "../../../src/base/yaml/write.ts";
import { jsonValue, manifestText, yamlText } from "./arbitraries.ts";

/** The value, or the message of the error that we throw on purpose; anything else is a bug. */
function outcome(run: () => unknown): unknown {
  try {
    return { value: run() };
  } catch (error) {
    if (!hasCode(error, "YAML_INVALID", "JSON_INVALID")) throw error;
    return { message: error.message };
  }
}

describe("writing and reading", () => {
  // What YAML cannot hold, and what go-yaml itself writes but doesn't read back.
  const lost = /[\x7f-\x9f\ufeff\u2028\u2029]|"<<":/;

  test("gives the value back", () => {
    fc.assert(
      fc.property(jsonValue, (json) => {
        const value = goJsonDecode(JSON.stringify(json));
        const written = outcome(() => writeYaml(value));
        expect(outcome(() => writeYamlPlain(JSON.parse(JSON.stringify(json))))).toEqual(written);
        fc.pre("value" in (written as object) && !lost.test(JSON.stringify(json)));
        const read = readYaml((written as { value: string }).value);
        expect(JSON.parse(goJsonEncode(read))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 300 },
    );
  });

  test("plain JSON equals Go values", () => {
    fc.assert(
      fc.property(yamlText, (text) => {
        const plain = outcome(() => goJsonEncode(readYamlPlain(text)));
        expect(plain).toEqual(outcome(() => goJsonEncode(readYaml(text))));
      }),
      { numRuns: 500 },
    );
  });
});

describe("the head of a manifest", () => {
  test("is what the whole manifest says, and what is broken anywhere is broken", () => {
    fc.assert(
      fc.property(fc.oneof(manifestText, yamlText), (text) => {
        const whole = outcome(() => {
          const value = readYamlPlain(text);
          return typeof value === "object" && value !== null && !Array.isArray(value) ? headOf(value) : undefined;
        });
        expect(outcome(() => readHead(text))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("hostile text", () => {
  const deadlineMs = 3000;
  const isQuick = (text: string) => {
    const start = performance.now();
    outcome(() => readYaml(text));
    outcome(() => readHead(text));
    outcome(() => readYaml(text, { numbers: "typed", strict: true }));
    return performance.now() - start < deadlineMs;
  };

  test.each([
    [
      "aliases that double",
      `a: &a [x, x]\n${[..."abcdefghijklmnopqrstuvwxyz"].map((c, i, all) => (i > 0 ? `${c}: &${c} [*${all[i - 1]}, *${all[i - 1]}]\n` : "")).join("")}`,
    ],
    ["open brackets", "[".repeat(20_000)],
    ["open braces", "{a: ".repeat(20_000)],
    ["nested dashes", "- ".repeat(20_000)],
    ["nested keys", Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
    ["question marks", "? ".repeat(20_000)],
    ["quotes", '"'.repeat(20_001)],
    ["blank lines in a block", `a: |\n${"\n".repeat(100_000)}`],
    ["blank lines in a plain scalar", `a: b${"\n ".repeat(100_000)}c`],
    ["possible keys in a flow", `[${"a, ".repeat(50_000)}]`],
    ["anchors", `[${Array.from({ length: 20_000 }, (_, i) => `&a${i} b`).join(",")}]`],
    ["spaces", " ".repeat(300_000)],
    ["commas", ",".repeat(100_000)],
    ["tags", "!a ".repeat(20_000)],
    ["merges", `a: &a {b: c}\nd: {${"<<: *a, ".repeat(20_000)}}`],
  ])("%s", (_, text) => {
    expect(isQuick(text)).toBe(true);
  });

  test("any text is read or refused", () => {
    const cut = fc
      .tuple(manifestText, fc.nat(), fc.nat(), fc.string({ maxLength: 4 }))
      .map(([text, at, length, junk]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + junk + text.slice(start + (length % 8));
      });
    const anything = fc.oneof(yamlText, cut, fc.string(), fc.string({ unit: "binary" }));
    fc.assert(fc.property(anything, isQuick), { numRuns: 2000 });
  });
});
