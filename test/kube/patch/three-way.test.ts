import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonEqual } from "../../../src/base/json-equal.ts";
import { isJsonObject, type JsonObject } from "../../../src/base/json-path.ts";
import { isEmptyPatch } from "../../../src/kube/patch/json.ts";
import { type PatchSchema, patchSchemaOf } from "../../../src/kube/patch/schema.ts";
import { applyObjectPatch, createThreeWayPatch, type ThreeStates } from "../../../src/kube/patch/three-way.ts";
import recorded from "./cases.generated.json" with { type: "json" };
import { type PatchCase, patchCase } from "./objects.ts";

const runs = { numRuns: 300 };

function patchOf({ apiVersion, kind, states }: PatchCase) {
  return createThreeWayPatch(apiVersion, kind, states);
}

function applied({ apiVersion, kind, states }: PatchCase): JsonObject {
  const patch = createThreeWayPatch(apiVersion, kind, states);
  return applyObjectPatch(states.live, patch, patchSchemaOf(apiVersion, kind));
}

const variable = (value: string) => ({ name: "A", value });
const twins: Record<string, { ours: unknown[]; theirs: unknown[] }> = {
  "one number, two protocols": {
    ours: [
      { port: 53, protocol: "UDP", name: "dns", targetPort: 53 },
      { port: 53, protocol: "TCP", name: "dns-tcp" },
    ],
    theirs: [{ port: 53, protocol: "UDP", name: "dns", targetPort: 53 }],
  },
  "a variable given twice": { ours: [variable("1"), variable("3")], theirs: [variable("3"), variable("2")] },
  "a variable that is given twice, once": { ours: [variable("1")], theirs: [] },
};

describe("recorded from Kubernetes' own code", () => {
  const cases = recorded as unknown as (PatchCase & {
    name: string;
    expected: { patch: JsonObject; applied: JsonObject };
  })[];
  const alike = cases.filter(({ name, expected }) => !(name in twins) && !leavesDeletions(expected.applied));
  test.each(alike.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    expect(comparable(patchOf(each).patch, each.kind)).toEqual(comparable(each.expected.patch, each.kind));
    expect(comparable(asTyped(applied(each)), each.kind)).toEqual(
      comparable(asTyped(each.expected.applied), each.kind),
    );
  });
});

describe("in an element that the live list lacks, Kubernetes leaves what it was to delete", () => {
  const cases = recorded as unknown as (PatchCase & { name: string; expected: { applied: JsonObject } })[];
  const leaving = cases.filter(({ expected }) => leavesDeletions(expected.applied));
  test("there are such cases", () => expect(leaving.length).toBeGreaterThan(1));
  test.each(leaving.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    expect(comparable(asTyped(applied(each)), each.kind)).toEqual(
      comparable(asTyped(withoutDeletions(each.expected.applied)), each.kind),
    );
  });
});

function leavesDeletions(value: unknown): boolean {
  return JSON.stringify(value).includes('"$patch":"delete"');
}

function withoutDeletions(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.filter((element) => !isJsonObject(element) || element["$patch"] !== "delete");
    return kept.map(withoutDeletions);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutDeletions(member)]));
}

describe("twins, which Kubernetes takes for one another", () => {
  const cases = recorded as unknown as (PatchCase & { name: string; expected: { applied: JsonObject } })[];
  test.each(Object.entries(twins))("%s", (name, { ours, theirs }) => {
    const each = cases.find((one) => one.name === name);
    if (each === undefined) throw new Error(`There is no case ${name}`);
    expect(listOf(applied(each))).toEqual(ours);
    expect(listOf(each.expected.applied)).toEqual(theirs);
  });

  test("the patch holds for the object as it was seen, and for no other", () => {
    const each = cases.find(({ name }) => name === "one number, two protocols") as PatchCase;
    const live = { ...each.states.live, metadata: { name: "web", resourceVersion: "7" } };
    const { patch } = patchOf({ ...each, states: { ...each.states, live } });
    expect(patch).toMatchObject({ metadata: { resourceVersion: "7" } });
  });

  function listOf(object: JsonObject): unknown {
    const { ports, template } = object["spec"] as {
      ports?: unknown;
      template?: { spec: { containers: { env: unknown }[] } };
    };
    return JSON.parse(JSON.stringify(ports ?? template?.spec.containers[0]?.env));
  }
});

