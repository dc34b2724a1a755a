import { expect, test } from "vitest";
import { TemplateError } from "../../src/template/template-error.ts";
import { createTemplateSet } from "../../src/template/template-set.ts";

// Actions of one text are read once: each must still be what it is at its own place.
test.each([
  ["a variable that another file has", "{{ $x := 1 }}{{ $x }}", "{{ $x }}", 'template: b:1: undefined variable "$x"'],
  ["a variable that the action declares", "{{ $x := 1 }}{{ $x }}", "{{ $x := 1 }}{{ $x }}", "11"],
  ["a variable that a block declares", "{{ with $y := 2 }}{{ $y }}{{ end }}", "{{ $y }}", "undefined variable"],
  ["a variable of another value", "{{ $x := 1 }}{{ $x }}", "{{ $x := 3 }}{{ $x }}", "13"],
  ["a variable in another slot", "{{ $x := 1 }}{{ $x }}", "{{ $z := 9 }}{{ $x := 3 }}{{ $x }}", "13"],
  ["a second $", "{{ $ }}", '{{ $ := "own" }}{{ $ }}', "dataown"],
  ["a second $, first", '{{ $ := "own" }}{{ $ }}', "{{ $ }}", "owndata"],
  ["a trim at the right", "{{ 1 -}}\n x", "{{ 1 -}} \n y{{ 1 }} z", "1x1y1 z"],
  ["a trim at the left", "a {{- 1 }}", "b\n{{- 1 }} c", "a1b1 c"],
  ["a raw string with delimiters", "{{`}}`}}{{`{{`}}", "{{`{{`}}{{`}}`}}", "}}{{{{}}"],
  ["a string with delimiters", '{{ "}}" }}', '{{ "}}" }}!', "}}}}!"],
  ["else", "{{ if 0 }}a{{ else }}b{{ end }}", "{{ if 0 }}a{{ else }}c{{ end }}", "bc"],
  ["else if", "{{ if 0 }}{{ else if 1 }}b{{ end }}", "{{ if 0 }}{{ else if 1 }}c{{ end }}", "bc"],
  [
    "a definition",
    '{{ define "d" }}1{{ end }}',
    '{{ define "e" }}2{{ end }}{{ template "d" }}{{ template "e" }}',
    "12",
  ],
  ["break outside a range", "{{ range 2 }}{{ break }}{{ end }}", "{{ break }}", "{{break}} outside {{range}}"],
  ["an end too many", "{{ if 1 }}a{{ end }}", "b{{ end }}", "unexpected {{end}}"],
])("%s", (_, first, second, expected) => {
  expect(renderBoth(first, second)).toContain(expected);
});

test("an error stands where its own action does", () => {
  const failing = "{{ len 1 }}";
  const message = renderBoth(`{{ if 0 }}${failing}{{ end }}`, `one\ntwo ${failing}`);
  expect(message).toContain('template: b:2:7: executing "b" at <len 1>');
});

test("so does one in an action after another template ran", () => {
  const set = createTemplateSet({});
  set.setFunctions({ include: { params: ["string"], call: (name: string) => set.execute(name, null) } });
  set.parse("t", '{{ define "d" }}\n\n{{ print 1 }}{{ end }}x\n  {{ len (include "d") }}{{ index (include "d") 99 }}');
  expect(told(() => set.execute("t", null))).toContain('template: t:4:28: executing "t" at <index (include "d") 99>');
});

function renderBoth(first: string, second: string): string {
  const set = createTemplateSet({});
  return told(() => {
    set.parse("a", first);
    set.parse("b", second);
    return set.execute("a", "data") + set.execute("b", "data");
  });
}

function told(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) return error.goText;
    throw error;
  }
}
