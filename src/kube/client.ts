import { hasCode, SlipwayError } from "../base/error.ts";
import { stringAt } from "../base/json-path.ts";
import type { Connection } from "./connection.ts";
import { createDiscovery } from "./discovery.ts";
import type { Subject } from "./failure.ts";
import { listAll } from "./list.ts";
import { tailLogs } from "./logs.ts";
import { resourceName, resourcePath, withQuery } from "./paths.ts";
import { createTransport, type Transport, type TransportOptions } from "./transport.ts";
import {
  type Deleted,
  type DeleteOptions,
  type Discovery,
  type KubeClient,
  type KubeObject,
  type ObjectRef,
  patchTypes,
  type Resource,
  type WriteOptions,
} from "./types.ts";
import { type WatchOptions, watchEvents } from "./watch.ts";

export type ClientOptions = TransportOptions & { watch?: WatchOptions };

/** Where an object or a list lies, and how to speak of it. */
export type Target = { path: string; subject: Subject };

/** Opens nothing yet: the first request connects. */
export function createKubeClient(connection: Connection, options: ClientOptions = {}): KubeClient {
  const transport = createTransport(connection, options);
  const discovery = createDiscovery(transport.json);
  const defaultNamespace = connection.namespace;

  async function objectAt(verb: string, ref: ObjectRef): Promise<Target> {
    const resource = await resourceOf(discovery, ref.apiVersion, ref.kind);
    if (!ref.name && verb !== "create") throw nameless(verb, resource);
    const namespace = resource.namespaced ? (ref.namespace ?? defaultNamespace) : undefined;
    return {
      path: resourcePath(resource, namespace, ref.name),
      subject: subjectOf(verb, resource, { namespace, name: ref.name }),
    };
  }

  async function listAt(verb: string, apiVersion: string, kind: string, namespace?: string): Promise<Target> {
    const resource = await resourceOf(discovery, apiVersion, kind);
    const scope = resource.namespaced ? namespace : undefined;
    return { path: resourcePath(resource, scope), subject: subjectOf(verb, resource, { namespace: scope }) };
  }

  return {
    discovery,
    defaultNamespace,
    server: transport.server,

    async get(ref, { signal } = {}) {
      try {
        return asObject(
          await transport.json({ method: "GET", ...(await objectAt("get", ref)), repeatable: true, signal }),
        );
      } catch (error) {
        if (hasCode(error, "KUBE_NOT_FOUND")) return undefined;
        throw error;
      }
    },

    async list(apiVersion, kind, selection = {}, { signal } = {}) {
      const target = await listAt("list", apiVersion, kind, selection.namespace);
      return listAll({ transport, target, apiVersion, kind, selection, signal });
    },

    create: async (object, write = {}) => asObject(await sendCreate(transport, objectAt, object, write)),

    async replace(object, write = {}) {
      const { path, subject } = await objectAt("update", refOf(object));
      const repeatable = object.metadata.resourceVersion !== undefined;
      return asObject(
        await transport.json({ method: "PUT", ...writing(path, write), subject, body: object, repeatable }),
      );
    },

    async patch(ref, type, body, { force, ...write } = {}) {
      const { path, subject } = await objectAt("patch", ref);
      // A JSON patch may add the same list member twice; the others say how things shall be.
      const repeatable = type !== "json";
      const target = writing(withQuery(path, { force }), write);
      const request = { method: "PATCH", contentType: patchTypes[type], body, subject, repeatable, ...target } as const;
      return asObject(await transport.json(request));
    },

    delete: async (ref, remove = {}) => sendDelete(transport, await objectAt("delete", ref), remove),

    async *watch(apiVersion, kind, selection, signal) {
      const target = await listAt("watch", apiVersion, kind, selection.namespace);
      yield* watchEvents({ transport, target, selection, signal }, options.watch);
    },

    logs: async (pod, which) => tailLogs(transport, await objectAt("get", pod), which),

    async raw(method, path, body) {
      const subject = { verb: method === "GET" ? "get" : "post to", resource: path };
      return decodeAny(await transport.text({ method, path, subject, body, repeatable: method === "GET" }));
    },

    close: () => transport.close(),
  };
}

// Without a name a path means every object of the kind.
function nameless(verb: string, resource: Resource): SlipwayError {
  return new SlipwayError("KUBE_INVALID", `Cannot ${verb} an object of ${resourceName(resource)} that has no name`, {
    hint: "Give it a metadata.name: an object with a generated name can only be created.",
  });
}

async function sendCreate(
  transport: Transport,
  objectAt: (verb: string, ref: ObjectRef) => Promise<Target>,
  object: KubeObject,
  write: WriteOptions,
): Promise<unknown> {
  const { path, subject } = await objectAt("create", refOf(object));
  const collection = object.metadata.name === undefined ? path : path.slice(0, path.lastIndexOf("/"));
  return transport.json({ method: "POST", ...writing(collection, write), subject, body: object, repeatable: false });
}

async function sendDelete(transport: Transport, target: Target, remove: DeleteOptions): Promise<Deleted> {
  const { uid, resourceVersion } = remove;
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(remove.propagation !== undefined && { propagationPolicy: remove.propagation }),
    ...((uid ?? resourceVersion) !== undefined && { preconditions: { uid, resourceVersion } }),
    ...(remove.dryRun && { dryRun: ["All"] }),
  };
  // Without a uid, a second try might take away what another has made since.
  const repeatable = uid !== undefined;
  try {
    const answer = await transport.json({ method: "DELETE", ...target, body, repeatable, signal: remove.signal });
    // What stays for a while is shown as it is; of what went at once there is only the success.
    return stringAt(answer, "kind") === "Status" && stringAt(answer, "status") === "Success" ? "gone" : "going";
  } catch (error) {
    if (hasCode(error, "KUBE_NOT_FOUND")) return "absent";
    throw error;
  }
}

async function resourceOf(discovery: Discovery, apiVersion: string, kind: string): Promise<Resource> {
  const resource = await discovery.find(apiVersion, kind);
  if (resource) return resource;
  throw new SlipwayError("PLAN_UNKNOWN_KIND", `The cluster does not serve ${kind} of ${apiVersion}`, {
    hint: "Install the CustomResourceDefinition that brings this kind, or use an apiVersion that the cluster serves.",
    where: `${apiVersion} ${kind}`,
  });
}

function writing(path: string, { dryRun, fieldManager, signal }: WriteOptions): { path: string; signal?: AbortSignal } {
  return { path: addQuery(path, { dryRun: dryRun && "All", fieldManager }), ...(signal && { signal }) };
}

function addQuery(path: string, query: Parameters<typeof withQuery>[1]): string {
  const added = withQuery("", query);
  return path.includes("?") ? path + added.replace("?", "&") : path + added;
}

function subjectOf(
  verb: string,
  resource: Resource,
  which: { namespace?: string | undefined; name?: string },
): Subject {
  const { namespace, name } = which;
  return {
    verb,
    resource: resourceName(resource),
    kind: resource.kind,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

function asObject(value: unknown): KubeObject {
  const object = value as KubeObject;
  if (typeof object?.kind === "string" && typeof object.metadata === "object" && object.metadata !== null)
    return object;
  throw new SlipwayError("KUBE_REQUEST_FAILED", "The API server's answer is not an object", {
    hint: "Check that the address is a Kubernetes API server's.",
  });
}

// Health is told as a word, all else as JSON.
function decodeAny(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
