import { arrayAt, type JsonObject, objectAt, stringAt, valueAt } from "../../base/json-path.ts";
import { describeRef } from "../../kube/ref.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import { afterOf } from "./compare.ts";
import type { Finding, HazardInput } from "./types.ts";

type Versions = Map<string, JsonObject>;
type Definition = { ref: ObjectRef; live: KubeObject; before: Versions; next: Versions };

const maxFields = 10;

function changedDefinitions({ changes }: HazardInput): Definition[] {
  return changes.flatMap((change) => {
    const after = afterOf(change);
    const isDefinition = change.ref.kind === "CustomResourceDefinition" && change.action !== "nothing";
    if (!isDefinition || change.live === undefined || after === undefined || change.action === "delete") return [];
    return [{ ref: change.ref, live: change.live, before: versionsOf(change.live), next: versionsOf(after) }];
  });
}

function versionsOf(definition: KubeObject): Versions {
  return new Map(
    arrayAt(definition, "spec", "versions").flatMap((version) => {
      const name = stringAt(version, "name");
      return name === undefined ? [] : [[name, version as JsonObject] as const];
    }),
  );
}

/** Versions that objects may still be stored in: the server refuses to lose them. */
export function findStoredVersions(input: HazardInput): Finding[] {
  return changedDefinitions(input).flatMap(({ ref, live, next }) =>
    arrayAt(live, "status", "storedVersions")
      .map(String)
      .filter((version) => !next.has(version))
      .map((version) => ({
        ref,
        field: "spec.versions",
        message: `${describeRef(ref)} loses version ${version}, in which objects are stored (status.storedVersions): the API server refuses that`,
      })),
  );
}

export function findDroppedVersions(input: HazardInput): Finding[] {
  return changedDefinitions(input).flatMap(({ ref, live, before, next }) => {
    const stored = arrayAt(live, "status", "storedVersions").map(String);
    const isServed = (versions: Versions, name: string) => versions.get(name)?.["served"] === true;
    return [...before.keys()]
      .filter((name) => isServed(before, name) && !isServed(next, name))
      .filter((name) => next.has(name) || !stored.includes(name))
      .map((name) => ({
        ref,
        field: "spec.versions",
        message: `${describeRef(ref)} serves version ${name} no longer: whoever asks for it gets an error`,
      }));
  });
}

/** What a version's schema asks for that it did not before, or no longer knows. */
export function findNarrowedSchemas(input: HazardInput): Finding[] {
  return changedDefinitions(input).flatMap(({ ref, before, next }) =>
    [...before].flatMap(([name, version]) => {
      const then = next.get(name);
      if (then === undefined) return [];
      const [old, now] = [version, then].map((one) => objectAt(one, "schema", "openAPIV3Schema"));
      const found = narrowed(old, now, "");
      const more = found.length > maxFields ? ` and ${found.length - maxFields} more` : "";
      return found.length === 0
        ? []
        : [
            {
              ref,
              field: `spec.versions[${name}].schema`,
              message: `${describeRef(ref)}, version ${name}: ${found.slice(0, maxFields).join(", ")}${more}. Present objects may lose data, or be refused`,
            },
          ];
    }),
  );
}

const keepsUnknown = "x-kubernetes-preserve-unknown-fields";

function narrowed(old: unknown, now: unknown, path: string): string[] {
  if (now === undefined || valueAt(now, keepsUnknown) === true) return [];
  const known = objectAt(now, "properties") ?? {};
  const fields = Object.entries(objectAt(old, "properties") ?? {}).flatMap(([name, schema]) => {
    const at = path === "" ? name : `${path}.${name}`;
    return Object.hasOwn(known, name) ? narrowed(schema, known[name], at) : [`${at} is gone`];
  });
  const demanded = arrayAt(now, "required").filter((name) => !arrayAt(old, "required").includes(name));
  const [before, after] = [stringAt(old, "type"), stringAt(now, "type")];
  const place = path || "the object";
  const values = arrayAt(now, "enum");
  const lost = values.length === 0 ? [] : arrayAt(old, "enum").filter((value) => !values.includes(value));
  return [
    ...fields,
    ...(objectAt(old, "items") ? narrowed(valueAt(old, "items"), valueAt(now, "items"), `${path}[]`) : []),
    ...demanded.map((name) => `${path ? `${path}.` : ""}${String(name)} is now required`),
    ...(before !== undefined && after !== undefined && before !== after
      ? [`${place} is ${after}, and was ${before}`]
      : []),
    ...lost.map((value) => `${place} may no longer be ${JSON.stringify(value)}`),
  ];
}
