import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json-path.ts";
import { applyJsonMergePatch } from "../../../src/kube/patch/json-merge.ts";
import { patchSchemaOf } from "../../../src/kube/patch/schema.ts";
import { applyObjectPatch, createThreeWayPatch } from "../../../src/kube/patch/three-way.ts";

const object = (data: string): JsonObject => JSON.parse(`{"metadata":{"name":"x"},"data":${data}}`);

test.each([
  ["v1", "ConfigMap"],
  ["example.com/v1", "Widget"],
])("keys of %s %s that are named like inherited ones are keys like any other", (apiVersion, kind) => {
  const states = {
    original: object('{"constructor":"old","toString":"old"}'),
    modified: object('{"__proto__":{"polluted":"yes"},"constructor":"new"}'),
    live: object('{"constructor":"old","toString":"old","hasOwnProperty":"by hand"}'),
  };
  const patch = createThreeWayPatch(apiVersion, kind, states);
  const result = applyObjectPatch(states.live, patch, patchSchemaOf(apiVersion, kind));
  expect(JSON.stringify(result["data"])).toBe(
    '{"constructor":"new","hasOwnProperty":"by hand","__proto__":{"polluted":"yes"}}',
  );
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

test.each(["constructor", "__proto__", "toString"])("%s is not a known group, kind or version", (name) => {
  expect(patchSchemaOf(`${name}/v1`, "Deployment")).toBeUndefined();
  expect(patchSchemaOf("apps/v1", name)).toBeUndefined();
});

test("a version that is not known is read like one that is", () => {
  expect(patchSchemaOf("apps/v1beta2", "Deployment")).toBe(patchSchemaOf("apps/v1", "Deployment"));
});

test.each([
  ["an object over text", { a: "x" }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ["text over an object", { a: { b: 1 } }, { a: "x" }, { a: "x" }],
  ["null over what is not there", {}, { a: null }, {}],
  ["a list as a whole", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["a patch that is no object", { a: 1 }, [1], [1]],
])("a merge patch puts %s", (_name, before, patch, after) => {
  expect(JSON.parse(JSON.stringify(applyJsonMergePatch(before, patch)))).toEqual(after);
});
