import { describe, expect, test } from "vitest";
import type { ObjectRef } from "../../src/kube/types.ts";
import { ruleFor, takeOver } from "../../src/plan/take-over.ts";

const web: ObjectRef = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const image = '.spec.template.spec.containers[name="web"].image';
const port = '.spec.ports[port=80,protocol="TCP"].targetPort';
const strange = '.spec.template.spec.containers[name="web"].env[name="A\\"]b"].value';

/** Rules, a field as the API server's conflict names it, and whether it may be taken over. */
const rows: [string[], string, boolean][] = [
  [[], ".spec.replicas", false],
  [["spec.replicas"], ".spec.replicas", true],
  [[".spec.replicas"], ".spec.replicas", true],
  [["spec.replica"], ".spec.replicas", false],
  [["spec"], ".spec.replicas", false],
  [["replicas"], ".spec.replicas", false],
  [["spec.replicas"], ".spec.replicas.more", false],
  [["Deployment:spec.replicas"], ".spec.replicas", true],
  [["deployment:spec.replicas"], ".spec.replicas", false],
  [["StatefulSet:spec.replicas"], ".spec.replicas", false],
  [["Deployment/web:spec.replicas"], ".spec.replicas", true],
  [["Deployment/api:spec.replicas"], ".spec.replicas", false],
  [["Deployment/w*:spec.replicas"], ".spec.replicas", true],
  [["Deployment/api:spec.replicas", "spec.rep*"], ".spec.replicas", true],
  [["spec.*"], ".spec.replicas", true],
  [["spec.*"], image, true],
  [["spec.*"], ".specs.replicas", false],
  [["*"], image, true],
  [["spec.*.spec.containers[*].image"], image, true],
  [["*.image"], image, false],
  [["spec.template.spec.containers[*].image"], image, true],
  [["spec.template.spec.containers[*].env"], image, false],
  [["spec.template.spec.containers[*]"], image, false],
  [["spec.template.spec.containers.*"], image, true],
  [["spec.template.spec.containers[*].*"], image, true],
  [['spec.template.spec.containers[name="web"].image'], image, true],
  [["spec.template.spec.containers[name=web].image"], image, true],
  [["spec.template.spec.containers[name=api].image"], image, false],
  [['spec.ports[port=80,protocol="TCP"].targetPort'], port, true],
  [["spec.ports[port=80,protocol=TCP].targetPort"], port, true],
  [["spec.ports[port=8,protocol=TCP].targetPort"], port, false],
  [["spec.ports[*].targetPort"], port, true],
  [["metadata.annotations.example.com/a.b"], ".metadata.annotations.example.com/a.b", true],
  [["metadata.annotations.example.com/*"], ".metadata.annotations.example.com/a.b", true],
  [["metadata.annotations.example"], ".metadata.annotations.example.com/a.b", false],
  [["metadata.annotations.exampleXcom/a.b"], ".metadata.annotations.example.com/a.b", false],
  [['metadata.finalizers[="x.y/z:1"]'], '.metadata.finalizers[="x.y/z:1"]', true],
  [[strange], strange, true],
  [["spec.template.spec.containers[*].env[*].value"], strange, true],
  [['.spec.template.spec.containers[name="web"].env[*]'], strange, false],
];

describe("a field may be taken over by a rule that names it, and by no other", () => {
  test.each(rows)("%j and %s: %s", (rules, field, allowed) => {
    expect(takeOver(rules)(web, field)).toBe(allowed);
  });
});

test.each([image, port, strange, ".spec.replicas"])("the rule for %s is one for just that field", (field) => {
  const own = takeOver([ruleFor(web, field)]);
  const all = [image, port, strange, ".spec.replicas"];
  expect(all.filter((other) => own(web, other))).toEqual([field]);
  expect(own({ ...web, name: "api" }, field)).toBe(false);
});

test("all or nothing stays what it was", () => {
  expect(takeOver(true)(web, ".spec.replicas")).toBe(true);
  expect(takeOver(false)(web, ".spec.replicas")).toBe(false);
});

test.each([
  "",
  "Deployment/web:",
  "Deployment:",
  ":spec.replicas",
  "/web:spec.x",
  "spec.a[name",
  'spec.a[name="x]',
  "x[",
])("the rule %j is refused", (text) => {
  expect(() => takeOver([text])).toThrowError(/names no field/);
});
