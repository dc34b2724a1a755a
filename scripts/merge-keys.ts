// Writes src/kube/patch/merge-keys.generated.json from a control plane's own OpenAPI document:
//   node scripts/merge-keys.ts [KUBECONFIG]
import { writeFileSync } from "node:fs";
import { arrayAt, type JsonObject, objectAt, stringAt } from "../src/base/json-path.ts";
import { connect } from "../src/kube/connect.ts";

/** A field that leads to, or carries, patch metadata: its type, or with it its strategies and merge key. */
type Field = number | [type: number | null, strategy: string, mergeKey?: string];
type FieldSource = { definition: string | undefined; strategy: string | undefined; mergeKey: string | undefined };

const target = new URL("../src/kube/patch/merge-keys.generated.json", import.meta.url);
const prefix = "#/definitions/";

const kube = await connect(process.argv[2] === undefined ? {} : { kubeconfig: process.argv[2] });
const definitions = objectAt(await kube.raw("GET", "/openapi/v2"), "definitions") ?? {};
const { gitVersion } = await kube.discovery.version();
kube.close();

const fields = new Map(Object.entries(definitions).map(([name, definition]) => [name, fieldsOf(definition)]));
const interesting = interestingDefinitions();
const ids = shareTypes();
const types = [...new Set(ids.values())].sort((a, b) => a - b).map((id) => typeOf(nameOf(id)));
const kinds = kindsOf();
const text = `${JSON.stringify({ kubernetes: gitVersion, types, kinds })}\n`;
writeFileSync(target, text);
console.log(`${types.length} types, ${text.length} bytes, from Kubernetes ${gitVersion}`);

function fieldsOf(definition: unknown): Map<string, FieldSource> {
  const properties = Object.entries(objectAt(definition, "properties") ?? {});
  return new Map(
    properties.map(([name, property]) => [
      name,
      {
        definition: referenceOf(property),
        strategy: stringAt(property, "x-kubernetes-patch-strategy"),
        mergeKey: stringAt(property, "x-kubernetes-patch-merge-key"),
      },
    ]),
  );
}

function referenceOf(property: unknown): string | undefined {
  const reference = stringAt(property, "$ref") ?? stringAt(property, "items", "$ref");
  return reference?.slice(prefix.length);
}

/** The definitions from which some metadata can be reached. */
function interestingDefinitions(): Set<string> {
  const found = new Set<string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [name, members] of fields) {
      const leads = [...members.values()].some(
        (field) => field.strategy || (field.definition && found.has(field.definition)),
      );
      if (leads) found.add(name);
    }
  }
  return found;
}

/** Numbers the types that the kinds need; definitions with the same fields share a number. */
function shareTypes(): Map<string, number> {
  const numbers = new Map<string, number>();
  const byShape = new Map<string, number>();
  const visit = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    for (const { definition } of fields.get(name)?.values() ?? []) {
      if (definition && interesting.has(definition)) visit(definition);
    }
    const shape = JSON.stringify(describe(name, numbers));
    const id = byShape.get(shape) ?? byShape.size;
    byShape.set(shape, id);
    numbers.set(name, id);
    return id;
  };
  for (const name of kindDefinitions()) visit(name);
  return numbers;
}

function describe(name: string, numbers: Map<string, number>): Record<string, Field> {
  const described: [string, Field][] = [];
  for (const [field, { definition, strategy, mergeKey }] of fields.get(name) ?? []) {
    const type = definition && interesting.has(definition) ? (numbers.get(definition) ?? null) : null;
    if (strategy) described.push([field, mergeKey ? [type, strategy, mergeKey] : [type, strategy]]);
    else if (type !== null) described.push([field, type]);
  }
  return Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(id: number): string {
  return [...ids].find(([, number]) => number === id)?.[0] ?? "";
}

function typeOf(name: string): Record<string, Field> {
  return describe(name, ids);
}

/**
 * The kinds that are objects of Kubernetes' own API. Definitions of custom resources are left out: the API server's
 * own type for them can't be merged below `items`, so they are patched as custom resources are.
 */
function kindDefinitions(): string[] {
  return Object.keys(definitions)
    .filter((name) => name.startsWith("io.k8s.api."))
    .filter((name) => fields.get(name)?.get("metadata")?.definition?.endsWith(".meta.v1.ObjectMeta"))
    .filter((name) => versionsOf(name).length > 0)
    .sort();
}

function versionsOf(name: string): JsonObject[] {
  return arrayAt(definitions[name], "x-kubernetes-group-version-kind") as JsonObject[];
}

function kindsOf(): Record<string, Record<string, Record<string, number>>> {
  const groups: Record<string, Record<string, Record<string, number>>> = {};
  for (const name of kindDefinitions()) {
    for (const entry of versionsOf(name)) {
      const [group = "", version = "", kind = ""] = ["group", "version", "kind"].map(
        (key) => stringAt(entry, key) ?? "",
      );
      groups[group] ??= {};
      const kindsOfGroup = groups[group];
      kindsOfGroup[kind] = { ...kindsOfGroup[kind], [version]: ids.get(name) ?? 0 };
    }
  }
  return groups;
}
