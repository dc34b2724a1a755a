import { arrayAt, booleanAt, stringAt } from "../base/json-path.ts";
import { describeRef, groupOf, refOf } from "../kube/ref.ts";
import type { Discovery, KubeObject, Resource } from "../kube/types.ts";
import type { ManifestObject } from "../plan/planner.ts";
import type { DeployEvent } from "./events.ts";
import { inNamespace, type Scope } from "./objects.ts";

// The groups that kinds have moved to, by their old group and kind.
const movedTo: { [old: string]: string } = {
  "extensions/DaemonSet": "apps",
  "extensions/Deployment": "apps",
  "extensions/Ingress": "networking.k8s.io",
  "extensions/NetworkPolicy": "networking.k8s.io",
  "extensions/ReplicaSet": "apps",
};

/**
 * The objects of a manifest of the past, in their namespaces. A kind that the cluster no longer serves in that version
 * gets the version that it serves, also in the group that the kind has moved to; where there is none, it is left out
 * and told by `onMissing`.
 */
export async function locateRecorded(
  objects: readonly ManifestObject[],
  scope: Scope,
  onMissing: (object: KubeObject) => void,
): Promise<ManifestObject[]> {
  const definitions = objects.map(({ object }) => object).filter(({ kind }) => kind === "CustomResourceDefinition");
  const located: ManifestObject[] = [];
  for (const entry of objects) {
    const { object } = entry;
    const coming = scope.coming.get(`${groupOf(object.apiVersion)}/${object.kind}`);
    const served = await servedOf(object, scope.discovery);
    if (coming && definitions.some((definition) => serves(definition, object))) {
      located.push(inNamespace(entry, coming.namespaced, scope.namespace));
    } else if (served) {
      const { group, version, namespaced } = served;
      const apiVersion = group === "" ? version : `${group}/${version}`;
      located.push(inNamespace({ ...entry, object: { ...object, apiVersion } }, namespaced, scope.namespace));
    } else {
      onMissing(object);
    }
  }
  return located;
}

/** Says of an object of a revision that nobody can do anything about it. */
export function tellMissing(emit: (event: DeployEvent) => void, revision: number): (object: KubeObject) => void {
  return (object) =>
    emit({
      type: "warning",
      message: `${describeRef(refOf(object))} of revision ${revision} is of a kind that the cluster no longer serves (${object.apiVersion}); it is left out`,
    });
}

/** How the cluster serves the object's kind: in its own version, in another, or in the group that it has moved to. */
export async function servedOf(
  { apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">,
  discovery: Discovery,
  options?: { again?: boolean },
): Promise<Resource | undefined> {
  const found = await discovery.find(apiVersion, kind, options);
  if (found !== undefined) return found;
  const group = groupOf(apiVersion);
  const groups = [group, movedTo[`${group}/${kind}`]];
  return (await discovery.resources()).find((resource) => resource.kind === kind && groups.includes(resource.group));
}

function serves(definition: KubeObject, { apiVersion, kind }: KubeObject): boolean {
  if (stringAt(definition, "spec", "names", "kind") !== kind) return false;
  if (stringAt(definition, "spec", "group") !== groupOf(apiVersion)) return false;
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  return servedVersions(definition).includes(version);
}

function servedVersions(definition: KubeObject): (string | undefined)[] {
  return arrayAt(definition, "spec", "versions")
    .filter((version) => booleanAt(version, "served") === true)
    .map((version) => stringAt(version, "name"));
}
