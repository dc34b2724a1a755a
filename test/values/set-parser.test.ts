import { describe, expect, test } from "vitest";
import type { GoMap, GoValue } from "../../src/base/go-value.ts";
import { SetError, setValues, type ValueSyntax } from "../../src/values/set-parser.ts";
import { fileSyntax, jsonSyntax, literalSyntax, stringSyntax, typedSyntax } from "../../src/values/set-syntax.ts";

const map = (entries: Record<string, GoValue>): GoMap => new Map(Object.entries(entries));

function parse(expression: string, syntax: ValueSyntax, start: GoMap = new Map()): GoMap {
  setValues(expression, start, syntax);
  return start;
}

test.each<[string, GoMap]>([
  ["", map({})],
  ["a=1", map({ a: 1n })],
  ["a=1,b=x", map({ a: 1n, b: "x" })],
  ["a=true,b=FALSE,c=Null,d=0,e=00,f=-1,g=+1", map({ a: true, b: false, c: null, d: 0n, e: "00", f: -1n, g: 1n })],
  ["a=9223372036854775807,b=9223372036854775808", map({ a: 9223372036854775807n, b: "9223372036854775808" })],
  ["a=1.5,b=1e3,c=0x1", map({ a: "1.5", b: "1e3", c: "0x1" })],
  ["a=,b=", map({ a: "", b: "" })],
  ["a.b.c=1,a.d=2", map({ a: map({ b: map({ c: 1n }), d: 2n }) })],
  ["a\\.b=1,c=x\\,y,d=\\\\", map({ "a.b": 1n, c: "x,y", d: "\\" })],
  ["a={}", map({ a: [""] })],
  ["a={x,1,true},b={y}", map({ a: ["x", 1n, true], b: ["y"] })],
  ["a[0]=x,a[2]=z", map({ a: ["x", null, "z"] })],
  ["a[0].b=1,a[0].c=2,a[1].b=3", map({ a: [map({ b: 1n, c: 2n }), map({ b: 3n })] })],
  ["a[1][0]=x", map({ a: [null, ["x"]] })],
  ["a[0]={x,y}", map({ a: [["x", "y"]] })],
  ["a=b=c", map({ a: "b=c" })],
  [
    "__proto__.x=1,constructor=2",
    map(
      Object.fromEntries([
        ["__proto__", map({ x: 1n })],
        ["constructor", 2n],
      ]),
    ),
  ],
  ["=x", map({})],
])("--set %s", (expression, expected) => {
  expect(parse(expression, typedSyntax)).toEqual(expected);
});

test.each([
  ["a", 'key "a" has no value'],
  ["a,b=1", 'key "a" has no value (cannot end with ,)'],
  ["a.b", 'key "b" has no value'],
  ["a={x,y", "list must terminate with '}'"],
  ["a[x]=1", 'error parsing index: strconv.Atoi: parsing "x": invalid syntax'],
  ["a[-1]=1", "negative -1 index not allowed"],
  ["a[65537]=1", "index of 65537 is greater than maximum supported index of 65536"],
  ["a[0]b=1", 'unexpected data at end of array index: "b"'],
  ["a[0", "error parsing index: EOF"],
  [`${"a.".repeat(31)}a=1`, "value name nested level is greater than maximum supported nested level of 30"],
  ["a=1,a.b=2", "unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}"],
  ["a=x,a[0]=2", "unable to parse key: interface conversion: interface {} is string, not []interface {}"],
  ["a.=1", 'key map "a" has no value'],
])("--set %s fails", (expression, message) => {
  expect(() => parse(expression, typedSyntax)).toThrow(new SetError(message));
});

describe("over values that are there", () => {
  test("maps and lists keep what is not named", () => {
    const start = map({ a: map({ x: 1, y: 2 }), l: ["p", "q"] });
    expect(parse("a.x=3,l[1]=r,l[2].s=t", typedSyntax, start)).toEqual(
      map({ a: map({ x: 3n, y: 2 }), l: ["p", "r", map({ s: "t" })] }),
    );
  });

  test("null and empty lists are replaced", () => {
    expect(parse("l[0]=x", typedSyntax, map({ l: [] }))).toEqual(map({ l: ["x"] }));
    expect(parse("l[0][0]=x", typedSyntax, map({ l: [null] }))).toEqual(map({ l: [["x"]] }));
  });
});

test("--set-string keeps everything text", () => {
  expect(parse("a=1,b=true,c=null,d={1,2}", stringSyntax)).toEqual(
    map({ a: "1", b: "true", c: "null", d: ["1", "2"] }),
  );
});

test("--set-literal takes all behind the first = as it is", () => {
  expect(parse("a.b[1]=x,y={z}\\=", literalSyntax)).toEqual(map({ a: map({ b: [null, "x,y={z}\\="] }) }));
});

test("--set-file reads what the value names", () => {
  expect(
    parse(
      "a=one,b=two",
      fileSyntax((path) => `<${path}>`),
    ),
  ).toEqual(map({ a: "<one>", b: "<two>" }));
});

test.each<[string, GoMap]>([
  ['a={"b":[1,{"c":null}]},d="x,y", e=1.5', map({ a: map({ b: [1, map({ c: null })] }), d: "x,y", " e": 1.5 })],
  ["a=,b=null,c=[]", map({ a: null, b: null, c: [] })],
  ['a[1]={"x":"}"},a[0]=2', map({ a: [2, map({ x: "}" })] })],
  ['a={"__proto__":{"x":1}}', map({ a: new Map([["__proto__", map({ x: 1 })]]) })],
])("--set-json %s", (expression, expected) => {
  expect(parse(expression, jsonSyntax)).toEqual(expected);
});

test.each(["a={", "a=tru", 'a="x'])("--set-json %s fails", (expression) => {
  expect(() => parse(expression, jsonSyntax)).toThrow(SetError);
});

describe("an index that is not closed", () => {
  test.each<[string, GoMap]>([
    ["a[0", map({})],
    ["b=1,a[x", map({ b: 1n })],
    ["a[0]=1,a[2", map({ a: [1n] })],
    ["a[0][", map({ a: [] })],
    ["a.b[", map({})],
  ])("ends the expression in Helm 4: %s", (expression, expected) => {
    expect(parse(expression, { ...typedSyntax, endsInIndex: true })).toEqual(expected);
  });

  test("is an error in Helm 3", () => {
    expect(() => parse("a[0", typedSyntax)).toThrow("error parsing index: EOF");
  });
});

test("an index beyond 64 bits is out of range", () => {
  expect(() => parse("a[99999999999999999999]=1", typedSyntax)).toThrow(/value out of range$/);
});
