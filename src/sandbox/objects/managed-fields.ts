import type { JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { ApiError } from "../api/status.ts";
import { clone, dictsAt, textAt } from "../json.ts";
import type { FieldType } from "../schema/schema.ts";
import { compareFields, statedFields } from "./field-compare.ts";
import { mergeApplied, removeFields } from "./field-merge.ts";
import {
  difference,
  emptySet,
  type FieldSet,
  fieldPaths,
  fromFieldsV1,
  intersection,
  isEmptySet,
  removable,
  toFieldsV1,
  union,
} from "./field-set.ts";

/** Who writes, as managedFields names writers. */
export type Writer = { manager: string; apiVersion: string; subresource: string; time: string };
type Entry = Writer & { operation: "Apply" | "Update"; fields: FieldSet };

/** What identifies an object, and what the server alone writes, has no owner. */
const unowned = fromFieldsV1({
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": Object.fromEntries(
    [
      ".",
      "f:name",
      "f:namespace",
      "f:generateName",
      "f:uid",
      "f:resourceVersion",
      "f:generation",
      "f:creationTimestamp",
      "f:deletionTimestamp",
      "f:deletionGracePeriodSeconds",
      "f:managedFields",
      "f:selfLink",
    ].map((step) => [step, {}]),
  ),
});

function owned(set: FieldSet): FieldSet {
  return difference(set, unowned);
}

/** The managedFields after a write that states its whole result: create, update and the patches that are not apply. */
export function afterUpdate(before: JsonObject, after: KubeObject, type: FieldType, writer: Writer): unknown[] {
  const entries = readEntries(after);
  // A scale shows the owners of the replicas; where there are none, the server doesn't begin to track any.
  const untracked = writer.subresource === "scale" && !entries.some(({ fields }) => ownsReplicas(fields));
  if (untracked) return writeEntries(entries);
  const comparison = compareFields(before, withoutManaged(after), type);
  const changed = owned(comparison.changed);
  const removed = owned(comparison.removed);
  if (isEmptySet(changed) && isEmptySet(removed)) return writeEntries(entries);
  const own = entries.find((entry) => isOf(entry, writer, "Update"));
  const lost = union(changed, removed);
  const others = entries
    .filter((entry) => entry !== own)
    .map((entry) => ({ ...entry, fields: difference(entry.fields, lost) }));
  const fields = difference(union(own?.fields ?? emptySet(), changed), removed);
  return writeEntries([...others, { ...writer, operation: "Update", fields }]);
}

function ownsReplicas(fields: FieldSet): boolean {
  return fields.children.get("f:spec")?.children.has("f:replicas") === true;
}

/** Server-side apply: the merged object with its managedFields. Throws 409 where another manager owns a changed field. */
export function applyObject(
  live: KubeObject | undefined,
  applied: KubeObject,
  type: FieldType,
  options: { writer: Writer; force: boolean },
): KubeObject {
  const { writer, force } = options;
  const entries = live === undefined ? [] : readEntries(live);
  const own = entries.find((entry) => isOf(entry, writer, "Apply"));
  const others = entries.filter((entry) => entry !== own);
  const base: JsonObject = live === undefined ? { metadata: {} } : withoutManaged(live);
  const stated = owned(statedFields(applied, type));
  let merged = mergeApplied(base, applied, type);
  if (own !== undefined) {
    const kept = others.reduce((set, entry) => union(set, entry.fields), stated);
    merged = removeFields(merged, removable(own.fields, kept), type);
  }
  const comparison = compareFields(base, merged, type);
  const changed = owned(comparison.changed);
  const conflicts = others.flatMap((entry) => {
    const fields = intersection(changed, entry.fields);
    return isEmptySet(fields) ? [] : [{ entry, fields }];
  });
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const removed = owned(comparison.removed);
  const left = others.map((entry) => ({ ...entry, fields: difference(difference(entry.fields, changed), removed) }));
  // An apply that changes nothing but who owns what has no time of its own.
  const isSame = isEmptySet(changed) && isEmptySet(removed) && live !== undefined;
  const mine: Entry = { ...writer, operation: "Apply", fields: stated, time: isSame ? (own?.time ?? "") : writer.time };
  const result = merged as KubeObject;
  return { ...result, metadata: { ...result.metadata, managedFields: writeEntries([...left, mine]) } };
}

function conflictError(conflicts: { entry: Entry; fields: FieldSet }[]): ApiError {
  const byManager = conflicts.map(({ entry, fields }) => {
    const via = entry.subresource === "" ? "" : ` with subresource "${entry.subresource}"`;
    const at = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
    return { who: `"${entry.manager}"${via}${at}`, paths: fieldPaths(fields) };
  });
  const causes = byManager
    .flatMap(({ who, paths }) =>
      paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${who}`, field })),
    )
    .sort((a, b) => (a.field < b.field ? -1 : 1));
  const [only] = byManager;
  const texts =
    causes.length === 1 && only !== undefined
      ? [`conflict with ${only.who}: ${only.paths.join("")}`]
      : byManager.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join("\n")}`);
  const count = causes.length === 1 ? "1 conflict" : `${causes.length} conflicts`;
  const message = `Apply failed with ${count}: ${texts.join("\n")}`;
  return new ApiError(409, "Conflict", message, { causes });
}

function isOf(entry: Entry, writer: Writer, operation: Entry["operation"]): boolean {
  return (
    entry.operation === operation &&
    entry.manager === writer.manager &&
    entry.apiVersion === writer.apiVersion &&
    entry.subresource === writer.subresource
  );
}

function withoutManaged(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function readEntries(object: KubeObject): Entry[] {
  return dictsAt(object.metadata, "managedFields").map((entry) => ({
    manager: textAt(entry, "manager"),
    operation: textAt(entry, "operation") === "Apply" ? "Apply" : "Update",
    apiVersion: textAt(entry, "apiVersion"),
    subresource: textAt(entry, "subresource"),
    time: textAt(entry, "time"),
    fields: fromFieldsV1(clone(entry["fieldsV1"])),
  }));
}

// Appliers first, then by time.
function writeEntries(entries: Entry[]): unknown[] {
  return entries
    .filter((entry) => !isEmptySet(entry.fields))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === "" ? {} : { time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(fields),
      ...(subresource === "" ? {} : { subresource }),
    }));
}

function sortKey(entry: Entry): string {
  return [entry.operation, entry.time, entry.manager].join("\0");
}
