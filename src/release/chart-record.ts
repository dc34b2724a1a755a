import { GoSlice, GoStringer, GoStruct, GoTypedMap } from "../base/go-objects.ts";
import { GoInt, type GoMap, GoObject, type GoValue } from "../base/go-value.ts";
import type { Chart, ChartFile, ChartLock, ChartMetadata, Dependency } from "../chart/types.ts";
import type { Hook } from "../render/types.ts";
import { withoutEmpty } from "./fields.ts";
import type { JsonObject, RecordedHook } from "./types.ts";

const zeroTime = "0001-01-01T00:00:00Z";

/** A chart as Helm marshals it into a record; its subcharts are not in it, and neither is a file's time. */
export function chartRecord(chart: Chart): JsonObject {
  return {
    metadata: metadataRecord(chart.metadata),
    lock: chart.lock ? lockRecord(chart.lock) : null,
    templates: filesRecord(chart.templates),
    values: chart.values.size === 0 ? null : goToJson(chart.values),
    schema: chart.schema ? base64(chart.schema) : null,
    files: filesRecord(chart.files),
  };
}

/** What the user set, as the record's `config`. */
export function configRecord(config: GoMap): JsonObject {
  return mapToJson(config);
}

export function hookRecord(hook: Hook): RecordedHook {
  return {
    name: hook.name,
    kind: hook.kind,
    path: hook.source,
    manifest: hook.content,
    events: hook.events,
    weight: hook.weight,
    deletePolicies: hook.deletePolicies,
    outputLogPolicies: hook.outputLogPolicies,
  };
}

/** Integers beyond 2⁵³ lose digits, as they do when Helm reads a record. */
export function goToJson(value: GoValue): unknown {
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? Number(value) : value;
  if (Array.isArray(value)) return value.map(goToJson);
  if (value instanceof Map) return mapToJson(value);
  if (value instanceof GoInt) return Number(value.value);
  return objectToJson(value);
}

function objectToJson(value: GoObject): unknown {
  if (value instanceof GoSlice) return value.items.map(goToJson);
  if (value instanceof GoTypedMap) return mapToJson(value.entries);
  if (value instanceof GoStruct) return mapToJson(value.fields);
  if (value instanceof GoStringer) return value.goString();
  throw new TypeError(`values hold a ${value.goType}, which has no JSON`);
}

// Object.fromEntries makes `__proto__` an ordinary member.
function mapToJson(map: GoMap): JsonObject {
  return Object.fromEntries(Array.from(map, ([key, member]) => [key, goToJson(member)]));
}

function metadataRecord(metadata: ChartMetadata): JsonObject {
  return withoutEmpty({
    name: metadata.name,
    home: metadata.home,
    sources: metadata.sources,
    version: metadata.version,
    description: metadata.description,
    keywords: metadata.keywords,
    maintainers: metadata.maintainers?.map(({ name, email, url }) => withoutEmpty({ name, email, url })),
    icon: metadata.icon,
    apiVersion: metadata.apiVersion,
    condition: metadata.condition,
    tags: metadata.tags,
    appVersion: metadata.appVersion,
    deprecated: metadata.deprecated,
    annotations: metadata.annotations,
    kubeVersion: metadata.kubeVersion,
    dependencies: metadata.dependencies?.map(dependencyRecord),
    type: metadata.type,
  });
}

function dependencyRecord(dependency: Dependency): JsonObject {
  const { name, version, repository, condition, tags, enabled, alias } = dependency;
  const importValues = dependency["import-values"]?.map((item) => importRecord(item));
  return {
    name,
    ...withoutEmpty({ version }),
    repository: repository ?? "",
    ...withoutEmpty({ condition, tags, enabled, "import-values": importValues, alias }),
  };
}

// Typed `unknown` on the chart: a loader may leave the pairs as Go maps or as plain objects.
function importRecord(item: unknown): unknown {
  return item instanceof Map || item instanceof GoObject ? goToJson(item as GoValue) : item;
}

function lockRecord(lock: ChartLock): JsonObject {
  return {
    generated: lock.generated ?? zeroTime,
    digest: lock.digest ?? "",
    dependencies: lock.dependencies.map(dependencyRecord),
  };
}

function filesRecord(files: ChartFile[]): JsonObject[] | null {
  return files.length === 0 ? null : files.map(({ name, data }) => ({ name, data: base64(data) }));
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}
