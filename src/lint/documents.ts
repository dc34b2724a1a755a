import { isJsonObject } from "../base/json-path.ts";
import { readYamlPlain } from "../base/yaml/read.ts";
import { splitDocuments } from "../chart/read-values.ts";
import { textOf } from "./message.ts";

export type LintDocument = { object: unknown } | { problem: string };

/** The objects of a rendered file as Helm's linter reads them: nothing behind the first that can't be read. */
export function* documentsOf(text: string, source: string): Generator<LintDocument> {
  try {
    for (const { body, line } of splitDocuments(text, source)) {
      const object = asObject(readYamlPlain("\n".repeat(line - 1) + body, { source }));
      if (object !== null) yield { object };
    }
  } catch (error) {
    yield { problem: `unable to parse YAML: ${textOf(error)}` };
  }
}

/** With the texts that it is known by as texts: numbers there are read as such. */
function asObject(object: unknown): unknown {
  if (object === null) return null;
  if (!isJsonObject(object)) throw new Error("the document is not a map");
  const metadata = object["metadata"] ?? {};
  if (!isJsonObject(metadata)) throw new Error("metadata is not a map");
  return {
    ...object,
    ...texts(object, ["apiVersion", "kind"]),
    metadata: { ...metadata, ...texts(metadata, ["name", "namespace"]) },
  };
}

function texts(object: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = object[name];
    if (value === undefined || value === null) continue;
    if (typeof value === "object") throw new Error(`${name} is not a text`);
    found[name] = String(value);
  }
  return found;
}
