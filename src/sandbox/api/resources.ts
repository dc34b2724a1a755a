import type { Resource } from "../../kube/types.ts";
import generated from "../data/resources.generated.json" with { type: "json" };

export type Subresource = { name: string; verbs: string[]; group?: string; version?: string; kind: string };

/** One kind in one version, as the sandbox serves it. */
export type ResourceType = Resource & {
  singular: string;
  shortNames: string[];
  categories: string[];
  subresources: Subresource[];
  /** Where the store keeps the kind: `group/plural`, shared by all its versions. */
  key: string;
  /** The version that the store keeps. */
  storageVersion: string;
  /** The OpenAPI schema of a kind that a CustomResourceDefinition made. */
  custom?: { schema: unknown; columns: unknown[] };
};

export type Resources = {
  find(group: string, version: string, plural: string): ResourceType | undefined;
  findKind(apiVersion: string, kind: string): ResourceType | undefined;
  /** By store key, in the version that is stored. */
  stored(key: string): ResourceType;
  all(): ResourceType[];
  /** Replaces the versions of one custom kind; an empty list removes it. */
  setCustom(key: string, types: ResourceType[]): void;
};

const verbNames: Record<string, string> = {
  c: "create",
  d: "delete",
  x: "deletecollection",
  g: "get",
  l: "list",
  p: "patch",
  u: "update",
  w: "watch",
};
export const allVerbs = Object.values(verbNames);

// Kinds that two groups or two versions show: the store keeps one of them.
const storedElsewhere: Record<string, string> = { "events.k8s.io/events": "/events" };
const storageVersions: Record<string, string> = { "autoscaling/horizontalpodautoscalers": "v2" };

export function createResources(): Resources {
  const types = new Map<string, ResourceType>();
  for (const [path, line] of Object.entries(generated)) types.set(path, builtIn(path, line));
  const kindIndex = new Map<string, ResourceType>();
  const storedIndex = new Map<string, ResourceType>();
  const reindex = (): void => {
    kindIndex.clear();
    storedIndex.clear();
    for (const type of types.values()) {
      kindIndex.set(`${apiVersionOf(type)}/${type.kind}`, type);
      if (type.version === type.storageVersion) storedIndex.set(type.key, type);
    }
  };
  reindex();
  return {
    find: (group, version, plural) => types.get(`${group}/${version}/${plural}`),
    findKind: (apiVersion, kind) => kindIndex.get(`${apiVersion}/${kind}`),
    stored(key) {
      const found = storedIndex.get(key);
      if (found === undefined) throw new Error(`the sandbox has no kind stored under ${key}`);
      return found;
    },
    all: () => [...types.values()],
    setCustom(key, custom) {
      for (const [path, type] of types) if (type.key === key && type.custom !== undefined) types.delete(path);
      for (const type of custom) types.set(`${type.group}/${type.version}/${type.plural}`, type);
      reindex();
    },
  };
}

export function apiVersionOf(type: Pick<Resource, "group" | "version">): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

// The lines are written by scripts/sandbox-resources.ts, which says what they hold.
function builtIn(path: string, line: string): ResourceType {
  const [group = "", version = "", plural = ""] = path.split("/");
  const [kind = "", singular = "", scope, verbs = "", shortNames = "", categories = "", ...subresources] =
    line.split(" ");
  const own = `${group}/${plural}`;
  return {
    group,
    version,
    kind,
    plural,
    singular,
    namespaced: scope === "N",
    verbs: expandVerbs(verbs),
    shortNames: words(shortNames),
    categories: words(categories),
    subresources: subresources.map((text) => subresource(text, kind)),
    key: storedElsewhere[own] ?? own,
    storageVersion: own in storedElsewhere ? "" : (storageVersions[own] ?? version),
  };
}

function subresource(text: string, parent: string): Subresource {
  const [name = "", verbs = "", kind] = text.split(":");
  if (kind === undefined) return { name, verbs: expandVerbs(verbs), kind: parent };
  const parts = kind.split("/");
  const version = parts.at(-2) ?? "";
  return { name, verbs: expandVerbs(verbs), group: parts.slice(0, -2).join("/"), version, kind: parts.at(-1) ?? "" };
}

function words(text: string): string[] {
  return text === "-" ? [] : text.split(",");
}

function expandVerbs(letters: string): string[] {
  return [...letters].flatMap((letter) => verbNames[letter] ?? []);
}
