import fc from "fast-check";
import { expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import type { GoValue } from "../../src/base/go-value.ts";
import { goSprintf } from "../../src/template/format.ts";
import { createTemplateSet } from "../../src/template/template-set.ts";

const pieces = fc.constantFrom(
  ..."{{|}}|{{-|-}}| |\n|if|else|end|range|with|define|block|template|break|continue|nil|true|.|.a|.a.b|$|$x|:=|=|,|(|)".split(
    "|",
  ),
  "|",
  '"a"',
  '"b',
  "`r`",
  "'c'",
  "1",
  "-2.5e3",
  "0x1F",
  "1i",
  "/*",
  "*/",
  "print",
  "printf",
  "len",
  "index",
  "eq",
  "and",
  "é",
  "🚀",
  "\udc80",
  "\ud800",
  "\\",
);
const actions = fc.constantFrom(
  "{{ .a }}",
  "{{ .b.c }}",
  "{{ range .list }}",
  "{{ range $i, $x := .list }}",
  "{{ if .a }}",
  "{{ else }}",
  "{{ end }}",
  "{{ with .b }}",
  "{{ $x := . }}",
  "{{ $x }}",
  "{{ break }}",
  '{{ template "t" . }}',
  '{{ define "t" }}',
  "{{ len .list | print }}",
  "text",
);
const data: GoValue = new Map<string, GoValue>([
  ["a", "x"],
  ["b", new Map<string, GoValue>([["c", 1.5]])],
  ["list", ["p", null, 2]],
]);

/** Renders with small limits; whatever is wrong must be said by a SlipwayError. */
function tryRender(template: string): void {
  const set = createTemplateSet({}, { limits: { steps: 2000, outputBytes: 100_000, timeMs: 1000, depth: 100 } });
  try {
    set.parse("t", template);
    expect(typeof set.execute("t", data)).toBe("string");
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.message).not.toBe("");
  }
}

test("any text is rendered or refused", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), tryRender), { numRuns: 500 });
});

test("any sequence of tokens is rendered or refused", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => tryRender(parts.join(""))),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => tryRender(`{{ ${parts.join(" ")} }}`)),
    {
      numRuns: 2000,
    },
  );
});

test("any sequence of actions is rendered or refused", () => {
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 20 }), (parts) => tryRender(parts.join(""))),
    { numRuns: 2000 },
  );
});

test("any format prints something", () => {
  const args = fc.array(fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt()), {
    maxLength: 3,
  });
  const format = fc.array(fc.constantFrom(..."%[]*.#+- 0123456789vdsqxXtTUcbeEfFgGopw!é"), { maxLength: 12 });
  fc.assert(
    fc.property(format, args, (parts, values) => {
      expect(typeof goSprintf(`%${parts.join("")}`, values)).toBe("string");
    }),
    { numRuns: 2000 },
  );
});
