import { expect, test } from "vitest";
import { nodeText } from "../../src/template/node-text.ts";
import { isEmptyTree, parseTemplate } from "../../src/template/parser.ts";
import { TemplateError } from "../../src/template/template-error.ts";
import { createTemplateSet } from "../../src/template/template-set.ts";

const functions = { has: (name: string) => name === "printf" || name === "print", names: () => ["printf", "print"] };

function parse(text: string): ReturnType<typeof parseTemplate> {
  return parseTemplate({ name: "t", text }, functions);
}

const printed: [input: string, output?: string][] = [
  ["text"],
  ["{{.}}"],
  ["{{$}}"],
  ["{{printf}}"],
  ["{{.X.Y.Z}}"],
  ["{{$.X | .Y 1 | print}}"],
  ["{{printf `%d` 23 'a' 1.5e3 true nil}}", "{{printf `%d` 23 'a' 1.5e3 true nil}}"],
  ["{{ (print 1  2).X }}", "{{(print 1 2).X}}"],
  ["{{print (.X | print)}}"],
  ["{{with $x := 3}}{{$x}}{{end}}"],
  ["{{$x := 1}}{{$x = 2}}"],
  ["{{range $i, $e := .L}}{{$i}}{{break}}{{continue}}{{else}}none{{end}}"],
  ["{{if .A}}a{{else if .B}}b{{else}}c{{end}}", "{{if .A}}a{{else}}{{if .B}}b{{else}}c{{end}}{{end}}"],
  ["{{with .A}}a{{else with .B}}b{{end}}", "{{with .A}}a{{else}}{{with .B}}b{{end}}{{end}}"],
  ['{{template "a\\tb" .X}}'],
  ["{{template `x`}}", '{{template "x"}}'],
  ["{{/* c */}}a{{- /* d */ -}} b", "ab"],
  ['{{block "b" .X}}y{{end}}', '{{template "b" .X}}'],
];

test.each(printed)("%j prints again", (input, output) => {
  expect(nodeText(parse(input).main.root)).toBe(output ?? input);
});

test("a text's definitions stand beside it", () => {
  const { main, trees } = parse('{{define "a"}}A{{end}}x{{block "b" .}}B{{end}}');
  expect([...trees.keys()]).toEqual(["a", "b", "t"]);
  expect(trees.get("t")).toBe(main);
});

test.each([
  ["", true],
  [" \n\t", true],
  ["{{/* c */}} ", true],
  ['{{define "x"}}text{{end}}\n', true],
  ["x", false],
  ["{{print}}", false],
  ["\ufeff", false],
] as const)("%j is empty: %s", (input, empty) => {
  expect(isEmptyTree(parse(input).main.root)).toBe(empty);
});

test.each([
  ["{{prinf 1}}", 'function "prinf" not defined', 'Did you mean "print"?', "t:1:3"],
  ["é\n {{ $value := 1 }}{{ $valeu }}", 'undefined variable "$valeu"', 'Did you mean "$value"?', "t:2:22"],
  [
    "a{{ if . }}",
    "unexpected EOF",
    "The block that line 1 opens is not closed: each if, range, with, define and block needs its {{ end }}.",
    "t:1:12",
  ],
  ["{{ 1i }}", 'complex numbers are not supported: "1i"', undefined, "t:1:4"],
])("%j names the nearest known", (input, reason, hint, where) => {
  expect(failure(input)).toMatchObject({ code: "TEMPLATE_PARSE", reason, hint, where });
});

test("what is nested too deeply is refused before the stack overflows", () => {
  for (const [open, close] of [
    ["{{if .}}", "{{end}}"],
    ["{{range .}}", "{{end}}"],
    ["{{if .}}{{else if .}}", "{{end}}"],
  ] as const) {
    expect(failure(open.repeat(5000) + close.repeat(5000)).reason).toContain("nested more than 1000 deep");
    expect(nodeText(parse(open.repeat(499) + close.repeat(499)).main.root)).toContain("{{end}}");
  }
  expect(failure(`{{${"(".repeat(20000)}1${")".repeat(20000)}}}`).reason).toBe("max expression depth exceeded");
  expect(failure(`{{if .}}${"{{else if .}}".repeat(5000)}{{end}}`).reason).toContain("nested more than 1000 deep");
});

test("a template that nests too deeply for the stack is refused too", () => {
  for (const [open, close] of [
    ["{{with 1}}", "{{end}}"],
    ["{{range 1}}{{else}}", "{{end}}"],
    ["", ")}}"],
  ] as const) {
    const text =
      close === ")}}" ? `{{${"print (".repeat(990)}1${")".repeat(990)}}}` : open.repeat(990) + close.repeat(990);
    const set = createTemplateSet({});
    let message = "rendered";
    try {
      set.parse("t", text);
      set.execute("t", null);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      message = error.message;
    }
    expect(message).toMatch(/^rendered$|nested too deeply|exceeded maximum template depth/);
  }
});

function failure(input: string): TemplateError {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`parsed ${JSON.stringify(input.slice(0, 80))}`);
}
