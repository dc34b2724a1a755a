import { jsonEqual } from "../../base/json-equal.ts";
import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Step, Writer } from "./types.ts";

/** One entry of `managedFields`, with the set of fields as the server writes it (FieldsV1). */
export type Written = Writer & { fields: JsonObject };

/** Who wrote what of the object, as far as the API server noted it. */
export function writersOf({ metadata }: KubeObject): Written[] {
  return arrayAt(metadata, "managedFields").flatMap((entry) => {
    const manager = stringAt(entry, "manager");
    const fields = objectAt(entry, "fieldsV1");
    if (manager === undefined || fields === undefined) return [];
    const optional = Object.fromEntries(
      ["operation", "subresource", "time"].flatMap((name) => {
        const value = stringAt(entry, name);
        return value ? [[name, value]] : [];
      }),
    );
    return [{ manager, fields, ...optional }];
  });
}

/** Who wrote the field last: of those who own it, or the nearest part around it that is owned as a whole. */
export function ownerOf(writers: readonly Written[], steps: readonly Step[]): Writer | undefined {
  const owners = writers
    .map((writer) => ({ writer, depth: ownedDepth(writer.fields, steps) }))
    .filter(({ depth }) => depth > 0)
    .sort((a, b) => b.depth - a.depth || timeOf(b.writer) - timeOf(a.writer));
  const [first] = owners;
  if (first === undefined) return undefined;
  const { fields: _, ...writer } = first.writer;
  return writer;
}

export function timeOf({ time }: Writer): number {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? 0 : at;
}

// 0 where the field is not the writer's.
function ownedDepth(fields: JsonObject, steps: readonly Step[]): number {
  let node = fields;
  for (const [depth, step] of steps.entries()) {
    const inside = memberSet(node, step);
    if (inside === undefined) return isWhole(node) ? depth : 0;
    node = inside;
  }
  return steps.length;
}

function memberSet(node: JsonObject, { member, item }: Step): JsonObject | undefined {
  if (member !== undefined) return objectAt(node, `f:${member}`);
  const found = Object.entries(node).find(([key]) => selectsItem(key, item));
  return isJsonObject(found?.[1]) ? found[1] : undefined;
}

/** Whether nothing inside is told apart: the field is a scalar, or owned as a whole. */
export function isWhole(node: JsonObject): boolean {
  return Object.keys(node).every((key) => key === ".");
}

/** Whether a step of FieldsV1, `k:{"name":"web"}` or `v:"a"`, means the item. */
export function selectsItem(key: string, item: unknown): boolean {
  if (key.startsWith("v:")) return jsonEqual(parsed(key.slice(2)), item);
  if (!key.startsWith("k:") || !isJsonObject(item)) return false;
  const keys = parsed(key.slice(2));
  // What a manifest leaves out, the server has filled in: the protocol of a port.
  const isSaid = (name: string) => Object.hasOwn(item, name);
  return (
    isJsonObject(keys) &&
    Object.keys(keys).some(isSaid) &&
    Object.entries(keys).every(([name, value]) => !isSaid(name) || jsonEqual(value, item[name]))
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
