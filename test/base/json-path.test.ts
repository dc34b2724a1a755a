import { describe, expect, test } from "vitest";
import { arrayAt, booleanAt, numberAt, objectAt, stringAt, stringMapAt, valueAt } from "../../src/base/json-path.ts";

const value = JSON.parse(
  '{"a":{"s":"text","n":1,"b":false,"list":[{"x":"y"}],"none":null},"__proto__":{"own":"yes"},"labels":{"k":"v","n":1}}',
);

describe("readers of untrusted JSON", () => {
  test.each([
    ["a string", stringAt(value, "a", "s"), "text"],
    ["a number where a string is asked", stringAt(value, "a", "n"), undefined],
    ["a path through nothing", stringAt(value, "x", "y", "z"), undefined],
    ["a path through null", stringAt(value, "a", "none", "z"), undefined],
    ["a path through text", stringAt(value, "a", "s", "length"), undefined],
    ["an inherited name", valueAt(value, "constructor", "name"), undefined],
    ["a key that is only named like the prototype", stringAt(value, "__proto__", "own"), "yes"],
    ["a list's member", stringAt(value, "a", "list", 0, "x"), "y"],
    ["beyond a list's end", valueAt(value, "a", "list", 1), undefined],
    ["a list's length", valueAt(value, "a", "list", "map"), undefined],
    ["a number", numberAt(value, "a", "n"), 1],
    ["a boolean", booleanAt(value, "a", "b"), false],
    ["an object", objectAt(value, "a", "list", 0), { x: "y" }],
    ["a list where an object is asked", objectAt(value, "a", "list"), undefined],
    ["null where an object is asked", objectAt(value, "a", "none"), undefined],
    ["a list", arrayAt(value, "a", "list"), [{ x: "y" }]],
    ["no list", arrayAt(value, "a", "s"), []],
    ["a map of strings", stringMapAt(value, "labels"), { k: "v" }],
    ["no map", stringMapAt(undefined, "labels"), {}],
  ])("%s", (_name, found, expected) => {
    expect(found).toEqual(expected);
  });
});
