import { describe, expect, test } from "vitest";
import { sortManifests } from "../../src/render/sort-manifests.ts";

const file = (text: string) => [{ source: "top/templates/a.yaml", text }];

test("objects come in the order of their kinds, unknown ones last, by name", () => {
  const kinds = ["Zed", "MutatingWebhookConfiguration", "Abc", "Service", "Deployment", "Namespace", "Service"];
  const text = kinds.map((kind, index) => `kind: ${kind}\nmetadata: {name: "${index}"}\n`).join("---\n");
  const sorted = (helm: "3" | "4") =>
    sortManifests(file(text), helm).manifests.map(({ kind, name }) => `${kind} ${name}`);
  const known = ["Namespace 5", "Service 3", "Service 6", "Deployment 4"];
  expect(sorted("4")).toEqual([...known, "MutatingWebhookConfiguration 1", "Abc 2", "Zed 0"]);
  expect(sorted("3")).toEqual([...known, "Abc 2", "MutatingWebhookConfiguration 1", "Zed 0"]);
});

describe("hooks", () => {
  const hook = (annotations: string) =>
    sortManifests(file(`kind: Job\nmetadata: {name: j, annotations: {${annotations}}}\n`), "4");

  test.each([
    ["helm.sh/hook: test", { events: ["test"], weight: 0, deletePolicies: [], outputLogPolicies: [] }],
    ["helm.sh/hook: test-success", { events: ["test"] }],
    ['helm.sh/hook: " Pre-Install , post-delete"', { events: ["pre-install", "post-delete"] }],
    ['helm.sh/hook: test, helm.sh/hook-weight: "-5"', { weight: -5 }],
    ["helm.sh/hook: test, helm.sh/hook-weight: 7", { weight: 7 }],
    ['helm.sh/hook: test, helm.sh/hook-weight: "1.5"', { weight: 0 }],
    [
      'helm.sh/hook: test, helm.sh/hook-delete-policy: "hook-failed, before-hook-creation"',
      { deletePolicies: ["hook-failed", "before-hook-creation"] },
    ],
    ["helm.sh/hook: test, helm.sh/hook-output-log-policy: hook-succeeded", { outputLogPolicies: ["hook-succeeded"] }],
  ])("%s", (annotations, expected) => {
    expect(hook(annotations)).toMatchObject({ manifests: [], hooks: [expected] });
  });

  test("of an unknown event are left out", () => {
    expect(hook("helm.sh/hook: crd-install")).toEqual({ manifests: [], hooks: [] });
  });

  test("need their annotation", () => {
    expect(hook("other: x").hooks).toEqual([]);
  });
});

test.each([
  ["a: [\n", /YAML parse error on top\/templates\/a\.yaml: .*did not find/],
  ["just text\n", /cannot unmarshal string/],
  ["- a\n", /cannot unmarshal array/],
  ["kind: [a]\n", /cannot unmarshal array into Go struct field SimpleHead\.kind/],
  ["kind: a\nmetadata: {annotations: {a: {}}}\n", /cannot unmarshal object into Go struct field/],
])("%j is refused", (text, message) => {
  expect(() => sortManifests(file(text), "4")).toThrow(
    expect.objectContaining({ code: "RENDER_INVALID_MANIFEST", message: expect.stringMatching(message) }),
  );
});

test("names that are numbers are text, and what has no kind is kept", () => {
  const { manifests } = sortManifests(file("kind: A\nmetadata: {name: 12}\n---\n# comment\n"), "4");
  expect(manifests.map(({ kind, name }) => [kind, name])).toEqual([
    ["", ""],
    ["A", "12"],
  ]);
});
