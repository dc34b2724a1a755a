import { describe, expect, test } from "vitest";
import { readYamlPlain } from "../../../src/base/yaml/read.ts";
import type { KubeObject } from "../../../src/kube/types.ts";
import { parseIgnoreRules } from "../../../src/plan/drift/ignore-rules.ts";
import { parseSelector } from "../../../src/plan/drift/label-selector.ts";
import { isByHand, isController } from "../../../src/plan/drift/managers.ts";

const web: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "prod", labels: { app: "web", tier: "front" }, annotations: { "a.b/c": "d" } },
};

describe("which objects a rule is about", () => {
  test.each<[string, string, boolean]>([
    ["all, without a target", "{}", true],
    ["all, with an empty one", "{target: {}}", true],
    ["a kind", "{target: {kind: Deployment}}", true],
    ["another kind", "{target: {kind: Deploy}}", false],
    ["a pattern of kinds", "{target: {kind: '(Deployment|StatefulSet)'}}", true],
    ["a name as a pattern", "{target: {name: 'we.*'}}", true],
    ["not a part of a name", "{target: {name: we}}", false],
    ["a namespace", "{target: {namespace: prod}}", true],
    ["another namespace", "{target: {namespace: production}}", false],
    ["a group and a version", "{target: {group: apps, version: v1}}", true],
    ["another group", "{target: {group: batch}}", false],
    ["labels", "{target: {labelSelector: 'app=web,tier in (front,edge)'}}", true],
    ["other labels", "{target: {labelSelector: 'app!=web'}}", false],
    ["annotations", "{target: {annotationSelector: 'a.b/c'}}", true],
    ["all that is said has to meet", "{target: {kind: Deployment, name: other}}", false],
  ])("%s", (_, rule, isMeant) => {
    const written = readYamlPlain(rule) as object;
    const { rules, problems } = parseIgnoreRules([{ paths: ["/spec/replicas"], ...written }]);
    expect(problems).toEqual([]);
    expect(rules.pointersFor(web)).toEqual(isMeant ? ["/spec/replicas"] : []);
  });
});

test.each<[string, string]>([
  ["a list", "- paths: [/a]"],
  ["as a file of its own", "ignore: [{paths: [/a]}]"],
  ["as it stands in a HelmRelease", "driftDetection: {mode: enabled, ignore: [{paths: [/a]}]}"],
])("rules are read as %s", (_, text) => {
  expect(parseIgnoreRules(readYamlPlain(text)).rules.pointersFor(web)).toEqual(["/a"]);
});

test.each<[string, string[]]>([
  ["x", ["The rules are not a list"]],
  ["[1]", ["Rule 1 is not an object"]],
  ["[{}]", ["Rule 1 has no paths"]],
  ["[{paths: [spec]}]", ['Rule 1 has a path that is no JSON pointer, which begins with a slash: "spec"']],
  ["[{paths: [/a], targets: {}}]", ['Rule 1 has an unknown field "targets"']],
  ["[{paths: [/a], target: {kinds: a}}]", ['Rule 1 has an unknown field "target.kinds"']],
  [
    "[{paths: [/a], target: {labelSelector: 'a b'}}]",
    ["Rule 1 has a target.labelSelector that is no selector such as app=web"],
  ],
  [
    "[{paths: [/a]}, {paths: [/b], target: {name: '('}}]",
    [expect.stringMatching(/^Rule 2 has a target.name that is no regular expression: /)],
  ],
])("says what is wrong with %s", (text, problems) => {
  expect(parseIgnoreRules(readYamlPlain(text)).problems).toEqual(problems);
});

test.each<[string, boolean | undefined]>([
  ["app", true],
  ["!app", false],
  ["missing", false],
  ["!missing", true],
  ["app=web", true],
  ["app==web", true],
  ["app = web", true],
  ["app!=web", false],
  ["missing!=web", true],
  ["app in (a, web)", true],
  ["app notin (a,web)", false],
  ["missing notin (a)", true],
  ["app=web,tier=front", true],
  ["app=web,tier=back", false],
  ["app in (", undefined],
  ["", undefined],
  ["a=b=c", undefined],
  ["constructor", false],
])("the selector %j", (text, isMet) => {
  expect(parseSelector(text)?.(web.metadata.labels ?? {})).toBe(isMet);
});

test.each<[string, "hand" | "controller" | "else"]>([
  ["kubectl", "hand"],
  ["kubectl-edit", "hand"],
  ["kubectl-client-side-apply", "hand"],
  ["kubectl1.30", "else"],
  ["k9s", "hand"],
  ["OpenLens", "hand"],
  ["Mozilla", "hand"],
  ["node-fetch", "hand"],
  ["helm", "else"],
  ["terraform", "else"],
  ["kube-controller-manager", "controller"],
  ["argocd-application-controller", "controller"],
  ["cainjector", "controller"],
  ["cert-manager-cainjector", "controller"],
  ["manager", "controller"],
  ["vpa-updater", "controller"],
  ["keda", "controller"],
  ["python-requests", "hand"],
  ["management-console", "else"],
])("%s writes as a %s", (manager, kind) => {
  expect([isByHand(manager), isController(manager)]).toEqual([kind === "hand", kind === "controller"]);
});
