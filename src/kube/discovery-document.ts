import { arrayAt, stringAt } from "../base/json-path.ts";
import type { Resource } from "./types.ts";

/** One `group/version` as the cluster serves it. */
export type ServedVersion = {
  group: string;
  version: string;
  /** The one that the cluster prefers of its group. */
  preferred: boolean;
  resources: Resource[];
  /** Every kind that is spoken there, also those of subresources such as `Scale`. */
  kinds: string[];
};

export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Reads an APIGroupDiscoveryList: all groups, versions and resources in one document. */
export function readAggregated(document: unknown): ServedVersion[] {
  return arrayAt(document, "items").flatMap((item) => {
    const group = stringAt(item, "metadata", "name") ?? "";
    return arrayAt(item, "versions").map((entry, index) => {
      const version = stringAt(entry, "version") ?? "";
      const listed = arrayAt(entry, "resources");
      const subresources = listed.flatMap((resource) => arrayAt(resource, "subresources"));
      return {
        group,
        version,
        // Versions are listed in the order of preference.
        preferred: index === 0,
        resources: listed.flatMap((resource) => aggregatedResource(resource, group, version)),
        kinds: [...listed, ...subresources].flatMap((each) => stringAt(each, "responseKind", "kind") || []),
      };
    });
  });
}

function aggregatedResource(entry: unknown, group: string, version: string): Resource[] {
  const kind = stringAt(entry, "responseKind", "kind");
  const plural = stringAt(entry, "resource");
  // A resource without a kind only carries subresources.
  if (!kind || !plural) return [];
  const namespaced = stringAt(entry, "scope") === "Namespaced";
  return [{ group, version, kind, plural, namespaced, verbs: strings(arrayAt(entry, "verbs")) }];
}

/** Reads an APIResourceList: what one group and version serves, in the older form. */
export function readResourceList(document: unknown, group: string, version: string): Omit<ServedVersion, "preferred"> {
  const listed = arrayAt(document, "resources");
  const resources = listed.flatMap((entry): Resource[] => {
    const kind = stringAt(entry, "kind");
    const plural = stringAt(entry, "name");
    if (!kind || !plural || plural.includes("/")) return [];
    const namespaced = (entry as { namespaced?: unknown }).namespaced === true;
    return [{ group, version, kind, plural, namespaced, verbs: strings(arrayAt(entry, "verbs")) }];
  });
  return { group, version, resources, kinds: listed.flatMap((entry) => stringAt(entry, "kind") || []) };
}

/** Reads an APIGroupList: the versions of each group, in the older form. */
export function readGroups(document: unknown): { group: string; version: string; preferred: boolean }[] {
  return arrayAt(document, "groups").flatMap((item) => {
    const group = stringAt(item, "name") ?? "";
    const preferred = stringAt(item, "preferredVersion", "version");
    return strings(arrayAt(item, "versions").map((entry) => stringAt(entry, "version"))).map((version) => ({
      group,
      version,
      preferred: version === preferred,
    }));
  });
}

function strings(values: unknown[]): string[] {
  return values.filter((value): value is string => typeof value === "string");
}
