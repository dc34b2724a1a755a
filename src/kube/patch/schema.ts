import data from "./merge-keys.generated.json" with { type: "json" };

/** What strategic merge needs to know of a type: of which fields the lists are merged, and by which key. */
export type PatchSchema = { readonly field: (name: string) => FieldSchema };

export type FieldSchema = {
  /** Of the field's value, or of its elements where it is a list. */
  schema: PatchSchema;
  /** `merge` for a list whose elements are matched, `replace` for an object that is taken as a whole. */
  strategy: "merge" | "replace" | undefined;
  /** Fields of the live value that the patch does not name are cleared: for unions, of which one member is set. */
  retainKeys: boolean;
  /** Absent for lists of scalars. */
  mergeKey: string | undefined;
};

type FieldData = number | (number | string | null)[];
type TypeData = Readonly<Record<string, FieldData>>;

const types: readonly TypeData[] = data.types;
const groups: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>> = data.kinds;

// A field that Kubernetes does not know: objects are merged, lists are replaced.
const plainField: FieldSchema = {
  schema: { field: () => plainField },
  strategy: undefined,
  retainKeys: false,
  mergeKey: undefined,
};
const schemas = new Map<number, PatchSchema>();

/**
 * The schema of a kind of Kubernetes' own API; `undefined` for every other, which can't be merged strategically. A
 * version that is not known is read like one that is: keys don't change between versions.
 */
export function patchSchemaOf(apiVersion: string, kind: string): PatchSchema | undefined {
  const slash = apiVersion.indexOf("/");
  const group = slash === -1 ? "" : apiVersion.slice(0, slash);
  const versions = own(own(groups, group), kind);
  const type = own(versions, apiVersion.slice(slash + 1)) ?? Object.values(versions ?? {})[0];
  return type === undefined ? undefined : schemaOf(type);
}

function schemaOf(type: number): PatchSchema {
  const known = schemas.get(type);
  if (known) return known;
  const fields = new Map<string, FieldSchema>();
  const schema: PatchSchema = {
    field(name) {
      const found = fields.get(name) ?? fieldOf(own(types[type], name));
      if (found !== plainField) fields.set(name, found);
      return found;
    },
  };
  schemas.set(type, schema);
  return schema;
}

function fieldOf(field: FieldData | undefined): FieldSchema {
  if (field === undefined) return plainField;
  const [type, text, mergeKey] = typeof field === "number" ? [field] : field;
  const strategies = String(text ?? "").split(",");
  const strategy = strategies.find((each) => each === "merge" || each === "replace");
  return {
    schema: typeof type === "number" ? schemaOf(type) : plainField.schema,
    strategy,
    retainKeys: strategies.includes("retainKeys"),
    mergeKey: typeof mergeKey === "string" ? mergeKey : undefined,
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
