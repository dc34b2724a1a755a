import { describe, expect, test } from "vitest";
import { cleanLine, tellingLine } from "../../src/rollout/log-lines.ts";

describe("a line is made safe to show", () => {
  test.each([
    ["plain", "plain"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]8;;http://x\u0007link\u001b]8;;\u0007", "link"],
    ["\u001b]0;title\u001b\\text", "text"],
    ["a\u0000b\u0008c\r", "abc"],
    ["tab\there", "tab here"],
    ["\u202eevil\u2066", "evil"],
    ["::error::no\nnew command", "::error::nonew command"],
    ["naïve 🚢", "naïve 🚢"],
  ])("%j is %j", (line, clean) => {
    expect(cleanLine(line)).toBe(clean);
  });

  test("a long one is cut, and not within a character", () => {
    const clean = cleanLine("🚢".repeat(100_000));
    expect(Array.from(clean)).toHaveLength(500);
    expect(clean.endsWith("🚢…")).toBe(true);
  });
});

describe("the line that says why", () => {
  test.each([
    [["starting", "FATAL: DATABASE_URL is not set"], "FATAL: DATABASE_URL is not set"],
    [["FATAL: no database", "shutting down"], "FATAL: no database"],
    [["panic: nil map", "", "goroutine 1 [running]:", "exit status 2"], "panic: nil map"],
    [["Traceback:", '  File "a.py", line 1', "KeyError: 'x'"], "KeyError: 'x'"],
    [
      ["Exception in thread main", "  at a.B.c(D.java:1)", "Caused by: java.io.IOException: gone", "  ... 3 more"],
      "Caused by: java.io.IOException: gone",
    ],
    [['{"level":"fatal","msg":"cannot start","error":"no port"}'], "cannot start: no port"],
    [['{"level":"error"}'], '{"level":"error"}'],
    [["one", "two", ""], "two"],
    [["{broken error"], "{broken error"],
    [[], undefined],
    [["", "  "], undefined],
  ])("%j", (lines, telling) => {
    expect(tellingLine(lines)).toBe(telling);
  });
});