// Kubernetes sorts live finalizers before it compares their order, and repeats the selector of every budget.
function comparable(value: unknown, kind: string): unknown {
  const copy = JSON.parse(JSON.stringify(value));
  copy.metadata?.finalizers?.sort();
  delete copy.metadata?.["$setElementOrder/finalizers"];
  if (kind === "PodDisruptionBudget") delete copy.spec?.selector;
  for (const part of ["metadata", "spec"]) if (copy[part] && Object.keys(copy[part]).length === 0) delete copy[part];
  return copy;
}

// The API server reads the result into a type: nulls and directives that are left in it are no fields.
function asTyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTyped);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([key, member]) => member !== null && !key.startsWith("$"));
  return Object.fromEntries(members.map(([key, member]) => [key, asTyped(member)]));
}

describe("laws of three-way patches", () => {
  test("what is asked for is there afterwards", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const schema = patchSchemaOf(each.apiVersion, each.kind);
        expect(contains(applied(each), each.states.modified, schema)).toBe(true);
      }),
      runs,
    );
  });

  test("nothing to do is an empty patch", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const { live } = each.states;
        const patch = patchOf({ ...each, states: { original: live, modified: live, live } });
        expect(isEmptyPatch(patch.patch)).toBe(true);
      }),
      runs,
    );
  });

  test("fields that were asked for and are no longer are deleted", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const result = applied(each);
        for (const path of droppedFields(each.states)) expect(fieldAt(result, path)).toBeUndefined();
      }),
      runs,
    );
  });

  test("fields that nobody asked for stay as they are", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const result = applied(each);
        for (const path of foreignFields(each.states))
          expect(fieldAt(result, path)).toEqual(fieldAt(each.states.live, path));
      }),
      runs,
    );
  });

  test("applied twice is applied once", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const once = applied(each);
        const again = patchOf({ ...each, states: { ...each.states, original: each.states.modified, live: once } });
        const twice = applyObjectPatch(once, again, patchSchemaOf(each.apiVersion, each.kind));
        expect(JSON.parse(JSON.stringify(twice))).toEqual(JSON.parse(JSON.stringify(once)));
      }),
      runs,
    );
  });

  test("the states are not changed", () => {
    fc.assert(
      fc.property(patchCase, (each) => {
        const before = JSON.stringify(each.states);
        applied(each);
        expect(JSON.stringify(each.states)).toBe(before);
      }),
      runs,
    );
  });
});

/** Whether all of `part` is in `whole`; of merged lists by their keys, and of others all. */
function contains(whole: unknown, part: unknown, schema: PatchSchema | undefined): boolean {
  if (!isJsonObject(part) || !isJsonObject(whole)) return jsonEqual(whole, part);
  return Object.entries(part).every(([key, wanted]) => {
    const field = schema?.field(key);
    const found = whole[key];
    const { mergeKey } = field ?? {};
    if (!Array.isArray(wanted) || field?.strategy !== "merge") return contains(found, wanted, field?.schema);
    const list = Array.isArray(found) ? found : [];
    if (mergeKey === undefined) return wanted.every((item) => list.includes(item));
    return wanted.every((item) =>
      list.some((other) => other[mergeKey] === item[mergeKey] && contains(other, item, field.schema)),
    );
  });
}

type Path = [section: string, field: string];
const sections = ["metadata", "spec", "data"];

function fieldsOf(object: JsonObject): Path[] {
  return sections.flatMap((section) =>
    Object.keys((object[section] as JsonObject) ?? {}).map((field): Path => [section, field]),
  );
}

function fieldAt(object: JsonObject, [section, field]: Path): unknown {
  const members = (object[section] ?? {}) as JsonObject;
  return Object.hasOwn(members, field) ? JSON.parse(JSON.stringify(members[field])) : undefined;
}

// A merged list that is no longer asked for loses only what was asked for, if it is a list in both; scalars just go.
function droppedFields({ original, modified }: ThreeStates): Path[] {
  return fieldsOf(original).filter((path) => fieldAt(modified, path) === undefined && path[0] in modified);
}

function foreignFields({ original, modified, live }: ThreeStates): Path[] {
  const isAsked = (path: Path) => [original, modified].some((state) => fieldAt(state, path) !== undefined);
  const isDropped = ([section]: Path) => section in original && !(section in modified);
  return fieldsOf(live).filter((path) => !isAsked(path) && !isDropped(path));
}
