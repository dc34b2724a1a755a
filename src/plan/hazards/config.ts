import { arrayAt, isJsonObject, stringAt } from "../../base/json-path.ts";
import { describeRef } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Change } from "../types.ts";
import { containersOf, podSpecOf } from "./pods.ts";
import type { Finding, HazardInput } from "./types.ts";

/** How a pod takes a ConfigMap or Secret in: as variables, read once at its start, or as files, which change in time. */
type Use = "variables" | "files";

// The pods of Jobs and CronJobs are new each time.
const restartable = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]);

/** Workloads that go on with what a ConfigMap or Secret said before it changed. */
export function findStaleConfig({ changes }: HazardInput): Finding[] {
  const workloads = changes.filter(({ ref, live }) => restartable.has(ref.kind) && live !== undefined);
  return changes.filter(changesData).flatMap(({ ref }) =>
    workloads
      .filter((workload) => workload.ref.namespace === ref.namespace && !restarts(workload))
      .flatMap((workload) => {
        const uses = usesOf(workload.desired, ref.kind, ref.name);
        if (uses.size === 0) return [];
        const message = `${describeRef(ref)} changes, and ${describeRef(workload.ref)}, which reads it as ${[...uses].join(" and ")}, does not restart: ${effect(uses)}`;
        return [{ ref, field: "data", message }];
      }),
  );
}

function effect(uses: ReadonlySet<Use>): string {
  return uses.has("variables")
    ? "its pods go on with the old values until something restarts them"
    : "its pods see the new files after a while, and read them if they look again";
}

function changesData({ ref, action, operations, live }: Change): boolean {
  if ((ref.kind !== "ConfigMap" && ref.kind !== "Secret") || live === undefined) return false;
  if (action === "replace") return true;
  return operations.some(({ path }) => /^\/(data|binaryData|stringData)(\/|$)/.test(path));
}

function restarts({ action, operations }: Change): boolean {
  if (action === "create" || action === "replace" || action === "delete") return true;
  return operations.some(({ path }) => path === "/spec" || /^\/spec\/template(\/|$)/.test(path));
}

function usesOf(workload: KubeObject | undefined, kind: string, name: string): Set<Use> {
  const spec = podSpecOf(workload);
  const isVariables = containersOf(spec).some(({ container }) =>
    kind === "Secret"
      ? names(arrayAt(container, "env"), ["valueFrom", "secretKeyRef", "name"], name) ||
        names(arrayAt(container, "envFrom"), ["secretRef", "name"], name)
      : names(arrayAt(container, "env"), ["valueFrom", "configMapKeyRef", "name"], name) ||
        names(arrayAt(container, "envFrom"), ["configMapRef", "name"], name),
  );
  const mounted = arrayAt(spec, "volumes").filter((volume) => mounts(volume, kind, name));
  const subPaths = containersOf(spec).some(({ container }) =>
    arrayAt(container, "volumeMounts").some(
      (mount) =>
        (stringAt(mount, "subPath") !== undefined || stringAt(mount, "subPathExpr") !== undefined) &&
        mounted.some((volume) => stringAt(volume, "name") === stringAt(mount, "name")),
    ),
  );
  return new Set<Use>([
    // Of a volume of which a part is mounted, pods keep what they started with, as of variables.
    ...(isVariables || subPaths ? (["variables"] as const) : []),
    ...(mounted.length > 0 ? (["files"] as const) : []),
  ]);
}

function names(list: readonly unknown[], path: readonly string[], name: string): boolean {
  return list.some((entry) => stringAt(entry, ...path) === name);
}

function mounts(volume: unknown, kind: string, name: string): boolean {
  if (!isJsonObject(volume)) return false;
  const direct = kind === "Secret" ? ["secret", "secretName"] : ["configMap", "name"];
  const projected = [kind === "Secret" ? "secret" : "configMap", "name"];
  return stringAt(volume, ...direct) === name || names(arrayAt(volume, "projected", "sources"), projected, name);
}
