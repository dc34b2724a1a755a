import { isJsonObject, stringAt, stringMapAt } from "../json-path.ts";
import { readYamlPlain } from "./read.ts";
import { skim } from "./skim.ts";

/** What tells an object of the cluster from others. A field that is missing or no string reads as `""`. */
export type Head = {
  apiVersion: string;
  kind: string;
  name: string;
  namespace: string;
  /** Those that are strings. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
};

const WANTED: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Reads the head of a manifest, without making values of the rest where the text is simple. Fails as readYaml does on
 * text that is broken anywhere; `undefined` for what is no mapping.
 */
export function readHead(text: string, source?: string): Head | undefined {
  const value = readYamlPlain(skim(text, WANTED) ?? text, source === undefined ? {} : { source });
  return isJsonObject(value) ? headOf(value) : skimmedNothing(text, value);
}

// Of a mapping without any of the wanted keys, no lines are left to read.
function skimmedNothing(text: string, value: unknown): Head | undefined {
  return value === null && skim(text, WANTED) !== undefined ? headOf({}) : undefined;
}

export function headOf(manifest: unknown): Head {
  return {
    apiVersion: stringAt(manifest, "apiVersion") ?? "",
    kind: stringAt(manifest, "kind") ?? "",
    name: stringAt(manifest, "metadata", "name") ?? "",
    namespace: stringAt(manifest, "metadata", "namespace") ?? "",
    labels: stringMapAt(manifest, "metadata", "labels"),
    annotations: stringMapAt(manifest, "metadata", "annotations"),
  };
}
