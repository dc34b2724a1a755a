import type { Resource, Selection } from "./types.ts";

type Query = Record<string, string | number | boolean | undefined>;

/** The path of one object, or of the list where there is no name; all namespaces where there is none. */
export function resourcePath(resource: Resource, namespace: string | undefined, name?: string): string {
  const { group, version, plural } = resource;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "";
  return `${root}${scope}/${plural}${name === undefined ? "" : `/${segment(name)}`}`;
}

// `..` would be another path to those who normalise it, though no object can be called so.
function segment(text: string): string {
  return /^\.+$/.test(text) ? text.replaceAll(".", "%2E") : encodeURIComponent(text);
}

/** The path with the parameters that are set and not false. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== false && value !== "") parameters.set(key, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

export function selectionQuery({ labels, labelSelector, fieldSelector }: Selection): Query {
  const equalities = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const selectors = labelSelector === undefined ? equalities : [...equalities, labelSelector];
  return { labelSelector: selectors.join(","), fieldSelector };
}

/** As RBAC names it: `deployments.apps`. */
export function resourceName({ group, plural }: Resource): string {
  return group === "" ? plural : `${plural}.${group}`;
}
