import { expect, test } from "vitest";
import { splitManifests } from "../../src/render/split-manifests.ts";

test.each<[text: string, helm4: string[], helm3: string[]]>([
  ["a: 1\n", ["a: 1\n"], ["a: 1"]],
  ["---\na: 1\n---\nb: 2\n", ["a: 1\n", "b: 2\n"], ["a: 1", "b: 2"]],
  ["\n\n---\n\n  a: 1\n\n\n---   \n\nb: 2", ["a: 1\n\n\n", "b: 2"], ["a: 1", "b: 2"]],
  ["a: 1\n---b: 2\n", ["a: 1\n", "b: 2\n"], ["a: 1", "b: 2"]],
  ["a: |\n  ---\n --- x\nb: 1\n", ["a: |\n  ---\n --- x\nb: 1\n"], ["a: |\n  ---\n --- x\nb: 1"]],
  ["---\n---\na: 1\n", ["a: 1\n"], ["---\na: 1"]],
  ["a: 1\n---\n\u00a0\n---\nb: 2\n", ["a: 1\n", "b: 2\n"], ["a: 1", "", "b: 2"]],
  ["a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "b: 2\r\n"], ["a: 1", "b: 2"]],
  ["----\na: 1\n", ["-\na: 1\n"], ["-\na: 1"]],
  ["", [], []],
  ["  \n\t\n", [], []],
  ["---\n", [], []],
])("%j", (text, helm4, helm3) => {
  expect(splitManifests(text, "4")).toEqual(helm4);
  expect(splitManifests(text, "3")).toEqual(helm3);
});

test("a million empty lines take no time", () => {
  expect(splitManifests(`a: 1\n${"\n".repeat(1_000_000)}b: 2`, "3")).toHaveLength(1);
});
