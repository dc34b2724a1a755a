export type OpenApiSchema = {
  $ref?: string;
  allOf?: OpenApiSchema[];
  type?: string;
  format?: string;
  items?: OpenApiSchema;
  additionalProperties?: OpenApiSchema | boolean;
  properties?: Record<string, OpenApiSchema>;
  required?: string[];
  enum?: string[];
  default?: unknown;
  "x-kubernetes-list-type"?: string;
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-map-type"?: string;
};

// Types of lists, and of protocols that no chart speaks.
const leftOut = /List$|^(Watch|API|ServerAddress|GroupVersionForDiscovery|Status)/;

/** One line per type: fields as `name type`, joined by `;`. The types are read by src/sandbox/schema/schema.ts. */
export function compactSchemas(schemas: Record<string, OpenApiSchema>): Record<string, string> {
  const names = shortNames(Object.keys(schemas));
  const lines: Record<string, string> = {};
  for (const [longName, schema] of Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = names.get(longName) ?? longName;
    if (leftOut.test(name) && !name.startsWith("APIService")) continue;
    lines[name] = typeLine(schema, schemas, names);
  }
  return lines;
}

/** The last word, or `group/version.Word` where two groups have it. */
function shortNames(longNames: string[]): Map<string, string> {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  const counts = new Map<string, number>();
  for (const name of longNames) counts.set(last(name), (counts.get(last(name)) ?? 0) + 1);
  return new Map(
    longNames.map((name) => {
      if (counts.get(last(name)) === 1) return [name, last(name)];
      const [group = "", version = "", kind = ""] = name.split(".").slice(-3);
      return [name, `${group}/${version}.${kind}`];
    }),
  );
}

function typeLine(schema: OpenApiSchema, all: Record<string, OpenApiSchema>, names: Map<string, string>): string {
  const atomic = schema["x-kubernetes-map-type"] === "atomic" ? "@" : "";
  if (schema.properties === undefined) return scalar(schema);
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const always = required.has(name) || isEmptyObject(field.default) ? "!" : "";
    return `${name}${always} ${typeOf(field, all, names)}`;
  });
  return atomic + fields.join(";");
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function typeOf(schema: OpenApiSchema, all: Record<string, OpenApiSchema>, names: Map<string, string>): string {
  const target = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (target !== undefined) return reference(target.slice(target.lastIndexOf("/") + 1), all, names);
  if (schema.type === "array" && schema.items !== undefined) {
    return `[${typeOf(schema.items, all, names)}]${listKeys(schema, schema.items, all)}`;
  }
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    const atomic = schema["x-kubernetes-map-type"] === "atomic" ? "@" : "";
    return `${atomic}{${typeOf(schema.additionalProperties, all, names)}}`;
  }
  return scalar(schema);
}

function reference(longName: string, all: Record<string, OpenApiSchema>, names: Map<string, string>): string {
  const schema = all[longName];
  if (schema === undefined) return "*";
  return schema.properties === undefined ? scalar(schema) : (names.get(longName) ?? "*");
}

function listKeys(list: OpenApiSchema, items: OpenApiSchema, all: Record<string, OpenApiSchema>): string {
  if (list["x-kubernetes-list-type"] === "set") return "set";
  if (list["x-kubernetes-list-type"] !== "map") return "";
  const target = items.$ref ?? items.allOf?.[0]?.$ref ?? "";
  const properties = all[target.slice(target.lastIndexOf("/") + 1)]?.properties ?? {};
  return (list["x-kubernetes-list-map-keys"] ?? [])
    .map((key) => {
      const fallback = properties[key]?.default;
      return typeof fallback === "string" && fallback !== "" ? `${key}=${fallback}` : key;
    })
    .join(",");
}

function scalar(schema: OpenApiSchema): string {
  if (schema.format === "int-or-string") return "is";
  if (schema.format === "date-time") return "t";
  if (schema.type === "integer") return schema.format === "int64" ? "l" : "i";
  if (schema.type === "string") return schema.enum === undefined ? "s" : `s=${[...schema.enum].sort().join(",")}`;
  return { boolean: "b", number: "n" }[schema.type ?? ""] ?? "*";
}
