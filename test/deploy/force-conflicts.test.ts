import { expect, test } from "vitest";
import { readForceConflicts } from "../../src/deploy/force-conflicts.ts";

test.each([
  [[], false],
  [["true"], true],
  [["false"], false],
  [
    ["spec.replicas", "Job:spec.x"],
    ["spec.replicas", "Job:spec.x"],
  ],
  [["true", "spec.replicas"], true],
  [["spec.replicas", "true"], true],
  [["true", "false", "spec.replicas"], ["spec.replicas"]],
])("%j is %j", (given, expected) => {
  expect(readForceConflicts(given)).toEqual(expected);
});

test("a field that can't be one is refused", () => {
  expect(() => readForceConflicts(["Deployment:"])).toThrowError(/names no field/);
});
