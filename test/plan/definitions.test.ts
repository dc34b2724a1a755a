import { expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { definitionDifferences, describeStale, isStale, planDefinition } from "../../src/plan/definitions.ts";

type Spec = Record<string, unknown>;

const version = (name: string, properties: Spec = { a: { type: "string" } }, more: Spec = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: "object", properties } },
  ...more,
});

const definition = (spec: Spec, metadata: Spec = {}): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com", ...metadata },
  spec: { group: "example.com", names: { kind: "Widget", plural: "widgets" }, versions: [version("v1")], ...spec },
});

/** As the server keeps the chart's. */
const live = (spec: Spec = {}): KubeObject => ({
  ...definition(
    {
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      conversion: { strategy: "None" },
      ...spec,
    },
    { uid: "1", resourceVersion: "7", annotations: { by: "somebody" } },
  ),
  status: { storedVersions: ["v1"] },
});

const schema = "/spec/versions/0/schema/openAPIV3Schema";
const cases: { name: string; chart: KubeObject; live?: KubeObject; differs: string[] }[] = [
  { name: "the server's defaults are no difference", chart: definition({}), differs: [] },
  {
    name: "what it leaves out as unset is none",
    chart: definition({ preserveUnknownFields: false }, { creationTimestamp: null }),
    differs: [],
  },
  {
    name: "a controller's authority for conversions is none",
    chart: definition({ conversion: { strategy: "Webhook", webhook: { clientConfig: { service: { name: "s" } } } } }),
    live: live({
      conversion: { strategy: "Webhook", webhook: { clientConfig: { caBundle: "x", service: { name: "s" } } } },
    }),
    differs: [],
  },
  {
    name: "a field more, and one less",
    chart: definition({ versions: [version("v1", { b: { type: "string" } })] }),
    differs: [`remove ${schema}/properties/a`, `add ${schema}/properties/b`],
  },
  {
    name: "a default of false",
    chart: definition({ versions: [version("v1", { a: { type: "string", default: false } })] }),
    differs: [`add ${schema}/properties/a/default`],
  },
  {
    name: "a version that is no longer served",
    chart: definition({ versions: [version("v1", undefined, { served: false })] }),
    differs: ["replace /spec/versions/0/served"],
  },
  {
    name: "a version more",
    chart: definition({ versions: [version("v1"), version("v2", undefined, { storage: false })] }),
    differs: ["add /spec/versions/1"],
  },
  {
    name: "an annotation",
    chart: definition({}, { annotations: { version: "2" } }),
    differs: ["add /metadata/annotations/version"],
  },
];

test.each(cases)("$name", ({ chart, live: found = live(), differs }) => {
  expect(definitionDifferences(found, chart).map(({ op, path }) => `${op} ${path}`)).toEqual(differs);
  const [created, upgraded] = (["create", "upgrade"] as const).map((mode) =>
    planDefinition(found, { object: chart }, mode),
  );
  expect(created?.action).toBe("nothing");
  expect(created && isStale(created)).toBe(differs.length > 0);
  expect(upgraded?.action).toBe(differs.length > 0 ? "change" : "nothing");
  expect(upgraded?.after?.metadata.annotations?.["by"]).toBe("somebody");
});

test("one that is not there is created in either mode", () => {
  for (const mode of ["create", "upgrade"] as const) {
    expect(planDefinition(undefined, { object: definition({}) }, mode)).toMatchObject({ action: "create" });
  }
});

test("what stays behind is told in one sentence", () => {
  expect(describeStale(["a"])).toMatch(/^The definition a differs from the chart's and is left as before/);
  expect(describeStale(["a", "b"])).toMatch(/^2 definitions a, b differ/);
});
