import { GoSlice, GoStruct, GoTypedMap } from "../base/go-objects.ts";
import type { GoMap, GoValue } from "../base/go-value.ts";
import { helmDifferences } from "../base/helm-differences.ts";
import type { HelmVersion } from "../base/helm-version.ts";
import type { Chart, ChartMetadata, Dependency, Maintainer } from "../chart/types.ts";

/** What `.Chart` is in a template: Chart.yaml under the names of Go's fields, and whether it is the top chart. */
export function chartObject(chart: Chart, isRoot: boolean, helm: HelmVersion): GoValue {
  return helmDifferences[helm].chartIsMap ? chartMap(chart.metadata, isRoot) : chartStruct(chart.metadata, isRoot);
}

function chartMap(metadata: ChartMetadata, isRoot: boolean): GoMap {
  const fields = fieldsOf(metadata);
  fields.set("Sources", [...(metadata.sources ?? [])]);
  fields.set("Keywords", [...(metadata.keywords ?? [])]);
  fields.set("Maintainers", (metadata.maintainers ?? []).map(maintainerFields));
  fields.set("Dependencies", (metadata.dependencies ?? []).map(dependencyFields));
  fields.set("IsRoot", isRoot);
  return fields;
}

function chartStruct(metadata: ChartMetadata, isRoot: boolean): GoStruct {
  const fields = fieldsOf(metadata);
  fields.set("IsRoot", isRoot);
  return new GoStruct("struct { chart.Metadata; IsRoot bool }", fields);
}

/** In the order of Helm's struct, which is how it prints. */
function fieldsOf(metadata: ChartMetadata): GoMap {
  const maintainers = (metadata.maintainers ?? []).map((m) => new GoStruct("*chart.Maintainer", maintainerFields(m)));
  const dependencies = (metadata.dependencies ?? []).map((d) => new GoStruct("*chart.Dependency", dependencyStruct(d)));
  return new Map<string, GoValue>([
    ["Name", metadata.name],
    ["Home", metadata.home ?? ""],
    ["Sources", texts(metadata.sources)],
    ["Version", metadata.version],
    ["Description", metadata.description ?? ""],
    ["Keywords", texts(metadata.keywords)],
    ["Maintainers", new GoSlice("[]*chart.Maintainer", maintainers)],
    ["Icon", metadata.icon ?? ""],
    ["APIVersion", metadata.apiVersion],
    ["Condition", metadata.condition ?? ""],
    ["Tags", metadata.tags ?? ""],
    ["AppVersion", metadata.appVersion ?? ""],
    ["Deprecated", metadata.deprecated ?? false],
    ["Annotations", new GoTypedMap("map[string]string", new Map(Object.entries(metadata.annotations ?? {})), "")],
    ["KubeVersion", metadata.kubeVersion ?? ""],
    ["Dependencies", new GoSlice("[]*chart.Dependency", dependencies)],
    ["Type", metadata.type ?? ""],
  ]);
}

function maintainerFields(maintainer: Maintainer): GoMap {
  return new Map([
    ["Name", maintainer.name ?? ""],
    ["Email", maintainer.email ?? ""],
    ["URL", maintainer.url ?? ""],
  ]);
}

function dependencyFields(dependency: Dependency): GoMap {
  const fields = dependencyStruct(dependency);
  fields.set("Tags", [...(dependency.tags ?? [])]);
  return fields;
}

function dependencyStruct(dependency: Dependency): GoMap {
  return new Map<string, GoValue>([
    ["Name", dependency.name],
    ["Version", dependency.version ?? ""],
    ["Repository", dependency.repository ?? ""],
    ["Condition", dependency.condition ?? ""],
    ["Tags", texts(dependency.tags)],
    ["Enabled", dependency.enabled ?? false],
    ["ImportValues", (dependency["import-values"] ?? []) as GoValue[]],
    ["Alias", dependency.alias ?? ""],
  ]);
}

function texts(items: string[] | undefined): GoSlice {
  return new GoSlice("[]string", [...(items ?? [])]);
}
