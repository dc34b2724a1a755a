import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kube/types.ts";
import { replaceImmutable } from "../../../src/plan/hazards/immutable.ts";
import type { Change } from "../../../src/plan/types.ts";

type Fields = Record<string, unknown>;

function change(apiVersion: string, kind: string, live: Fields, after: Fields, annotations = {}): Change {
  const metadata = { name: "web", namespace: "prod", annotations };
  const [before, then] = [live, after].map((fields): KubeObject => ({ apiVersion, kind, metadata, ...fields }));
  const ref = { apiVersion, kind, namespace: "prod", name: "web" };
  const patch = { type: "strategic" as const, body: {} };
  return {
    action: "change",
    ref,
    operations: [],
    patch,
    ...(before && { live: before }),
    ...(then && { after: then, desired: then }),
  };
}

const job = (status: Fields = {}, annotations = {}) =>
  change("batch/v1", "Job", { spec: { template: { a: 1 } }, status }, { spec: { template: { a: 2 } } }, annotations);
const set = (live: Fields, after: Fields) => change("apps/v1", "StatefulSet", { spec: live }, { spec: after });
const deployment = change(
  "apps/v1",
  "Deployment",
  { spec: { selector: { a: "1" } } },
  { spec: { selector: { a: "2" } } },
);
const claim = change("v1", "PersistentVolumeClaim", { spec: { accessModes: ["a"] } }, { spec: { accessModes: ["b"] } });
const selects = (app: string, more: Fields = {}) => ({ selector: { matchLabels: { app } }, ...more });
const goesWith = { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } };

describe("what is replaced, and how it is deleted", () => {
  test.each([
    { name: "a Job", change: job(), mode: "jobs", propagation: "Foreground" },
    { name: "a Job, with all", change: job(), mode: "all", propagation: "Foreground" },
    { name: "no Job", change: job(), mode: "none" },
    { name: "no Job that is to be kept", change: job({}, { "helm.sh/resource-policy": "keep" }), mode: "all" },
    { name: "no Deployment by default", change: deployment, mode: "jobs" },
    { name: "a Deployment, with its pods", change: deployment, mode: "all", propagation: "Foreground" },
    { name: "never a claim", change: claim, mode: "all" },
    {
      name: "a StatefulSet, without its pods",
      change: set(selects("a", { serviceName: "a" }), selects("a", { serviceName: "b" })),
      mode: "all",
      propagation: "Orphan",
    },
    {
      name: "a StatefulSet of other pods, with the old ones",
      change: set(selects("a"), selects("b")),
      mode: "all",
      propagation: "Foreground",
    },
    {
      name: "no StatefulSet that takes its claims along",
      change: set(selects("a", goesWith), selects("b", goesWith)),
      mode: "all",
    },
    {
      name: "one whose claims would go, where its pods stay",
      change: set(selects("a", { ...goesWith, serviceName: "a" }), selects("a", { ...goesWith, serviceName: "b" })),
      mode: "all",
      propagation: "Orphan",
    },
  ] as const)("$name ($mode)", ({ change: given, mode, ...wanted }) => {
    const found = replaceImmutable(given, mode);
    const propagation = "propagation" in wanted ? wanted.propagation : undefined;
    expect([found.action, found.propagation]).toEqual([propagation ? "replace" : "change", propagation]);
    expect(found.patch === undefined).toBe(propagation !== undefined);
  });
});

test("nothing that the server says it would take", () => {
  expect(replaceImmutable(job(), "all", { taken: true }).action).toBe("change");
});

test("a Job that runs is told to be stopped", () => {
  expect(replaceImmutable(job({ active: 1 }), "jobs").reason).toContain("its pods, which run now, are stopped");
  expect(replaceImmutable(job(), "jobs").reason).not.toContain("stopped");
});
