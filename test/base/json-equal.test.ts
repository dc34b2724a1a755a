import { expect, test } from "vitest";
import { jsonEqual } from "../../src/base/json-equal.ts";

test.each<[string, unknown, unknown, boolean]>([
  ["members in another order", { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ["items in another order", [1, 2], [2, 1], false],
  ["a member more", { a: 1 }, { a: 1, b: null }, false],
  ["null and nothing", { a: null }, { b: null }, false],
  ["an inherited name", {}, { toString: "x" }, false],
  ["a name that is inherited on the other side", { toString: undefined }, { x: undefined }, false],
  ["a list and an object", [], {}, false],
  ["null and an object", null, {}, false],
  ["text and number", "1", 1, false],
])("%s", (_name, left, right, expected) => {
  expect(jsonEqual(left, right)).toBe(expected);
  expect(jsonEqual(right, left)).toBe(expected);
});
