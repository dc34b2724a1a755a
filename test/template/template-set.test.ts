import { describe, expect, test } from "vitest";
import { SlipwayError } from "../../src/base/error.ts";
import { GoInt, type GoValue } from "../../src/base/go-value.ts";
import { FunctionError, type FunctionTable } from "../../src/template/function.ts";
import { TemplateError } from "../../src/template/template-error.ts";
import { createTemplateSet, type TemplateOptions, type TemplateSet } from "../../src/template/template-set.ts";

const noFunctions: FunctionTable = {};

function render(template: string, data: GoValue = null, options: TemplateOptions = {}): string {
  const set = createTemplateSet(noFunctions, options);
  set.parse("t", template);
  return set.execute("t", data);
}

function failure(run: () => unknown): TemplateError | SlipwayError {
  try {
    run();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error("did not fail");
}

function withInclude(options: TemplateOptions = {}): TemplateSet {
  const set = createTemplateSet(noFunctions, options);
  set.setFunctions({
    include: { params: ["string", "any"], call: (name: string, data: GoValue) => set.execute(name, data) },
  });
  return set;
}

describe("missing keys", () => {
  const data = new Map<string, GoValue>([["a", null]]);
  test.each([
    ["{{ .x }}", "<no value>", "<no value>"],
    ["{{ .a }}", "<no value>", "<no value>"],
    ["{{ print .x }}", "<nil>", "<nil>"],
    ["{{ with $y := .x }}{{ else }}{{ $y.z }}{{ end }}", "<no value>", "<no value>"],
  ])("%s prints %s by default and %s for zero", (template, byDefault, zero) => {
    expect(render(template, data)).toBe(byDefault);
    expect(render(template, data, { missingKey: "zero" })).toBe(zero);
  });

  test("the field of a missing one is no value by default, nil for zero, and an error for error", () => {
    expect(render("{{ .x.y }}", data)).toBe("<no value>");
    expect(failure(() => render("{{ .x.y }}", data, { missingKey: "zero" })).message).toBe(
      "nil pointer evaluating interface {}.y",
    );
    const strict = { missingKey: "error" } as const;
    expect(failure(() => render("{{ .x }}", data, strict)).message).toBe('map has no entry for key "x"');
    expect(failure(() => render("{{ $y := .a }}{{ $y.z }}", data, strict)).message).toBe(
      'nil data; no entry for key "z"',
    );
  });
});

describe("sets", () => {
  test("a template is replaced, but not by a blank one", () => {
    const set = createTemplateSet(noFunctions);
    set.parse("a", "one");
    set.parse("b", '{{define "a"}}two{{end}}');
    expect(set.execute("a", null)).toBe("two");
    set.parse("c", '{{define "a"}} {{/* blank */}}{{end}}');
    expect(set.execute("a", null)).toBe("two");
    expect([set.has("b"), set.has("d"), set.names()]).toEqual([true, false, ["a", "b", "c"]]);
  });

  test("a clone keeps what it adds to itself, and what its original adds later is not its own", () => {
    const set = createTemplateSet(noFunctions);
    set.parse("a", '{{template "x"}}');
    set.parse("x", "old");
    const clone = set.clone();
    clone.parse("x", "new");
    set.parse("y", "later");
    expect([set.execute("a", null), clone.execute("a", null), clone.has("y")]).toEqual(["old", "new", false]);
  });

  test("a clone's functions are those that its templates call", () => {
    const set = createTemplateSet({ name: { params: [], call: () => "base" } });
    set.parse("a", "{{ name }}");
    const clone = set.clone();
    clone.setFunctions({ name: { params: [], call: () => "clone" } });
    expect([set.execute("a", null), clone.execute("a", null), set.execute("a", null)]).toEqual([
      "base",
      "clone",
      "base",
    ]);
  });

  test("a blank text that is executed prints itself, whatever template has its name", () => {
    const set = createTemplateSet(noFunctions);
    set.parse("t", "full");
    expect([set.executeText("t", " ", null), set.execute("t", null)]).toEqual([" ", "full"]);
  });

  test("a function hides a predefined one", () => {
    const set = createTemplateSet({ len: { params: ["any"], call: () => "mine" } });
    set.parse("t", "{{ len 1 }}");
    expect(set.execute("t", null)).toBe("mine");
  });

  test.each(["constructor", "__proto__", "toString"])("%s is neither a function nor a template", (name) => {
    const set = createTemplateSet(noFunctions);
    expect(failure(() => set.parse("t", `{{ ${name} }}`)).message).toBe(`function "${name}" not defined`);
    expect(failure(() => set.execute(name, null)).message).toBe(
      `no template "${name}" associated with template "gotpl"`,
    );
  });
});

describe("errors", () => {
  test("name the innermost place, the chain that led there, and the path that is nil", () => {
    const set = withInclude();
    set.parse("lib", '{{ define "inner" }}\n\té: {{ .Values.image.tag }}{{ end }}');
    set.parse("main", 'a\n{{ include "inner" . }}');
    const data = new Map<string, GoValue>([["Values", new Map<string, GoValue>([["image", null]])]]);
    const error = failure(() => set.execute("main", data));
    expect(error).toMatchObject({
      code: "TEMPLATE_EXEC",
      message: "nil pointer evaluating interface {}.tag",
      where: "lib:2:15",
      hint: ".Values.image is nil, so it has no tag: set it in the values, or guard this with {{ with }} or {{ if }}.",
      goText:
        'template: main:2:3: executing "main" at <include "inner" .>: error calling include: ' +
        'template: lib:2:15: executing "inner" at <.Values.image.tag>: nil pointer evaluating interface {}.tag',
    });
    expect(error.detail?.split("\n")).toEqual([
      "2 | \té: {{ .Values.image.tag }}{{ end }}",
      "  | \t             ^",
      "  in main:2:4",
    ]);
    expect(error.cause).toBeInstanceOf(TemplateError);
  });

  test("name the nearest template", () => {
    const set = withInclude();
    set.parse(
      "t",
      '{{ define "chart.labels" }}{{ end }}{{ if . }}{{ template "chart.label" }}{{ end }}{{ include "chart.lables" . }}',
    );
    expect(failure(() => set.execute("t", true))).toMatchObject({
      message: 'template "chart.label" not defined',
      hint: 'Did you mean "chart.labels"?',
    });
    expect(failure(() => set.execute("t", null)).hint).toBe('Did you mean "chart.labels"?');
  });

  test("a function's bug is not dressed up as the template's", () => {
    const bug = new TypeError("bug");
    const set = createTemplateSet({
      broken: {
        params: [],
        call: () => {
          throw bug;
        },
      },
    });
    set.parse("t", "{{ broken }}");
    expect(() => set.execute("t", null)).toThrow(bug);
  });

  test("a function's own error keeps its cause", () => {
    const cause = new Error("deep");
    const set = createTemplateSet({
      failing: {
        params: [],
        call: () => {
          throw new FunctionError("no", { cause });
        },
      },
    });
    set.parse("t", "{{ failing }}");
    const error = failure(() => set.execute("t", null));
    expect(error).toMatchObject({ message: "error calling failing: no", cause: { cause } });
  });
});

describe("limits", () => {
  test.each([
    ["{{ range 100000 }}{{ end }}", { steps: 1000 }, "The templates took more than 1000 steps"],
    ["{{ range 1000 }}0123456789{{ end }}", { outputBytes: 5000 }, "The templates wrote more than 5000 bytes"],
    ["{{ range 9000000000000000000 }}{{ end }}", { timeMs: 20 }, "The templates took longer than 0.02 s"],
    [
      '{{ $x := "0123456789" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}',
      { outputBytes: 1_000_000 },
      "The templates made a text that is too long",
    ],
  ])("%s", (template, limits, message) => {
    expect(failure(() => render(template, null, { limits }))).toMatchObject({ code: "LIMIT_EXCEEDED", message });
  });

  test("a recursion ends with the template's place", () => {
    expect(
      failure(() =>
        render('{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', null, { limits: { depth: 50 } }),
      ),
    ).toMatchObject({
      code: "TEMPLATE_EXEC",
      message: "exceeded maximum template depth (50)",
      where: "t:1:29",
    });
  });

  test.each([
    '{{ template "r" . }}',
    '{{ include "r" . }}',
    '{{ with 1 }}{{ range 1 }}{{ print (include "r" .) }}{{ end }}{{ end }}',
  ])("a recursion by %s that overflows the stack ends likewise", (again) => {
    const set = withInclude();
    set.parse("t", `{{ define "r" }}${again}{{ end }}{{ template "r" . }}`);
    const error = failure(() => set.execute("t", null));
    expect(error.message).toMatch(/^exceeded maximum template depth \(\d+\)$/);
    expect(error.detail?.split("\n").length).toBeLessThan(30);
  });

  test("the depth of nested sets counts together, and is given back by a failure", () => {
    const set = withInclude({ limits: { depth: 3 } });
    set.parse(
      "t",
      '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ if . }}{{ include "a" . }}{{ end }}ok{{ end }}{{ include "a" . }}',
    );
    expect(failure(() => set.execute("t", true)).message).toBe("exceeded maximum template depth (3)");
    expect(set.execute("t", false)).toBe("ok");
  });

  test("steps count over all runs of a set and its clones", () => {
    const set = createTemplateSet(noFunctions, { limits: { steps: 100 } });
    set.parse("t", "{{ range 40 }}{{ end }}");
    set.execute("t", null);
    set.clone().execute("t", null);
    expect(failure(() => set.execute("t", null)).code).toBe("LIMIT_EXCEEDED");
  });
});

test("data is read as it is", () => {
  expect(render("{{ . }} {{ printf `%T` . }}", new GoInt("uint8", 7n))).toBe("7 uint8");
});
