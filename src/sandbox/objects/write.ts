import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { allocate, applyDefaults, type DefaultsContext } from "../admission/defaults.ts";
import { validateUpdate } from "../admission/immutable.ts";
import { checkNamespace, checkServiceAccount } from "../admission/namespace.ts";
import { validate } from "../admission/validate.ts";
import type { ResourceType } from "../api/resources.ts";
import { ApiError, alreadyExists, badRequest, conflict, invalid, notFound } from "../api/status.ts";
import type { Cluster } from "../cluster.ts";
import { clone, equal } from "../json.ts";
import type { FieldValidation } from "../schema/check.ts";
import { differs } from "../store/store.ts";
import { fromStorage, toStorage } from "./convert.ts";
import { decodeObject, typeOf } from "./decode.ts";
import { afterUpdate, type Writer } from "./managed-fields.ts";
import { suffix } from "./names.ts";
import { hasGeneration, hasStatus } from "./traits.ts";

export type WriteOptions = {
  manager: string;
  dryRun?: boolean;
  /** Empty, or `status`. */
  subresource?: string;
  fieldValidation?: FieldValidation;
  /** Called with what the answer should warn of. */
  warn?: (message: string) => void;
  /** The result of server-side apply has its managedFields already. */
  applied?: boolean;
};
export type Target = { type: ResourceType; namespace: string | undefined };

/** Stores a new object, in the version of its type, and gives it back as stored. */
export function createObject(cluster: Cluster, target: Target, body: KubeObject, options: WriteOptions): KubeObject {
  const { type, namespace } = target;
  const object = decodeObject(clone(body), type, options);
  checkIdentity(object, target);
  if (namespace !== undefined) checkNamespace(cluster, type, namespace, object.metadata.name ?? "");
  const named = prepareNew(cluster, object, target, options);
  const stored = toStorage(named, type);
  const storedType = cluster.resources.stored(type.key);
  const context: DefaultsContext = { key: type.key, cluster, custom: storedType.custom?.schema };
  applyDefaults(stored, context);
  if (hasGeneration(storedType)) stored.metadata.generation = 1;
  if (type.key === "/pods") checkServiceAccount(cluster, stored);
  const causes = validate(stored, storedType);
  if (causes.length > 0) throw invalid(type, stored.metadata.name ?? "", causes);
  if (cluster.store.get(type.key, namespace, stored.metadata.name) !== undefined) {
    throw alreadyExists(type, stored.metadata.name);
  }
  const owned = withManaged(nothing(stored), stored, {
    cluster,
    type,
    options,
  });
  allocate(owned, context);
  return options.dryRun === true ? owned : cluster.store.put(type.key, owned);
}

