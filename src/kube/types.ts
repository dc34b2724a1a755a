/** An object as the API server speaks JSON. Everything but identity is untrusted: read it with `base/json-path`. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
};

export type ObjectMeta = {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
};

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

/** What names one object. `namespace` is absent where the kind is cluster-wide. */
export type ObjectRef = { apiVersion: string; kind: string; namespace?: string; name: string };

/** One resource of the API as discovery tells it. */
export type Resource = {
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
  /** As in URLs: `deployments`. */
  plural: string;
  namespaced: boolean;
  verbs: string[];
};

/** The kinds that the cluster serves; fetched once, and again when a kind is missing (a CRD may have come since). */
export type Discovery = {
  /** Major and minor are text: a provider's minor may end in `+`. */
  version(): Promise<{ gitVersion: string; major: string; minor: string }>;
  /** `undefined` where the cluster does not serve the kind. Unless `again` is false, it is asked once more before that. */
  find(apiVersion: string, kind: string, options?: { again?: boolean }): Promise<Resource | undefined>;
  /** Every `group/version` and `group/version/Kind`, as `.Capabilities.APIVersions` lists them. */
  apiVersions(): Promise<string[]>;
  /** Every resource of preferred versions. */
  resources(): Promise<Resource[]>;
  /** Forgets what was fetched. */
  refresh(): void;
};

/** The content types of the four kinds of patch. */
export const patchTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;
export type PatchType = keyof typeof patchTypes;

/** How a revision's objects are written, spelt as records spell it: client-side three-way patch, server-side apply. */
export type ApplyMethod = "csa" | "ssa";

export type WriteOptions = { dryRun?: boolean; fieldManager?: string; signal?: AbortSignal };
export type PatchOptions = WriteOptions & { force?: boolean };
export type DeleteOptions = WriteOptions & {
  propagation?: "Background" | "Foreground" | "Orphan";
  /** Deletes only the object with this uid; KUBE_CONFLICT where another has taken its name. */
  uid?: string;
  /** Deletes it only as it was then; KUBE_CONFLICT where it has changed. */
  resourceVersion?: string;
};
export type Selection = {
  /** All namespaces where absent. */
  namespace?: string;
  labels?: Record<string, string>;
  /** Label selector text, for what `labels` can't say; joined to it. */
  labelSelector?: string;
  fieldSelector?: string;
};
export type ListResult = { items: KubeObject[]; resourceVersion: string };
export type WatchEvent = { type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; object: KubeObject };

/** `absent`: it was not there; `gone`: it is no more; `going`: it may live on for a while, for its pods or its finalizers. */
export type Deleted = "absent" | "gone" | "going";

/**
 * One cluster, seen by one user. Every method throws SlipwayError: KUBE_NOT_FOUND (404), KUBE_CONFLICT (409),
 * KUBE_FORBIDDEN (403, with verb and resource), KUBE_UNAUTHORIZED (401), KUBE_GONE (410), KUBE_INVALID (400, 422),
 * KUBE_UNREACHABLE (no answer), KUBE_REQUEST_FAILED (the rest), PLAN_UNKNOWN_KIND (not served).
 * Reads, and writes that are safe to repeat, are retried with back-off on 429, 5xx and broken connections.
 */
export type KubeClient = {
  readonly discovery: Discovery;
  /** Of the kubeconfig's context; `default` where it names none. */
  readonly defaultNamespace: string;
  /** The API server's address, for messages. */
  readonly server: string;
  /** `undefined` where there is no such object. */
  get(ref: ObjectRef, options?: { signal?: AbortSignal }): Promise<KubeObject | undefined>;
  list(
    apiVersion: string,
    kind: string,
    selection?: Selection,
    options?: { signal?: AbortSignal },
  ): Promise<ListResult>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** PUT: fails with KUBE_CONFLICT where the object carries a resourceVersion that is no longer the live one. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(ref: ObjectRef, type: PatchType, patch: unknown, options?: PatchOptions): Promise<KubeObject>;
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<Deleted>;
  /**
   * Events after `resourceVersion`, until the signal aborts; reconnects by itself. Throws KUBE_GONE when the server no
   * longer has that version: list again, then watch on.
   */
  watch(
    apiVersion: string,
    kind: string,
    selection: Selection & { resourceVersion: string },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent>;
  /** The last lines of one container, oldest first; empty where it has not started. */
  logs(pod: ObjectRef, options: { container: string; previous?: boolean; tailLines: number }): Promise<string[]>;
  /** GET or POST of any path below the server, decoded JSON; for reviews, OpenAPI and health. */
  raw(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  /** Closes the kept connections, so that the process can end. */
  close(): void;
};
