import { expect, test } from "vitest";
import type { GoValue } from "../../src/base/go-value.ts";
import { NamedMap } from "../../src/base/named-map.ts";

test("shows and changes the map that it names", () => {
  const plain = new Map<string, GoValue>([["a", 1]]);
  const named = new NamedMap("common.Values", plain, {});
  named.set("b", 2);
  plain.set("c", 3);
  named.delete("a");
  expect([...named]).toEqual([...plain]);
  expect([...plain.keys()]).toEqual(["b", "c"]);
  expect([named.size, named.has("c"), named.get("c"), [...named.values()]]).toEqual([2, true, 3, [2, 3]]);
  expect(new Map(named)).toEqual(new Map(plain));
});