function checkIdentity(object: KubeObject, { namespace }: Target): void {
  const stated = object.metadata.namespace;
  if (stated !== undefined && stated !== "" && stated !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (object.metadata.resourceVersion !== undefined && object.metadata.resourceVersion !== "") {
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
  }
}

function prepareNew(cluster: Cluster, object: KubeObject, target: Target, options: WriteOptions): KubeObject {
  const { uid: _, generation: __, selfLink: ___, ...metadata } = object.metadata;
  delete metadata["deletionGracePeriodSeconds"];
  delete metadata.deletionTimestamp;
  delete metadata.resourceVersion;
  delete metadata.namespace;
  if (options.applied !== true) delete metadata["managedFields"];
  const prefix = metadata["generateName"];
  if ((metadata.name ?? "") === "" && typeof prefix === "string" && prefix !== "") metadata.name = prefix + suffix();
  const made: KubeObject = {
    ...object,
    metadata: {
      ...metadata,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      uid: randomUUID(),
      creationTimestamp: cluster.timestamp(),
    },
  };
  if (hasStatus(target.type)) delete made["status"];
  return made;
}

/** Stores the result of a change to a live object. The change sees, and gives, the version of the type. */
export function updateObject(
  cluster: Cluster,
  target: Target & { name: string },
  change: (live: KubeObject) => KubeObject,
  options: WriteOptions,
): KubeObject {
  const { type, namespace, name } = target;
  const live = cluster.store.get(type.key, namespace, name);
  if (live === undefined) throw notFound(type, name);
  const changed = change(clone(fromStorage(live, type)));
  const object = decodeObject(changed === live ? clone(changed) : changed, type, options);
  checkUpdate(object, live, target);
  const next = toStorage(keepServerFields(object, live, options), type);
  const storedType = cluster.resources.stored(type.key);
  limitToSubresource(next, live, storedType, options.subresource ?? "");
  const context: DefaultsContext = { key: type.key, cluster, previous: live, custom: storedType.custom?.schema };
  applyDefaults(next, context);
  allocate(next, context);
  if (equal(withoutVersion(next), withoutVersion(live))) return live;
  if (hasGeneration(storedType) && specDiffers(next, live, hasStatus(type))) {
    next.metadata.generation = (live.metadata.generation ?? 0) + 1;
  }
  const causes = [...validate(next, storedType), ...validateUpdate(next, live, type.key)];
  if (causes.length > 0) throw invalid(type, name, causes);
  const owned = withManaged(live, next, { cluster, type, options });
  if (!differs(owned, live) && equal(fieldOwners(owned), fieldOwners(live))) return live;
  if (options.dryRun === true) return owned;
  const finished = live.metadata.deletionTimestamp !== undefined && (owned.metadata.finalizers ?? []).length === 0;
  return finished && !isGraceful(type, owned)
    ? cluster.store.remove(type.key, owned)
    : cluster.store.put(type.key, owned);
}

function isGraceful(type: ResourceType, object: KubeObject): boolean {
  if (type.key === "/namespaces") return true;
  return type.key === "/pods" && object.metadata["deletionGracePeriodSeconds"] !== 0;
}

function checkUpdate(object: KubeObject, live: KubeObject, { type, name, namespace }: Target & { name: string }): void {
  const { metadata } = object;
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace !== undefined && metadata.namespace !== "" && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const version = metadata.resourceVersion ?? "";
  if (version !== "" && version !== "0" && version !== live.metadata.resourceVersion) throw conflict(type, name);
  if (metadata.uid !== undefined && metadata.uid !== "" && metadata.uid !== live.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${live.metadata.uid}`;
    throw conflict(type, name, why);
  }
}

const serverFields = [
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "generateName",
  "namespace",
  "resourceVersion",
  "selfLink",
];

function keepServerFields(object: KubeObject, live: KubeObject, options: WriteOptions): KubeObject {
  const metadata = { ...object.metadata };
  const kept = options.applied === true ? serverFields : [...serverFields, "managedFields"];
  for (const field of kept) {
    if (live.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = live.metadata[field];
  }
  return { ...object, metadata };
}

// A write to an object leaves its status alone, and a write to the status leaves the rest alone.
function limitToSubresource(next: KubeObject, live: KubeObject, type: ResourceType, subresource: string): void {
  if (subresource === "status") {
    for (const key of Object.keys(next)) {
      if (!["status", "metadata", "apiVersion", "kind"].includes(key)) delete next[key];
    }
    for (const key of Object.keys(live)) {
      if (!["status", "metadata", "apiVersion", "kind"].includes(key)) next[key] = live[key];
    }
  } else if (hasStatus(type)) {
    if (live["status"] === undefined) delete next["status"];
    else next["status"] = live["status"];
  }
}

function specDiffers(next: KubeObject, live: KubeObject, withStatus: boolean): boolean {
  const content = (object: KubeObject) => {
    const { metadata: _, status, apiVersion: __, kind: ___, ...rest } = object;
    return withStatus ? rest : { ...rest, status };
  };
  return !equal(content(next), content(live));
}

function withoutVersion(object: KubeObject): JsonObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function fieldOwners(object: KubeObject): unknown {
  const entries = object.metadata["managedFields"];
  return Array.isArray(entries) ? entries.map((entry: JsonObject) => ({ ...entry, time: "" })) : [];
}

function nothing({ apiVersion, kind }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: {} as KubeObject["metadata"] };
}

type Ownership = { cluster: Cluster; type: ResourceType; options: WriteOptions };

function withManaged(before: KubeObject, after: KubeObject, { cluster, type, options }: Ownership): KubeObject {
  if (options.applied === true) return after;
  const [old, next] = [before, after].map((object) => ownable(fromStorage(object, type), type, options));
  const managedFields = afterUpdate(old ?? {}, next as KubeObject, typeOf(type), writerOf(cluster, type, options));
  const metadata = { ...after.metadata };
  delete metadata["managedFields"];
  return { ...after, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } };
}

export function writerOf(cluster: Cluster, type: ResourceType, options: WriteOptions): Writer {
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  return { manager: options.manager, apiVersion, subresource: options.subresource ?? "", time: cluster.timestamp() };
}

// Nobody owns a status by writing the object, nor the rest by writing the status.
function ownable(object: JsonObject, type: ResourceType, options: WriteOptions): JsonObject {
  const copy = { ...object };
  if (options.subresource === "status") delete copy["spec"];
  else if (hasStatus(type)) delete copy["status"];
  return copy;
}
