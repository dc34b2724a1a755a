import { objectAt, stringAt } from "../base/json-path.ts";
import table from "./api-lifecycle.generated.json" with { type: "json" };

type Lifecycle = { deprecated: string; removed?: string; replacement?: string };

const lifecycles: Readonly<Record<string, Readonly<Record<string, Lifecycle>>>> = table;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function objectNameProblem(object: unknown): string | undefined {
  const kind = (stringAt(object, "kind") ?? "").toLowerCase();
  const name = stringAt(object, "metadata", "name") ?? "";
  return isName(kind, name)
    ? undefined
    : `object name does not conform to Kubernetes naming requirements: ${JSON.stringify(name)}`;
}

function isName(kind: string, name: string): boolean {
  if (kind === "certificatesigningrequest") return true;
  if (kind === "service") return name.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);
  if (kind === "namespace") return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
  if (/^(cluster)?role(binding)?$/.test(kind)) return name !== "." && name !== ".." && !/[/%]/.test(name);
  return name.length <= 253 && subdomain.test(name);
}

export type KubeRelease = { major: number; minor: number };

/** In the words of the API server's own warning. */
export function deprecationProblem(object: unknown, release: KubeRelease): string | undefined {
  const found = lifecycleOf(object);
  if (found === undefined || isBefore(release, found.deprecated)) return undefined;
  const { deprecated, removed, replacement } = found;
  const gone = removed === undefined ? "" : `, unavailable in v${removed}+`;
  const instead = replacement === undefined ? "" : `; use ${replacement}`;
  return `${nameOf(object)} is deprecated in v${deprecated}+${gone}${instead}`;
}

/** What the cluster does not serve any more. */
export function removalProblem(object: unknown, release: KubeRelease): string | undefined {
  const found = lifecycleOf(object);
  if (found?.removed === undefined || isBefore(release, found.removed)) return undefined;
  return `${nameOf(object)} is not there in Kubernetes ${release.major}.${release.minor}: it was removed in v${found.removed}`;
}

function nameOf(object: unknown): string {
  return `${stringAt(object, "apiVersion")} ${stringAt(object, "kind")}`;
}

function lifecycleOf(object: unknown): Lifecycle | undefined {
  const version = stringAt(object, "apiVersion") ?? "";
  const kind = stringAt(object, "kind") ?? "";
  const kinds = (Object.hasOwn(lifecycles, version) ? lifecycles[version] : undefined) ?? {};
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  // A list of them goes the way of what it lists.
  const item = kind.endsWith("List") && Object.hasOwn(kinds, kind.slice(0, -4)) ? kinds[kind.slice(0, -4)] : undefined;
  return item?.replacement === undefined ? item : { ...item, replacement: `${item.replacement}List` };
}

function isBefore({ major, minor }: KubeRelease, version: string): boolean {
  const [wantedMajor = 0, wantedMinor = 0] = version.split(".").map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

export function selectorProblem(object: unknown, text: string): string | undefined {
  const kind = stringAt(object, "kind") ?? "";
  if (!["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"].includes(kind)) return undefined;
  if (text.includes("matchLabels") || text.includes("matchExpressions")) return undefined;
  const name = stringAt(object, "metadata", "name") ?? "";
  return `a ${kind} must contain matchLabels or matchExpressions, and ${JSON.stringify(name)} does not`;
}

export function listProblem(object: unknown): string | undefined {
  if (stringAt(object, "kind") !== "List") return undefined;
  const items = (object as { items?: unknown }).items;
  const isIgnored = (item: unknown) =>
    Object.hasOwn(objectAt(item, "metadata", "annotations") ?? {}, "helm.sh/resource-policy");
  return Array.isArray(items) && items.some(isIgnored)
    ? "annotation 'helm.sh/resource-policy' within List objects are ignored"
    : undefined;
}
