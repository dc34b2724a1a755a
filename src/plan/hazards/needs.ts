import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import { type Access, access } from "../access.ts";
import type { Change } from "../types.ts";
import type { Need } from "./permissions.ts";
import { podSpecOf } from "./pods.ts";

/** How discovery names a kind; `undefined` where nobody serves it yet. */
export type Served = (ref: { apiVersion: string; kind: string }) => { group: string; plural: string } | undefined;

export type NeedsInput = {
  changes: readonly Change[];
  hooks: readonly KubeObject[];
  /** Definitions of `crds/` to create. */
  definitions: readonly KubeObject[];
  release: { namespace: string; createNamespace: boolean; prunes: boolean };
  /** The kind of the records, where they lie in the cluster. */
  records?: "Secret" | "ConfigMap";
  waits: boolean;
  /** False of what is done as soon as it is there. */
  isWatched: (object: KubeObject) => boolean;
  served: Served;
  /** True where even reading failed: then what is read counts, too. */
  reads: boolean;
};

/** Everything that carrying a plan out asks of the API server. */
export function needsOf(input: NeedsInput): Need[] {
  return [...recordNeeds(input), ...changeNeeds(input), ...hookNeeds(input), ...watchNeeds(input), ...lockNeeds(input)];
}

function recordNeeds({ records, release, reads }: NeedsInput): Need[] {
  const { namespace, createNamespace, prunes } = release;
  const created = createNamespace ? [{ verb: "create", group: "", resource: "namespaces" }] : [];
  if (records === undefined) return created;
  const resource = { group: "", resource: records === "Secret" ? "secrets" : "configmaps" };
  const parts = [
    ...(reads ? access["records-read"] : []),
    ...access["records-create"],
    ...access["records-update"],
    ...(prunes ? access["records-remove"] : []),
  ];
  return [...created, ...parts.flatMap((part) => fixed(part, namespace, resource))];
}

/** The needs of a row of the table that names what it is about. */
function fixed(
  { of, verbs, without }: Access,
  namespace: string,
  records?: { group: string; resource: string },
): Need[] {
  const resource = of === "records" ? records : of;
  if (resource === undefined) return [];
  return verbs.map((verb) => ({ verb, ...resource, namespace, ...(without !== undefined && { without }) }));
}

const verbsOf: Record<Change["action"], string[]> = {
  create: ["create"],
  change: ["patch"],
  adopt: ["patch"],
  replace: ["delete", "create"],
  delete: ["delete"],
  keep: [],
  nothing: [],
};

function changeNeeds({ changes, definitions, served, reads, waits, isWatched }: NeedsInput): Need[] {
  const forChange = changes.flatMap(({ action, ref, desired, live, patch }) => {
    const write = patch?.type === "apply" && live === undefined ? ["create", "patch"] : verbsOf[action];
    const watched = action === "replace" || (waits && desired !== undefined && isWatched(desired));
    const read = [...(reads ? ["get"] : []), ...(watched ? ["list", "watch"] : [])];
    return needs(ref, [...read, ...write], served);
  });
  const forDefinition = definitions.flatMap((definition) =>
    needs(refTo(definition), ["get", "list", "watch", "create"], served),
  );
  return [...forChange, ...forDefinition];
}

function hookNeeds({ hooks, served }: NeedsInput): Need[] {
  return hooks.flatMap((hook) => {
    const isRun = hook.kind === "Job" || hook.kind === "Pod";
    return needs(refTo(hook), ["create", "delete", "list", "watch"].slice(0, isRun ? 4 : 2), served);
  });
}

function needs(ref: ObjectRef, verbs: readonly string[], served: Served): Need[] {
  const resource = served(ref);
  if (resource === undefined) return [];
  const { group, plural } = resource;
  const place = ref.namespace === undefined ? {} : { namespace: ref.namespace };
  return verbs.map((verb) => ({
    verb,
    group,
    resource: plural,
    ...place,
    // One object alone may be listed and watched by its name, too.
    ...(verb !== "create" && ref.name ? { name: ref.name } : {}),
  }));
}

/** What tells why a rollout fails; without it one only sees that it does. */
function watchNeeds({ changes, hooks, waits }: NeedsInput): Need[] {
  const followed = waits ? changes.flatMap(({ desired }) => desired ?? []) : [];
  const runners = [...followed, ...hooks].filter((one) => podSpecOf(one));
  const places = new Set(runners.flatMap(({ metadata }) => metadata.namespace ?? []));
  const hasSets = runners.some(({ kind }) => kind === "Deployment");
  const parts = access["pods-follow"].filter(({ of }) => hasSets || of.resource !== "replicasets");
  return [...places].flatMap((namespace) => parts.flatMap((part) => fixed(part, namespace)));
}

function lockNeeds({ release: { namespace } }: NeedsInput): Need[] {
  return access.lock.flatMap((part) => fixed(part, namespace));
}

function refTo({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}
