import { formatGoFloat } from "../base/go-float.ts";
import { sortedKeys } from "../base/go-string.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";

/** Why a YAML document does not fit the type that it is read into, as Go's JSON decoder says it. */
export class DecodeError extends Error {}

/** Reads one field: gets the YAML value and where it stands (`Metadata.name`), gives what the field holds. */
export type FieldReader<T> = (value: GoValue, path: string) => T;

/**
 * Go's decoding of a document into a struct: names are matched without regard to case, unknown names are passed over,
 * null leaves a field as it is, scalars become text where text is wanted, and anything else fails.
 */
export function decodeStruct<T extends object>(
  value: GoValue,
  typeName: string,
  readers: { readonly [K in keyof T]-?: FieldReader<Exclude<T[K], undefined>> },
): Partial<T> {
  if (value === null) return {};
  if (!(value instanceof Map))
    throw mismatch(value, typeName.toLowerCase() === typeName ? typeName : `value of type ${typeName}`);
  const result: Partial<T> = {};
  const names = Object.keys(readers) as (keyof T & string)[];
  // Of names that differ in capitals alone, Go takes the last in their order.
  for (const key of sortedKeys(value)) {
    const item = value.get(key) ?? null;
    if (item === null) continue;
    const name = names.find((n) => n === key) ?? names.find((n) => n.toLowerCase() === key.toLowerCase());
    if (name !== undefined) result[name] = readers[name](item, `${typeName}.${name}`) as T[typeof name];
  }
  return result;
}

export const text: FieldReader<string> = (value, path) => {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return formatGoFloat(value);
  throw mismatch(value, `Go struct field ${path} of type string`);
};

export const bool: FieldReader<boolean> = (value, path) => {
  if (typeof value === "boolean") return value;
  throw mismatch(value, `Go struct field ${path} of type bool`);
};

export const anyList: FieldReader<GoValue[]> = (value, path) => {
  if (Array.isArray(value)) return value;
  throw mismatch(value, `Go struct field ${path} of type []interface {}`);
};

export const textList: FieldReader<string[]> = (value, path) => {
  if (!Array.isArray(value)) throw mismatch(value, `Go struct field ${path} of type []string`);
  return value.map((item) => (item === null ? "" : text(item, path)));
};

export const textMap: FieldReader<Record<string, string>> = (value, path) => {
  if (!(value instanceof Map)) throw mismatch(value, `Go struct field ${path} of type map[string]string`);
  return Object.fromEntries([...(value as GoMap)].map(([key, item]) => [key, item === null ? "" : text(item, path)]));
};

/** A list of structs; a null item stays, for validation to refuse. */
export function listOf<T>(reader: (value: GoValue) => T): FieldReader<(T | null)[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw mismatch(value, `Go struct field ${path} of type list`);
    return value.map((item) => (item === null ? null : reader(item)));
  };
}

function mismatch(value: GoValue, target: string): DecodeError {
  return new DecodeError(`cannot unmarshal ${jsonKind(value)} into ${target}`);
}

function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}
