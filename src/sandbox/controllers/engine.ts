import type { KubeObject } from "../../kube/types.ts";
import { ApiError } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { equal } from "../json.ts";
import { type DeleteOptions, deleteObject } from "../objects/delete.ts";
import { createObject, updateObject } from "../objects/write.ts";
import { idOf, type StoreEvent } from "../store/store.ts";
import { type Events, recordEvents } from "./events.ts";
import { controllerOf, type Owners, trackOwners } from "./owners.ts";

/** Brings the cluster to what one object asks for. Called again after every change that may matter. */
export type Controller = {
  /** Of the kind it looks after. */
  key: string;
  sync(object: KubeObject, tools: Tools): void;
  /** Which of its objects a change to another kind makes due; what its objects control makes them due anyway. */
  related?(event: StoreEvent, tools: Tools): KubeObject[];
  removed?(object: KubeObject, tools: Tools): void;
};

/** How controllers act. They write as the control plane does, through the same checks as everybody. */
export type Tools = {
  cluster: Cluster;
  owners: Owners;
  events: Events;
  /** Undefined where the server refuses: the reason is recorded as an event of the owner. */
  create(key: string, object: KubeObject, owner: KubeObject): KubeObject | undefined;
  update(object: KubeObject, key: string, change: (live: KubeObject) => KubeObject): KubeObject;
  setStatus(object: KubeObject, key: string, status: unknown): void;
  remove(object: KubeObject, key: string, options?: DeleteOptions): void;
  /** What the object controls of the kind. */
  controlled(object: KubeObject, key: string): KubeObject[];
  /** Looks at the object again after the time; of two times the earlier counts. */
  again(object: KubeObject, key: string, ms: number): void;
};

const manager = "kube-controller-manager";

/** Runs the controllers on every change of the store, one object at a time, until nothing is due. */
export function runControllers(cluster: Cluster, controllers: Controller[]): Tools {
  const due = new Map<string, () => void>();
  const timers = new Map<string, { at: number; cancel: () => void }>();
  let draining = false;
  const byKey = new Map<string, Controller[]>();
  for (const controller of controllers) byKey.set(controller.key, [...(byKey.get(controller.key) ?? []), controller]);

  const enqueue = (controller: Controller, object: KubeObject): void => {
    const { namespace, name } = object.metadata;
    due.set(`${controllers.indexOf(controller)} ${idOf(namespace, name)}`, () => {
      const live = cluster.store.get(controller.key, namespace, name);
      if (live !== undefined) controller.sync(live, tools);
    });
    if (!draining) {
      draining = true;
      cluster.scheduler.soon(drain);
    }
  };
  const drain = (): void => {
    const [next] = due;
    if (next === undefined) {
      draining = false;
      return;
    }
    due.delete(next[0]);
    try {
      next[1]();
    } catch (error) {
      // A controller's mistake must not end the sandbox; the next change tries again.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
    cluster.scheduler.soon(drain);
  };

  const tools = createTools(cluster, (object, key, ms) => {
    const id = `${key} ${idOf(object.metadata.namespace, object.metadata.name)}`;
    const at = cluster.scheduler.now() + ms;
    const known = timers.get(id);
    if (known !== undefined && known.at <= at) return;
    known?.cancel();
    const cancel = cluster.scheduler.after(ms, () => {
      timers.delete(id);
      for (const controller of byKey.get(key) ?? []) enqueue(controller, object);
    });
    timers.set(id, { at, cancel });
  });

  cluster.store.subscribe((event) => {
    const { key, object, type } = event;
    for (const controller of byKey.get(key) ?? []) {
      if (type === "DELETED") controller.removed?.(object, tools);
      else enqueue(controller, object);
    }
    const owner = controllerOf(object);
    if (owner !== undefined) {
      const ownerType = cluster.resources.findKind(owner.apiVersion, owner.kind);
      const live = ownerType && cluster.store.get(ownerType.key, object.metadata.namespace, owner.name);
      if (live !== undefined) for (const controller of byKey.get(ownerType?.key ?? "") ?? []) enqueue(controller, live);
    }
    for (const controller of controllers) {
      for (const related of controller.related?.(event, tools) ?? []) enqueue(controller, related);
    }
  });
  return tools;
}

function createTools(cluster: Cluster, again: Tools["again"]): Tools {
  const owners = trackOwners(cluster.store);
  const events = recordEvents(cluster);
  const targetOf = (object: KubeObject, key: string) => ({
    type: cluster.resources.stored(key),
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  });
  const tools: Tools = {
    cluster,
    owners,
    events,
    create(key, object, owner) {
      const target = { type: cluster.resources.stored(key), namespace: object.metadata.namespace };
      try {
        return createObject(cluster, target, object, { manager, fieldValidation: "Ignore" });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        events.record(owner, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${error.message}` });
        return undefined;
      }
    },
    update: (object, key, change) =>
      updateObject(cluster, targetOf(object, key), change, { manager, fieldValidation: "Ignore" }),
    setStatus(object, key, status) {
      if (equal(object["status"], status)) return;
      const options = { manager, subresource: "status", fieldValidation: "Ignore" } as const;
      updateObject(cluster, targetOf(object, key), (live) => ({ ...live, status }), options);
    },
    remove(object, key, options = {}) {
      if (cluster.store.get(key, object.metadata.namespace, object.metadata.name) === undefined) return;
      deleteObject(cluster, targetOf(object, key), { propagation: "Background", ...options });
    },
    controlled: (object, key) =>
      owners
        .dependents(object.metadata.uid ?? "")
        .filter((dependent) => dependent.key === key && controllerOf(dependent.object)?.uid === object.metadata.uid)
        .map((dependent) => dependent.object),
    again,
  };
  return tools;
}
