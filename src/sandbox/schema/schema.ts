import type { ResourceType } from "../api/resources.ts";
import { apiVersionOf } from "../api/resources.ts";
import generated from "../data/schemas.generated.json" with { type: "json" };

/** One field's type, as far as the API machinery treats types differently. */
export type FieldType =
  | { is: "any" }
  | {
      is: "scalar";
      type: "string" | "int32" | "int64" | "number" | "boolean" | "time" | "intOrString";
      values?: string[];
    }
  | { is: "list"; item: FieldType; keys?: ListKey[]; set?: boolean }
  | { is: "map"; value: FieldType; atomic: boolean }
  | StructType;
export type ListKey = { name: string; fallback?: string };
export type StructType = {
  is: "struct";
  name: string;
  atomic: boolean;
  /** True where fields that the type doesn't name are kept. */
  open: boolean;
  fields(): ReadonlyMap<string, Field>;
};
/** `always`: the server shows the field even when it is empty. */
export type Field = { type: FieldType; always: boolean };

export const anyType: FieldType = { is: "any" };
const lines: Record<string, string> = generated;
const structs = new Map<string, StructType>();

export function builtInType(type: ResourceType): FieldType {
  const exact = `${apiVersionOf(type)}.${type.kind}`;
  return struct(lines[exact] === undefined ? type.kind : exact);
}

// Each type is parsed when it is first met: most runs meet a tenth of them.
export function struct(name: string): FieldType {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const line = Object.hasOwn(lines, name) ? lines[name] : undefined;
  if (line === undefined || line === "*") return anyType;
  if (!/[ ;@]/.test(line)) return parseType(line);
  const atomic = line.startsWith("@");
  let fields: Map<string, Field> | undefined;
  const made: StructType = {
    is: "struct",
    name,
    atomic,
    open: false,
    fields() {
      fields ??= parseFields(atomic ? line.slice(1) : line);
      return fields;
    },
  };
  structs.set(name, made);
  return made;
}

function parseFields(line: string): Map<string, Field> {
  return new Map(
    line.split(";").map((text) => {
      const space = text.indexOf(" ");
      const always = text[space - 1] === "!";
      return [text.slice(0, always ? space - 1 : space), { type: parseType(text.slice(space + 1)), always }];
    }),
  );
}

const scalars: Record<string, FieldType> = {
  s: { is: "scalar", type: "string" },
  i: { is: "scalar", type: "int32" },
  l: { is: "scalar", type: "int64" },
  n: { is: "scalar", type: "number" },
  b: { is: "scalar", type: "boolean" },
  t: { is: "scalar", type: "time" },
  is: { is: "scalar", type: "intOrString" },
  "*": anyType,
};

function parseType(text: string): FieldType {
  const scalar = Object.hasOwn(scalars, text) ? scalars[text] : undefined;
  if (scalar !== undefined) return scalar;
  if (text.startsWith("s=")) return { is: "scalar", type: "string", values: text.slice(2).split(",") };
  if (text.startsWith("@{")) return { is: "map", value: parseType(text.slice(2, -1)), atomic: true };
  if (text.startsWith("{")) return { is: "map", value: parseType(text.slice(1, -1)), atomic: false };
  if (!text.startsWith("[")) return struct(text);
  const end = text.lastIndexOf("]");
  const item = parseType(text.slice(1, end));
  const keys = text.slice(end + 1);
  if (keys === "") return { is: "list", item };
  return keys === "set" ? { is: "list", item, set: true } : { is: "list", item, keys: keys.split(",").map(listKey) };
}

function listKey(text: string): ListKey {
  const [name = "", fallback] = text.split("=");
  return fallback === undefined ? { name } : { name, fallback };
}
