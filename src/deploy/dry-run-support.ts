import { objectAt } from "../base/json-path.ts";
import { groupOf } from "../kube/ref.ts";
import type { KubeClient, ObjectRef } from "../kube/types.ts";
import { orNothing } from "./permissions.ts";

/**
 * Tells whether the API of an object knows dry runs: one that does not would carry out in earnest what it is only to try.
 * Kubernetes itself knows them, also of kinds that definitions bring; a server that is registered beside it does where its
 * own description says so, as kubectl judges it. Asked once for each `group/version`.
 */
export function dryRunSupport(kube: KubeClient): (ref: ObjectRef) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>();
  return async ({ apiVersion }) => {
    if (!isForeign(apiVersion)) return true;
    const known = asked.get(apiVersion) ?? knowsDryRuns(kube, apiVersion);
    asked.set(apiVersion, known);
    return await known;
  };
}

// Kubernetes' own groups have no dot, or end in k8s.io; and so do those of its own projects.
function isForeign(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return group.includes(".") && !group.endsWith(".k8s.io");
}

async function knowsDryRuns(kube: KubeClient, apiVersion: string): Promise<boolean> {
  const [group, version] = apiVersion.split("/");
  const path = `/apis/apiregistration.k8s.io/v1/apiservices/${version}.${group}`;
  const registered = await orNothing(kube.raw("GET", path));
  if (objectAt(registered, "spec", "service") === undefined) return true;
  const description = await orNothing(kube.raw("GET", `/openapi/v3/apis/${apiVersion}`));
  return JSON.stringify(description ?? "").includes('"dryRun"');
}
