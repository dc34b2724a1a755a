import { randomBytes } from "node:crypto";
import { numberAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { Cluster } from "../cluster.ts";
import { textAt } from "../json.ts";
import { createObject, updateObject } from "../objects/write.ts";

export type EventText = { type: "Normal" | "Warning"; reason: string; message: string; component?: string };

/** What happened to an object, as `kubectl describe` shows it. A repeated event is counted, not written again. */
export type Events = { record(about: KubeObject, event: EventText): void };

export function recordEvents(cluster: Cluster): Events {
  const names = new Map<string, string>();
  return {
    record(about, event) {
      const namespace = about.metadata.namespace ?? "default";
      const identity = [about.metadata.uid, event.reason, event.message].join("\0");
      const known = names.get(identity);
      const live = known === undefined ? undefined : cluster.store.get("/events", namespace, known);
      const type = cluster.resources.stored("/events");
      const options = { manager: event.component ?? "kube-controller-manager", fieldValidation: "Ignore" } as const;
      if (live !== undefined) {
        const count = (numberAt(live, "count") ?? 1) + 1;
        const change = (old: KubeObject) => ({ ...old, count, lastTimestamp: cluster.timestamp() });
        updateObject(cluster, { type, namespace, name: live.metadata.name }, change, options);
        return;
      }
      if (cluster.store.get("/namespaces", undefined, namespace)?.metadata.deletionTimestamp !== undefined) return;
      const name = `${about.metadata.name}.${randomBytes(8).toString("hex")}`;
      names.set(identity, name);
      createObject(
        cluster,
        { type, namespace },
        eventObject(about, event, { name, now: cluster.timestamp() }),
        options,
      );
    },
  };
}

function eventObject(about: KubeObject, event: EventText, { name, now }: { name: string; now: string }): KubeObject {
  const { namespace = "default", uid, resourceVersion } = about.metadata;
  const component = event.component ?? "kube-controller-manager";
  const container = event.component === "kubelet" ? textAt(about, "spec", "containers", 0, "name") : "";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      namespace,
      uid,
      resourceVersion,
      ...(container === "" ? {} : { fieldPath: `spec.containers{${container}}` }),
    },
    type: event.type,
    reason: event.reason,
    message: event.message,
    source: component === "kubelet" ? { component, host: "node-1" } : { component },
    reportingComponent: component,
    reportingInstance: component === "kubelet" ? "node-1" : "",
    firstTimestamp: now,
    lastTimestamp: now,
    eventTime: null,
    count: 1,
  };
}
