import { stringAt } from "../../base/json-path.ts";
import { describeRef, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { deprecationProblem } from "../../lint/object-rules.ts";
import type { Finding, HazardInput } from "./types.ts";

export function findTerminatingNamespace({ namespace, changes }: HazardInput): Finding[] {
  if (namespace === undefined || !changes.some(({ desired }) => desired !== undefined)) return [];
  const isGoing =
    namespace.metadata.deletionTimestamp !== undefined || stringAt(namespace, "status", "phase") === "Terminating";
  if (!isGoing) return [];
  const message = `Namespace ${namespace.metadata.name} is being deleted: the API server takes nothing new in it`;
  return [{ ref: refOf(namespace), field: "status.phase", message }];
}

export function findDeprecated({ changes, version }: HazardInput): Finding[] {
  if (version === undefined) return [];
  return changes.flatMap(({ ref, desired }) => {
    const problem = desired && deprecationProblem(desired, version);
    return problem === undefined ? [] : [{ ref, field: "apiVersion", message: `${describeRef(ref)}: ${problem}` }];
  });
}

/** What Kubernetes did to a version of its API in the end, and what to use in its place; nothing for those that stay. */
export function fateOf(object: KubeObject): string | undefined {
  return deprecationProblem(object, { major: 1, minor: 999 });
}

/** What takes more along than itself when it goes. */
const takesAlong: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "and with it every object of its kind, whoever made it",
  PersistentVolumeClaim: "and, where its volume is not retained, the data on it",
  Namespace: "and everything in it",
};

export function findDeletedData({ changes }: HazardInput): Finding[] {
  return changes.flatMap(({ action, ref }) => {
    const along = Object.hasOwn(takesAlong, ref.kind) ? takesAlong[ref.kind] : undefined;
    if (action !== "delete" || along === undefined) return [];
    return [{ ref, message: `${describeRef(ref)} is no longer in the chart and will be deleted, ${along}` }];
  });
}

/** A Service without an address keeps being one: the server puts back what a patch takes away. */
export function findStillHeadless({ changes }: HazardInput): Finding[] {
  return changes.flatMap(({ ref, action, live, desired }) => {
    if (ref.kind !== "Service" || action === "replace" || desired === undefined) return [];
    const isHeadless = stringAt(live, "spec", "clusterIP") === "None";
    const wantsAddress =
      !stringAt(desired, "spec", "clusterIP") && stringAt(desired, "spec", "type") !== "ExternalName";
    if (!isHeadless || !wantsAddress) return [];
    const message = `${describeRef(ref)} has no address (clusterIP: None), and does not get one by leaving that out of the chart`;
    return [{ ref, field: "spec.clusterIP", message }];
  });
}
