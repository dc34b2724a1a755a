import { expect, test } from "vitest";
import { wavesOf } from "../../src/apply/apply-plan.ts";
import type { Change } from "../../src/plan/types.ts";

const change = (kind: string, name: string, action: Change["action"] = "create"): Change => {
  const ref = { apiVersion: "v1", kind, name };
  const desired = action === "delete" ? {} : { desired: { apiVersion: "v1", kind, metadata: { name } } };
  return { action, ref, operations: [], ...desired };
};

test("neighbours of one kind go together, in the plan's order, and deletions apart", () => {
  const waves = wavesOf([
    change("ConfigMap", "a"),
    change("ConfigMap", "b", "change"),
    change("Service", "a"),
    change("ConfigMap", "c"),
    change("ConfigMap", "d", "delete"),
    change("ConfigMap", "e", "delete"),
  ]);
  expect(waves.map((wave) => wave.map(({ ref }) => ref.name).join(" "))).toEqual(["a b", "a", "c", "d e"]);
});
