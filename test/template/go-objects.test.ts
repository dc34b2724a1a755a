import { describe, expect, test } from "vitest";
import { GoBytes, GoSlice, GoStringer, GoStruct, GoTypedMap, nilList } from "../../src/base/go-objects.ts";
import { GoInt, GoObject, type GoValue } from "../../src/base/go-value.ts";
import { NamedMap } from "../../src/base/named-map.ts";
import { goKindOf, goSprintf, goTypeOf } from "../../src/template/format.ts";
import type { FunctionTable } from "../../src/template/function.ts";
import { GoFunc } from "../../src/template/go-func.ts";
import { TemplateError } from "../../src/template/template-error.ts";
import { createTemplateSet } from "../../src/template/template-set.ts";

class Files extends GoObject {
  readonly goType = "main.Files";
  readonly goKind = "struct";
  override method(name: string): ((...args: GoValue[]) => GoValue) | undefined {
    if (name === "Get") return Object.assign((path: GoValue) => `<${path}>`, { params: ["string"] });
    return name === "Any" ? (...args) => args.length.toString() : undefined;
  }
}

class Duration extends GoStringer {
  readonly goType = "time.Duration";
  readonly goKind = "int64";
  readonly goInt: bigint;
  constructor(value: bigint) {
    super();
    this.goInt = value;
  }
  goString(): string {
    return `${this.goInt}ns`;
  }
}

const int = (value: number): GoInt => new GoInt("int", BigInt(value));
const add = new GoFunc("func(int, int) int", {
  params: ["int", "int"],
  call: (a: bigint, b: bigint) => new GoInt("int", a + b),
});
const join = new GoFunc("func(string, ...interface {}) string", {
  params: ["string", "any"],
  variadic: true,
  call: (head: string, ...rest: GoValue[]) => head + rest.length,
});

const data = new Map<string, GoValue>([
  ["files", new Files()],
  [
    "struct",
    new GoStruct(
      "main.Version",
      new Map<string, GoValue>([
        ["Major", "1"],
        ["Minor", int(2)],
      ]),
    ),
  ],
  ["pointer", new GoStruct("*main.Version", new Map<string, GoValue>([["Major", "1"]]))],
  ["strings", new GoSlice("[]string", ["b", "a"])],
  ["bytes", new GoBytes(Buffer.from("hi"))],
  [
    "typed",
    new GoTypedMap(
      "map[string]string",
      new Map([
        ["b", "2"],
        ["a", "1"],
      ]),
      "",
    ),
  ],
  ["named", new NamedMap("common.Values", new Map([["a", "1"]]), { Size: (self) => int(self.size) })],
  ["wait", new Duration(5n)],
  ["add", add],
  ["join", join],
  ["text", "héllo"],
  ["list", ["a", "b", "c"]],
  ["nilList", nilList],
]);

const functions: FunctionTable = {
  size: { params: ["map[string]any"], call: (map: Map<string, GoValue>) => int(map.size) },
  count: { params: ["[]string"], call: (items: GoValue[]) => int(items.length) },
  wide: { params: ["[]byte"], call: (items: GoValue[]) => int(items.length) },
};

function render(template: string): string {
  const set = createTemplateSet(functions, { missingKey: "zero" });
  set.parse("t", template);
  try {
    return set.execute("t", data);
  } catch (error) {
    if (error instanceof TemplateError) return error.goText.replace(/^.*?>: /, "");
    throw error;
  }
}

