import { GoStruct } from "../base/go-objects.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import type { ChartLock, ChartMetadata, Dependency, Maintainer } from "./types.ts";

type Field = [name: string, value: unknown];

/** Chart.yaml as Helm's own type, which decides the order of its fields and which of them are left out. */
export function metadataStruct(metadata: ChartMetadata): GoStruct {
  const { dependencies, maintainers } = metadata;
  return structOf("Metadata", [
    ["name", metadata.name],
    ["home", metadata.home],
    ["sources", metadata.sources],
    ["version", metadata.version],
    ["description", metadata.description],
    ["keywords", metadata.keywords],
    ["maintainers", maintainers?.map(maintainerStruct)],
    ["icon", metadata.icon],
    ["apiVersion", metadata.apiVersion],
    ["condition", metadata.condition],
    ["tags", metadata.tags],
    ["appVersion", metadata.appVersion],
    ["deprecated", metadata.deprecated],
    ["annotations", annotationsOf(metadata)],
    ["kubeVersion", metadata.kubeVersion],
    ["dependencies", dependencies?.map(dependencyStruct)],
    ["type", metadata.type],
  ]);
}

export function dependencyStruct(dependency: Dependency): GoStruct {
  const { name, version, repository, condition, tags, enabled, alias } = dependency;
  const { fields } = structOf("Dependency", [
    ["condition", condition],
    ["tags", tags],
    ["enabled", enabled],
    ["import-values", dependency["import-values"]],
    ["alias", alias],
  ]);
  // The name and the repository are written even where they are empty.
  const ordered: GoMap = new Map<string, GoValue>([["name", name]]);
  if (version) ordered.set("version", version);
  ordered.set("repository", repository ?? "");
  for (const [key, value] of fields) ordered.set(key, value);
  return new GoStruct("Dependency", ordered);
}

export function lockStruct({ generated, digest, dependencies }: ChartLock): GoStruct {
  const fields: GoMap = new Map<string, GoValue>([
    ["generated", generated ?? "0001-01-01T00:00:00Z"],
    ["digest", digest ?? ""],
    ["dependencies", dependencies.map(dependencyStruct)],
  ]);
  return new GoStruct("Lock", fields);
}

function maintainerStruct({ name, email, url }: Maintainer): GoStruct {
  return structOf("Maintainer", [
    ["name", name],
    ["email", email],
    ["url", url],
  ]);
}

function annotationsOf({ annotations }: ChartMetadata): GoMap | undefined {
  return annotations === undefined ? undefined : new Map(Object.entries(annotations));
}

/** Without the fields that hold nothing. */
function structOf(type: string, fields: readonly Field[]): GoStruct {
  return new GoStruct(type, new Map(fields.filter(([, value]) => !isEmpty(value)) as [string, GoValue][]));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return value instanceof Map && value.size === 0;
}
