import { GoSlice, GoStruct, GoTypedMap, NilTexts, nilList, TaggedStruct } from "../base/go-objects.ts";
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
  return new ChartStruct(new TaggedStruct("chart.Metadata", fieldsOf(metadata), metadataTags), isRoot);
}

/** Embeds the metadata: its fields count as the struct's own, too. */
class ChartStruct extends GoStruct {
  readonly #metadata: GoStruct;
  readonly #isRoot: boolean;

  constructor(metadata: GoStruct, isRoot: boolean) {
    super(
      "struct { chart.Metadata; IsRoot bool }",
      new Map<string, GoValue>([
        ["Metadata", metadata],
        ["IsRoot", isRoot],
      ]),
    );
    this.#metadata = metadata;
    this.#isRoot = isRoot;
  }

  override field(name: string): GoValue | undefined {
    return super.field(name) ?? this.#metadata.field(name);
  }

  override jsonFields(): GoMap {
    return this.#metadata.jsonFields().set("IsRoot", this.#isRoot);
  }

  override copy(): GoStruct {
    return this;
  }
}

const metadataTags = {
  Name: "name?",
  Home: "home?",
  Sources: "sources?",
  Version: "version?",
  Description: "description?",
  Keywords: "keywords?",
  Maintainers: "maintainers?",
  Icon: "icon?",
  APIVersion: "apiVersion?",
  Condition: "condition?",
  Tags: "tags?",
  AppVersion: "appVersion?",
  Deprecated: "deprecated?",
  Annotations: "annotations?",
  KubeVersion: "kubeVersion?",
  Dependencies: "dependencies?",
  Type: "type?",
} as const;

const maintainerTags = { Name: "name?", Email: "email?", URL: "url?" } as const;

const dependencyTags = {
  Name: "name",
  Version: "version?",
  Repository: "repository",
  Condition: "condition?",
  Tags: "tags?",
  Enabled: "enabled?",
  ImportValues: "import-values?",
  Alias: "alias?",
} as const;

/** In the order of Helm's struct, which is how it prints. */
function fieldsOf(metadata: ChartMetadata): GoMap {
  const maintainers = metadata.maintainers?.map(
    (m) => new TaggedStruct("*chart.Maintainer", maintainerFields(m), maintainerTags),
  );
  const dependencies = metadata.dependencies?.map(
    (d) => new TaggedStruct("*chart.Dependency", dependencyStruct(d), dependencyTags),
  );
  return new Map<string, GoValue>([
    ["Name", metadata.name],
    ["Home", metadata.home ?? ""],
    ["Sources", texts(metadata.sources)],
    ["Version", metadata.version],
    ["Description", metadata.description ?? ""],
    ["Keywords", texts(metadata.keywords)],
    ["Maintainers", new GoSlice("[]*chart.Maintainer", maintainers ?? nilList)],
    ["Icon", metadata.icon ?? ""],
    ["APIVersion", metadata.apiVersion],
    ["Condition", metadata.condition ?? ""],
    ["Tags", metadata.tags ?? ""],
    ["AppVersion", metadata.appVersion ?? ""],
    ["Deprecated", metadata.deprecated ?? false],
    ["Annotations", annotationsOf(metadata)],
    ["KubeVersion", metadata.kubeVersion ?? ""],
    ["Dependencies", new GoSlice("[]*chart.Dependency", dependencies ?? nilList)],
    ["Type", metadata.type ?? ""],
  ]);
}

function annotationsOf({ annotations }: ChartMetadata): GoTypedMap {
  if (annotations === undefined) return new NilTexts();
  return new GoTypedMap("map[string]string", new Map(Object.entries(annotations)), "");
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
  return new GoSlice("[]string", items === undefined ? nilList : [...items]);
}
