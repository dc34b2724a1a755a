import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/types.ts";
import { canonicalJson, changedFields, type FieldTree, fieldTree } from "../../src/plan/fields.ts";

const object = (kind: string, fields: Record<string, unknown>): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "one" },
  ...fields,
});
const pod = (...containers: unknown[]) => object("Pod", { spec: { containers } });
const treeOf = (subject: KubeObject) => fieldTree(subject, (_, value) => canonicalJson(value));

const rows: [name: string, before: KubeObject, after: KubeObject, fields: string[]][] = [
  ["nothing", pod({ name: "a", image: "1" }), pod({ image: "1", name: "a" }), []],
  ["a field", pod({ name: "a", image: "1" }), pod({ name: "a", image: "2" }), ["spec.containers[a].image"]],
  [
    "of items that stand elsewhere",
    pod({ name: "a", image: "1" }, { name: "b", image: "1" }),
    pod({ name: "b", image: "2" }, { name: "a", image: "1" }),
    ["spec.containers[b].image"],
  ],
  ["an item that is new", pod({ name: "a" }), pod({ name: "a" }, { name: "b", image: "1" }), ["spec.containers[b]"]],
  [
    "ports of one number and two protocols",
    pod({ name: "a", ports: ["TCP", "UDP"].map((protocol) => ({ containerPort: 53, protocol, hostPort: 1 })) }),
    pod({
      name: "a",
      ports: ["TCP", "UDP"].map((protocol) => ({ containerPort: 53, protocol, hostPort: protocol === "UDP" ? 2 : 1 })),
    }),
    ["spec.containers[a].ports[53/UDP].hostPort"],
  ],
  [
    "items without a key, by their place",
    object("Widget", { spec: { rules: [{ host: "a" }, { host: "b" }] } }),
    object("Widget", { spec: { rules: [{ host: "a" }, { host: "c" }] } }),
    ["spec.rules[1].host"],
  ],
  [
    "keys that are no words",
    object("ConfigMap", { metadata: { name: "one", annotations: { "example.com/a b": "1" } } }),
    object("ConfigMap", { metadata: { name: "one", annotations: { "example.com/a b": "2" } } }),
    ['metadata.annotations["example.com/a b"]'],
  ],
  [
    "keys that objects inherit",
    object("ConfigMap", { data: { constructor: "1" } }),
    object("ConfigMap", { data: { toString: "1" } }),
    ["data.constructor", "data.toString"],
  ],
  [
    "what became another type",
    object("ConfigMap", { data: { a: "1" } }),
    object("ConfigMap", { data: null }),
    ["data"],
  ],
  ["null and nothing", object("ConfigMap", { data: null }), object("ConfigMap", {}), ["data"]],
];

describe("the fields in which objects differ", () => {
  test.each(rows)("%s", (_, before, after, fields) => {
    expect(changedFields(treeOf(before), treeOf(after))).toEqual(fields);
    expect(changedFields(treeOf(after), treeOf(before)).sort()).toEqual([...fields].sort());
  });
});

function leaves(tree: FieldTree): number {
  return typeof tree === "string" ? 1 : Object.values(tree).reduce((sum, member) => sum + leaves(member), 0);
}

test("an object of very many fields is told apart in its upper ones, and always the same way", () => {
  const properties = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`p${at}`, { a: { b: [1, 2, { c: at }] } }]),
  );
  const large = (at: number) => object("Widget", { spec: { schema: { properties: { ...properties, last: { at } } } } });
  expect(leaves(treeOf(large(1)))).toBeLessThan(2000);
  expect(changedFields(treeOf(large(1)), treeOf(large(2)))).toEqual(
    ["spec.schema.properties.last"].map((field) => expect.stringContaining(field)),
  );
});

test("a field of which no hash was kept is never one that differs", () => {
  const masked = fieldTree(object("ConfigMap", { data: { token: "s3cret", mode: "a" } }), (path, value) =>
    path.at(-1) === "token" ? "*" : canonicalJson(value),
  );
  expect(changedFields(masked, treeOf(object("ConfigMap", { data: { token: "other", mode: "b" } })))).toEqual([
    "data.mode",
  ]);
});
