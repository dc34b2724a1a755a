import type { KubeObject } from "../../kube/types.ts";
import { dictAt } from "../json.ts";
import type { Controller, Tools } from "./engine.ts";

const key = "/namespaces";

/** Gives each namespace what every namespace has, and empties it before it goes. */
export const namespaceController: Controller = {
  key,
  sync(namespace, tools) {
    if (namespace.metadata.deletionTimestamp === undefined) furnish(namespace, tools);
    else if (empty(namespace, tools)) finish(namespace, tools);
  },
  // What leaves a namespace that is going may have been the last.
  related({ type, object }, { cluster }) {
    const name = object.metadata.namespace;
    const namespace = type === "DELETED" && name !== undefined ? cluster.store.get(key, undefined, name) : undefined;
    return namespace?.metadata.deletionTimestamp === undefined ? [] : [namespace];
  },
};

function furnish(namespace: KubeObject, tools: Tools): void {
  const { store } = tools.cluster;
  const { name } = namespace.metadata;
  if (store.get("/serviceaccounts", name, "default") === undefined) {
    tools.create(
      "/serviceaccounts",
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } },
      namespace,
    );
  }
  if (store.get("/configmaps", name, "kube-root-ca.crt") === undefined) {
    const annotations = {
      "kubernetes.io/description":
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints.",
    };
    const metadata = { name: "kube-root-ca.crt", namespace: name, annotations };
    tools.create("/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": "" } }, namespace);
  }
}

/** True when nothing is left. */
function empty(namespace: KubeObject, tools: Tools): boolean {
  const { store } = tools.cluster;
  let left = 0;
  for (const kind of store.keys()) {
    for (const object of store.list(kind, namespace.metadata.name)) {
      if (object.metadata.deletionTimestamp === undefined) tools.remove(object, kind);
    }
    left += store.list(kind, namespace.metadata.name).length;
  }
  return left === 0;
}

function finish(namespace: KubeObject, { cluster }: Tools): void {
  if ((namespace.metadata.finalizers ?? []).length > 0) return;
  cluster.store.remove(key, { ...namespace, spec: dictAt({}, "none") });
}
