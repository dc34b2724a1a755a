import { expect, test } from "vitest";
import {
  distinctNeeds,
  findMissing,
  findMissingOptional,
  isGranted,
  isRefusedByRule,
  type Missing,
  type Need,
  roleText,
} from "../../../src/plan/hazards/permissions.ts";
import type { HazardInput } from "../../../src/plan/hazards/types.ts";

const need = (verb: string, resource: string, more: Partial<Need> = {}): Need => ({
  verb,
  group: "",
  resource,
  namespace: "prod",
  ...more,
});
const rule = (verbs: string[], resources: string[], more = {}) => ({ verbs, apiGroups: [""], resources, ...more });

test.each([
  { name: "by name", rule: rule(["get"], ["pods"]), need: need("get", "pods"), granted: true },
  { name: "not another verb", rule: rule(["get"], ["pods"]), need: need("list", "pods"), granted: false },
  {
    name: "not another group",
    rule: rule(["get"], ["pods"]),
    need: need("get", "pods", { group: "apps" }),
    granted: false,
  },
  {
    name: "by stars",
    rule: { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    need: need("get", "pods/log"),
    granted: true,
  },
  {
    name: "a subresource only by itself",
    rule: rule(["get"], ["pods"]),
    need: need("get", "pods/log"),
    granted: false,
  },
  { name: "a subresource of all", rule: rule(["get"], ["*/log"]), need: need("get", "pods/log"), granted: true },
  {
    name: "one object",
    rule: rule(["patch"], ["pods"], { resourceNames: ["a"] }),
    need: need("patch", "pods", { name: "a" }),
    granted: true,
  },
  {
    name: "not all by one",
    rule: rule(["list"], ["pods"], { resourceNames: ["a"] }),
    need: need("list", "pods"),
    granted: false,
  },
  {
    name: "creating has no name",
    rule: rule(["create"], ["pods"], { resourceNames: ["a"] }),
    need: need("create", "pods", { name: "a" }),
    granted: false,
  },
  {
    name: "nothing that is cluster-wide",
    rule: rule(["*"], ["*"]),
    need: { verb: "get", group: "", resource: "nodes" },
    granted: false,
  },
  { name: "garbage", rule: { verbs: "get" }, need: need("get", "pods"), granted: false },
])("a rule grants $name", ({ rule: one, need: asked, granted }) => {
  expect(isGranted(asked, new Map([["prod", { rules: [one], incomplete: false }]]))).toBe(granted);
});

test("what is demanded counts more than what one can do without", () => {
  const optional = need("list", "pods", { without: "no evidence" });
  expect(distinctNeeds([optional, need("list", "pods"), need("list", "pods")])).toEqual([need("list", "pods")]);
});

test("what one can do without is told to those alone who may deploy", () => {
  const optional = need("list", "pods", { without: "no evidence" });
  const find = (...missing: Missing[]) => {
    const input = { missing } as unknown as HazardInput;
    return [findMissing(input), findMissingOptional(input)].map((found) => found.map(({ message }) => message));
  };
  const required = ["The user may not create secrets in namespace prod"];
  expect(find(need("create", "secrets"), optional)).toEqual([required, []]);
  expect(find(optional)).toEqual([[], ["no evidence, as list pods in namespace prod is not allowed"]]);
});

test("the roles are told per place, each resource once", () => {
  const text = roleText([
    need("get", "secrets"),
    need("create", "secrets"),
    { verb: "get", group: "g", resource: "r" },
  ]);
  expect(text).toBe(`apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: slipway, namespace: prod}
rules:
- {apiGroups: [""], resources: ["secrets"], verbs: [get, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: slipway}
rules:
- {apiGroups: ["g"], resources: ["r"], verbs: [get]}`);
});

test.each([
  ['pods is forbidden: User "eve" cannot list resource "pods" in API group ""', false],
  ["access denied", false],
  ['persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized', true],
  ['admission webhook "policy.example.com" denied the request: no', true],
  ["configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", true],
])("%s", (message, isRule) => {
  expect(isRefusedByRule({ message })).toBe(isRule);
});
