import { arrayAt, isJsonObject, type JsonObject, numberAt, valueAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { ResourceType } from "../api/resources.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";

type Cell = string | number | boolean;
export type Column = { name: string; wide?: boolean; cell: (object: KubeObject, now: number) => Cell };

const name: Column = { name: "Name", cell: (object) => object.metadata.name };
const age: Column = {
  name: "Age",
  cell: (object, now) => duration(now - Date.parse(object.metadata.creationTimestamp ?? "")),
};

export function columnsOf(type: ResourceType): Column[] {
  if (type.custom !== undefined) return customColumns(type.custom.columns);
  const own = Object.hasOwn(table, type.key) ? table[type.key] : undefined;
  return [name, ...(own ?? []), age];
}

/** As kubectl shortens a duration: two units at most, and one where the first is large. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (!Number.isFinite(seconds)) return "<unknown>";
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return `${minutes}m${seconds % 60 === 0 ? "" : `${seconds % 60}s`}`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

function column(label: string, cell: (object: KubeObject) => unknown): Column {
  return {
    name: label,
    cell: (object) => {
      const value = cell(object);
      return typeof value === "number" || typeof value === "boolean" ? value : String(value ?? "<none>") || "<none>";
    },
  };
}

function count(...path: string[]): (object: KubeObject) => number {
  return (object) => numberAt(object, ...path) ?? 0;
}

const ratio = (a: (object: KubeObject) => number, b: (object: KubeObject) => number) => (object: KubeObject) =>
  `${a(object)}/${b(object)}`;

const table: Record<string, Column[]> = {
  "/pods": [
    column("Ready", podReady),
    column("Status", podStatus),
    column("Restarts", (pod) =>
      dictsAt(pod, "status", "containerStatuses").reduce(
        (sum, status) => sum + (numberAt(status, "restartCount") ?? 0),
        0,
      ),
    ),
  ],
  "/services": [
    column("Type", (service) => textAt(service, "spec", "type")),
    column("Cluster-IP", (service) => textAt(service, "spec", "clusterIP")),
    column("External-IP", externalAddress),
    column("Port(s)", servicePorts),
  ],
  "/namespaces": [column("Status", (namespace) => textAt(namespace, "status", "phase"))],
  "/nodes": [column("Status", () => "Ready"), column("Roles", () => "<none>")],
  "/secrets": [
    column("Type", (secret) => textAt(secret, "type")),
    column("Data", (secret) => Object.keys(dictAt(secret, "data")).length),
  ],
  "/configmaps": [
    column("Data", (map) => Object.keys({ ...dictAt(map, "data"), ...dictAt(map, "binaryData") }).length),
  ],
  "/events": [
    column("Type", (event) => textAt(event, "type")),
    column("Reason", (event) => textAt(event, "reason")),
    column(
      "Object",
      (event) => `${textAt(event, "involvedObject", "kind").toLowerCase()}/${textAt(event, "involvedObject", "name")}`,
    ),
    column("Message", (event) => textAt(event, "message")),
  ],
  "/persistentvolumeclaims": [
    column("Status", (claim) => textAt(claim, "status", "phase")),
    column("Volume", (claim) => textAt(claim, "spec", "volumeName")),
    column("Capacity", (claim) => textAt(claim, "status", "capacity", "storage")),
    column("Access Modes", (claim) => arrayAt(claim, "spec", "accessModes").join(",")),
  ],
  "apps/deployments": [
    column("Ready", ratio(count("status", "readyReplicas"), count("spec", "replicas"))),
    column("Up-to-date", count("status", "updatedReplicas")),
    column("Available", count("status", "availableReplicas")),
  ],
  "apps/replicasets": [
    column("Desired", count("spec", "replicas")),
    column("Current", count("status", "replicas")),
    column("Ready", count("status", "readyReplicas")),
  ],
  "apps/statefulsets": [column("Ready", ratio(count("status", "readyReplicas"), count("spec", "replicas")))],
  "apps/daemonsets": [
    column("Desired", count("status", "desiredNumberScheduled")),
    column("Current", count("status", "currentNumberScheduled")),
    column("Ready", count("status", "numberReady")),
    column("Up-to-date", count("status", "updatedNumberScheduled")),
    column("Available", count("status", "numberAvailable")),
  ],
  "batch/jobs": [
    column("Status", jobStatus),
    column("Completions", ratio(count("status", "succeeded"), count("spec", "completions"))),
  ],
  "batch/cronjobs": [
    column("Schedule", (job) => textAt(job, "spec", "schedule")),
    column("Suspend", (job) => valueAt(job, "spec", "suspend") === true),
  ],
};

function podReady(pod: KubeObject): string {
  const statuses = dictsAt(pod, "status", "containerStatuses");
  const ready = statuses.filter((status) => status["ready"] === true).length;
  return `${ready}/${dictsAt(pod, "spec", "containers").length}`;
}

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const status of dictsAt(pod, "status", "containerStatuses")) {
    const reason = textAt(status, "state", "waiting", "reason") || textAt(status, "state", "terminated", "reason");
    if (reason !== "") return reason;
  }
  return textAt(pod, "status", "phase");
}

function externalAddress(service: KubeObject): string {
  const [ingress] = dictsAt(service, "status", "loadBalancer", "ingress");
  if (ingress !== undefined) return textAt(ingress, "ip") || textAt(ingress, "hostname");
  return textAt(service, "spec", "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

function servicePorts(service: KubeObject): string {
  const ports = dictsAt(service, "spec", "ports").map((port) => {
    const node = port["nodePort"] === undefined ? "" : `:${port["nodePort"]}`;
    return `${port["port"]}${node}/${port["protocol"]}`;
  });
  return ports.join(",");
}

function jobStatus(job: KubeObject): string {
  const done = dictsAt(job, "status", "conditions").find(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
  return done === undefined ? "Running" : textAt(done, "type");
}

function customColumns(columns: unknown[]): Column[] {
  const own = columns.filter(isJsonObject).map((definition: JsonObject) => {
    const path = textAt(definition, "jsonPath")
      .split(/[.[\]]/)
      .filter((part) => part !== "");
    return column(textAt(definition, "name"), (object) => {
      const value = valueAt(object, ...path);
      return typeof value === "object" ? JSON.stringify(value ?? null) : value;
    });
  });
  return own.length === 0 ? [name, age] : [name, ...own.filter((entry) => entry.name !== "Age"), age];
}
