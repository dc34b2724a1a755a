import type { KubeObject } from "../../kube/types.ts";
import { ApiError } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { equal } from "../json.ts";
import { type DeleteOptions, deleteObject } from "../objects/delete.ts";
import { createObject, updateObject } from "../objects/write.ts";
import { idOf, type StoreEvent } from "../store/store.ts";
import { type Events, recordEvents } from "./events.ts";
import { controllerOf, type Owners, trackOwners } from "./owners.ts";
import { createQueue } from "./queue.ts";

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
  const queue = createQueue(cluster.scheduler);
  const enqueue = (key: string, object: KubeObject): void => {
    const { namespace, name } = object.metadata;
    controllers.forEach((controller, index) => {
      if (controller.key !== key) return;
      queue.add(`${index} ${idOf(namespace, name)}`, () => {
        const live = cluster.store.get(key, namespace, name);
        if (live !== undefined) controller.sync(live, tools);
      });
    });
  };
  const tools = createTools(cluster, (object, key, ms) => {
    const { namespace, name } = object.metadata;
    queue.addAfter(`${key} ${idOf(namespace, name)}`, ms, () => enqueue(key, object));
  });
  cluster.store.subscribe((event) => {
    const { key, object, type } = event;
    if (type !== "DELETED") enqueue(key, object);
    enqueueOwner(cluster, object, enqueue);
    for (const controller of controllers) {
      if (type === "DELETED" && controller.key === key) controller.removed?.(object, tools);
      for (const related of controller.related?.(event, tools) ?? []) enqueue(controller.key, related);
    }
  });
  return tools;
}

function enqueueOwner(cluster: Cluster, object: KubeObject, enqueue: (key: string, owner: KubeObject) => void): void {
  const owner = controllerOf(object);
  const type = owner && cluster.resources.findKind(owner.apiVersion, owner.kind);
  const live = type && cluster.store.get(type.key, object.metadata.namespace, owner.name);
  if (type !== undefined && live !== undefined) enqueue(type.key, live);
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
