import { apiVersionOf, type ResourceType, type Subresource } from "../api/resources.ts";

/** Types by `group/version`, the preferred version of a group first. */
export function byVersion(types: ResourceType[]): Map<string, ResourceType[]> {
  const versions = new Map<string, ResourceType[]>();
  for (const type of types) {
    const apiVersion = apiVersionOf(type);
    const known = versions.get(apiVersion);
    if (known === undefined) versions.set(apiVersion, [type]);
    else known.push(type);
  }
  return new Map([...versions].sort(([a], [b]) => compareVersions(a, b)));
}

/** v2 before v1, v1 before v1beta1, within one group; groups stay in their order. */
function compareVersions(a: string, b: string): number {
  const [groupA, groupB] = [a, b].map((text) => text.split("/").slice(0, -1).join("/"));
  return groupA === groupB ? rank(b) - rank(a) : 0;
}

function rank(apiVersion: string): number {
  const parts = /v(\d+)(alpha|beta)?(\d+)?$/.exec(apiVersion);
  if (parts === null) return -1;
  const stage = { alpha: 1, beta: 2 }[parts[2] ?? ""] ?? 3;
  return stage * 1_000_000 + Number(parts[1]) * 1000 + Number(parts[3] ?? 0);
}

export function groupNames(types: ResourceType[]): string[] {
  return [...new Set(types.map((type) => type.group))];
}

export function resourceList(types: ResourceType[], groupVersion: string): unknown {
  const own = types.filter((type) => apiVersionOf(type) === groupVersion);
  if (own.length === 0) return undefined;
  const resources = own.flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.verbs,
      ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
      ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    },
    ...type.subresources.map((subresource) => ({
      name: `${type.plural}/${subresource.name}`,
      singularName: "",
      namespaced: type.namespaced,
      ...(subresource.version === undefined ? {} : { group: subresource.group, version: subresource.version }),
      kind: subresource.kind,
      verbs: subresource.verbs,
    })),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

/** Everything in one document, as apidiscovery.k8s.io/v2 has it. */
export function aggregated(types: ResourceType[]): unknown {
  const items = groupNames(types).map((name) => ({
    metadata: name === "" ? {} : { name },
    versions: [...byVersion(types.filter((type) => type.group === name)).values()].map((own) => ({
      version: own[0]?.version,
      resources: own.map(aggregatedResource),
      freshness: "Current",
    })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function aggregatedResource(type: ResourceType): unknown {
  return {
    resource: type.plural,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    ...(type.subresources.length > 0
      ? { subresources: type.subresources.map((subresource) => aggregatedSubresource(subresource, type)) }
      : {}),
  };
}

function aggregatedSubresource({ name, kind, group, version, verbs }: Subresource, type: ResourceType): unknown {
  return {
    subresource: name,
    responseKind: { group: group ?? type.group, version: version ?? type.version, kind },
    verbs,
  };
}
