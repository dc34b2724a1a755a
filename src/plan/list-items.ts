import { isJsonObject } from "../base/json-path.ts";
import { type PatchSchema, patchSchemaOf } from "../kube/patch/schema.ts";
import type { KubeObject } from "../kube/types.ts";

const plainSchema: PatchSchema = {
  field: () => ({ schema: plainSchema, strategy: undefined, retainKeys: false, mergeKey: undefined }),
};

/** What is known of an object's fields; of a custom kind, nothing. */
export function schemaOf({ apiVersion, kind }: KubeObject): PatchSchema {
  return patchSchemaOf(apiVersion, kind) ?? plainSchema;
}

/** The name of a list's item, `web` or `8080/TCP`. */
export type ItemName = (item: unknown) => string | undefined;

/**
 * What tells the items of these lists apart: the key by which Kubernetes merges them, that with the protocol, or a name.
 * `undefined` where none of them does.
 */
export function itemNames(
  mergeKey: string | undefined,
  ...lists: readonly (readonly unknown[])[]
): ItemName | undefined {
  const keys = mergeKey === undefined ? [["name"]] : [[mergeKey], [mergeKey, "protocol"], ["name"]];
  return keys.map(nameBy).find((name) => lists.every((items) => areDistinct(items.map(name))));
}

function nameBy(keys: readonly string[]): ItemName {
  return (item) => {
    if (!isJsonObject(item)) return undefined;
    const parts = keys.map((key) => (Object.hasOwn(item, key) ? item[key] : undefined));
    return parts.every((part) => typeof part === "string" || typeof part === "number") ? parts.join("/") : undefined;
  };
}

function areDistinct(names: readonly (string | undefined)[]): boolean {
  return !names.includes(undefined) && new Set(names).size === names.length;
}

/** `spec.containers[web].image`, `metadata.annotations["example.com/a"]`; items of lists come as `[web]`. */
export function pathText(path: readonly string[]): string {
  const steps = path.map((step) => {
    if (step.startsWith("[")) return step;
    return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join("").replace(/^\./, "");
}