describe("values of other types", () => {
  test.each([
    ['{{ .files.Get "a" }} {{ "b" | .files.Get }}', "<a> <b>"],
    ["{{ .files.Any 1 2 | .files.Any 3 }}", "2"],
    ["{{ .files.Get 1 }}", "expected string; found 1"],
    ["{{ .files.Get .struct }}", "wrong type for value; expected string; got main.Version"],
    ["{{ .files.Get }}", "wrong number of args for Get: want 1 got 0"],
    ["{{ .files.None }}", "can't evaluate field None in type interface {}"],
    ["{{ $f := .files }}{{ $f.None }}", "can't evaluate field None in type main.Files"],
    ["{{ .struct.Major }}{{ .struct.Minor }} {{ .struct }} {{ .pointer.Major }} {{ .pointer }}", "12 {1 2} 1 &{1}"],
    ["{{ .struct.Major 1 }}", "Major has arguments but cannot be invoked as function"],
    ["{{ if .struct }}T{{ end }}{{ if .files }}T{{ end }}{{ if .typed }}T{{ end }}{{ if .strings }}T{{ end }}", "TTTT"],
    ["{{ range .strings }}{{ . }}{{ end }} {{ .strings }} {{ len .strings }} {{ index .strings 0 }}", "ba [b a] 2 b"],
    ["{{ range .strings }}{{ .x }}{{ end }}", "can't evaluate field x in type string"],
    ["{{ .bytes }} {{ printf `%s %x` .bytes .bytes }} {{ wide .bytes }}", "[104 105] hi 6869 2"],
    [
      "{{ .typed }} {{ .typed.a }} [{{ .typed.x }}] {{ index .typed `b` }} [{{ index .typed `x` }}]",
      "map[a:1 b:2] 1 [] 2 []",
    ],
    ["{{ range $k, $v := .typed }}{{ $k }}{{ $v }}{{ end }}", "a1b2"],
    [
      "{{ .named.a }} {{ .named.Size }} {{ .named }} {{ printf `%T` .named }} {{ size .named }}",
      "1 1 map[a:1] common.Values 1",
    ],
    ["{{ .named.Size.x }}", "can't evaluate field x in type int"],
    ["{{ count .strings }} {{ count .list }}", "wrong type for value; expected []string; got []interface {}"],
    ["{{ size .typed }}", "wrong type for value; expected map[string]interface {}; got map[string]string"],
    [
      "{{ .wait }} {{ printf `%d %v %T` .wait .wait .wait }} {{ eq .wait .wait }} {{ lt .wait 6 }}",
      "5ns 5 5ns time.Duration true true",
    ],
    ["{{ if .nilList }}T{{ else }}F{{ end }} {{ .nilList }} {{ printf `%#v` .nilList }}", "F [] []interface {}(nil)"],
    ["{{ eq .struct .struct }} {{ eq .pointer .pointer }}", "true true"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe("call and slice", () => {
  test.each([
    ["{{ call .add 1 2 }} {{ 3 | call .add 4 }} {{ call .join `x` 1 nil }}", "3 7 x2"],
    ["{{ call .add (index .bytes 0) 1 }}", "105"],
    ["{{ call .add 1 }}", "error calling call: wrong number of args for .add: got 1 want 2"],
    ["{{ call .join }}", "error calling call: wrong number of args for .join: got 0 want at least 1"],
    ["{{ call .add 1 `x` }}", "error calling call: arg 1: value has type string; should be int"],
    ["{{ call .add nil 1 }}", "error calling call: arg 0: value is nil; should be of type int"],
    ["{{ call .text 1 }}", "error calling call: non-function .text of type string"],
    ["{{ call nil }}", "error calling call: call of nil"],
    ["{{ .add }}", "can't print {{.add}} of type func(int, int) int"],
    [
      "{{ slice .text 1 3 }} {{ slice .text 3 }} {{ slice .text }} {{ printf `%q` (slice .text 0 2) }}",
      'é llo héllo "h\\xc3"',
    ],
    ["{{ slice .list 1 }} {{ slice .list 0 2 }} {{ slice .list 0 1 2 }} {{ slice .list 3 }}", "[b c] [a b] [a] []"],
    ["{{ printf `%T %v` (slice .strings 1) (slice .strings 1) }}", "[]string [a]"],
    ["{{ slice .text 9 }}", "error calling slice: index out of range: 9"],
    ["{{ slice .list -1 }}", "error calling slice: index out of range: -1"],
    ["{{ slice .text 2 1 }}", "error calling slice: invalid slice index: 2 > 1"],
    ["{{ slice .list 0 2 1 }}", "error calling slice: invalid slice index: 2 > 1"],
    ["{{ slice .text 0 1 2 }}", "error calling slice: cannot 3-index slice a string"],
    ["{{ slice .list 0 1 2 3 }}", "error calling slice: too many slice indexes: 4"],
    ["{{ slice nil 1 }}", "error calling slice: slice of untyped nil"],
    ["{{ slice .named 1 }}", "error calling slice: can't slice item of type common.Values"],
    ["{{ slice .list `a` }}", "error calling slice: cannot index slice/array with type string"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

test.each([
  [null, "<nil>", "invalid"],
  ["x", "string", "string"],
  [true, "bool", "bool"],
  [1.5, "float64", "float64"],
  [1n, "int64", "int64"],
  [int(1), "int", "int"],
  [new Map(), "map[string]interface {}", "map"],
  [[], "[]interface {}", "slice"],
  [new Duration(1n), "time.Duration", "int64"],
  [new GoSlice("[]string", []), "[]string", "slice"],
] as [GoValue, string, string][])("the type of %o is %s, its kind %s", (value, type, kind) => {
  expect([goTypeOf(value), goKindOf(value)]).toEqual([type, kind]);
});

test.each([
  ["%v|%+v|%#v", data.get("struct"), '{1 2}|{Major:1 Minor:2}|main.Version{Major:"1", Minor:2}'],
  ["%v|%+v|%#v", data.get("pointer"), '&{1}|&{Major:1}|&main.Version{Major:"1"}'],
  ["%#v", data.get("strings"), '[]string{"b", "a"}'],
  ["%#v", data.get("typed"), 'map[string]string{"a":"1", "b":"2"}'],
  ["%#v|%x", data.get("bytes"), "[]byte{0x68, 0x69}|6869"],
  ["%s|%q|%d|%5d|%t", data.get("wait"), '5ns|"5ns"|5|    5|%!t(time.Duration=5)'],
] as [string, GoValue, string][])("%s of %o", (format, value, expected) => {
  const count = format.split("|").length;
  expect(goSprintf(format, Array<GoValue>(count).fill(value))).toBe(expected);
});
