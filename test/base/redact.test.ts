import { describe, expect, test } from "vitest";
import { createRedactor } from "../../src/base/redact.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("redaction", () => {
  test.each([
    ["a secret", ["hunter22"], "password=hunter22!", "password=***!"],
    ["every place", ["hunter22"], "hunter22 hunter22", "*** ***"],
    ["signs that mean something in patterns", ["a.b*c(d"], "x a.b*c(d y aXb", "x *** y aXb"],
    ["the longer of two that overlap", ["secret", "secret-token"], "secret-token secret", "*** ***"],
    ["each line of a key", ["-----BEGIN-----\nMIIabcdef\n-----END-----\n"], "at MIIabcdef:", "at ***:"],
    ["base64", ["hunter22"], `data: ${base64("hunter22")}`, "data: ***"],
    ["base64 of a text that ends in a newline", ["hunter22\n"], `data: ${base64("hunter22\n")}`, "data: ***"],
    ["base64 with padding", ["hunter222"], `data: ${base64("hunter222")}.`, "data: ***."],
    ["nothing for texts too short to be secrets", ["1", "yes", "", "\n"], "1 yes\n", "1 yes\n"],
    ["nothing without secrets", [], "text", "text"],
  ])("masks %s", (_name, secrets, text, expected) => {
    const redactor = createRedactor();
    for (const secret of secrets) redactor.add(secret);
    expect(redactor.redact(text)).toBe(expected);
  });

  test("knows secrets added after a first use", () => {
    const redactor = createRedactor();
    redactor.add("first-one");
    expect(redactor.redact("first-one second-one")).toBe("*** second-one");
    redactor.add("second-one");
    expect(redactor.redact("first-one second-one")).toBe("*** ***");
  });
});
