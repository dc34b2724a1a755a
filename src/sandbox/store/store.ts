import type { KubeObject } from "../../kube/types.ts";
import { canonical } from "../json.ts";

export type StoreEvent = {
  type: "ADDED" | "MODIFIED" | "DELETED";
  /** `group/plural`, as `apps/deployments` or `/pods`. */
  key: string;
  object: KubeObject;
  /** What the object was before a MODIFIED. */
  previous?: KubeObject;
  version: number;
};

/** Keeps every object in one version. What is stored is never changed in place: a write puts a new object. */
export type Store = {
  version(): number;
  get(key: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Sorted by namespace, then name. */
  list(key: string, namespace?: string): KubeObject[];
  keys(): string[];
  put(key: string, object: KubeObject): KubeObject;
  remove(key: string, object: KubeObject): KubeObject;
  /** Events after the version, or undefined where the log no longer reaches back to it. */
  since(version: number): StoreEvent[] | undefined;
  subscribe(listener: (event: StoreEvent) => void): () => void;
};

export function idOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

export function createStore(logSize = 10_000): Store {
  const kinds = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let log: StoreEvent[] = [];
  let forgotten = 0;
  let version = 1;

  const record = (event: StoreEvent): void => {
    log.push(event);
    if (log.length > logSize) {
      forgotten = log[Math.floor(log.length / 2)]?.version ?? forgotten;
      log = log.filter(({ version }) => version > forgotten);
    }
    for (const listener of [...listeners]) listener(event);
  };
  const stamp = (object: KubeObject): KubeObject => {
    version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
  };

  return {
    version: () => version,
    get: (key, namespace, name) => kinds.get(key)?.get(idOf(namespace, name)),
    list(key, namespace) {
      const all = [...(kinds.get(key)?.values() ?? [])];
      const wanted = namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
      return wanted.sort(byIdentity);
    },
    keys: () => [...kinds.keys()],
    put(key, object) {
      const id = idOf(object.metadata.namespace, object.metadata.name);
      const objects = kinds.get(key) ?? new Map<string, KubeObject>();
      kinds.set(key, objects);
      const previous = objects.get(id);
      const stored = stamp(object);
      objects.set(id, stored);
      const event = { key, object: stored, version };
      record(previous === undefined ? { ...event, type: "ADDED" } : { ...event, type: "MODIFIED", previous });
      return stored;
    },
    remove(key, object) {
      kinds.get(key)?.delete(idOf(object.metadata.namespace, object.metadata.name));
      const removed = stamp(object);
      record({ type: "DELETED", key, object: removed, version });
      return removed;
    },
    since(from) {
      return from < forgotten ? undefined : log.filter((event) => event.version > from);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function byIdentity(a: KubeObject, b: KubeObject): number {
  const left = idOf(a.metadata.namespace, a.metadata.name);
  const right = idOf(b.metadata.namespace, b.metadata.name);
  return left < right ? -1 : Number(left > right);
}

/** True where two states differ in more than the server's bookkeeping. */
export function differs(a: KubeObject, b: KubeObject): boolean {
  return canonical(comparable(a)) !== canonical(comparable(b));
}

function comparable(object: KubeObject): unknown {
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}
