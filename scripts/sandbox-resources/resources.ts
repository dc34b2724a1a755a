type ResponseKind = { group: string; version: string; kind: string };
type DiscoverySubresource = { subresource: string; responseKind?: ResponseKind; verbs: string[] };
type DiscoveryResource = {
  resource: string;
  responseKind: ResponseKind;
  scope: "Cluster" | "Namespaced";
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: DiscoverySubresource[];
};
export type DiscoveryGroup = {
  metadata: { name?: string };
  versions: { version: string; resources: DiscoveryResource[] }[];
};

const verbLetters: Record<string, string> = {
  create: "c",
  delete: "d",
  deletecollection: "x",
  get: "g",
  list: "l",
  patch: "p",
  update: "u",
  watch: "w",
};

/**
 * One line per resource, under `group/version/plural` in the server's order:
 * `Kind singular scope verbs shortNames categories sub:verbs[:group/version/Kind]…`, with `-` for nothing.
 */
export function compactResources(groups: DiscoveryGroup[]): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const group of groups) {
    for (const { version, resources } of group.versions) {
      for (const resource of resources) {
        lines[`${group.metadata.name ?? ""}/${version}/${resource.resource}`] = line(resource);
      }
    }
  }
  return lines;
}

function line(resource: DiscoveryResource): string {
  return [
    resource.responseKind.kind,
    resource.singularResource,
    resource.scope === "Namespaced" ? "N" : "C",
    verbs(resource.verbs),
    resource.shortNames?.join(",") ?? "-",
    resource.categories?.join(",") ?? "-",
    ...(resource.subresources ?? []).map((sub) => subresource(sub, resource.responseKind.kind)),
  ].join(" ");
}

function subresource({ subresource: name, verbs: list, responseKind }: DiscoverySubresource, parent: string): string {
  const text = `${name}:${verbs(list)}`;
  if (responseKind === undefined || responseKind.kind === parent) return text;
  return `${text}:${responseKind.group}/${responseKind.version}/${responseKind.kind}`;
}

function verbs(list: string[]): string {
  return list.map((verb) => verbLetters[verb] ?? "").join("") || "-";
}
