import type { ApplyMethod } from "../kube/types.ts";
import type { HookDeletePolicy, HookEvent, HookOutputLogPolicy } from "../render/types.ts";

/** Spelt as Helm spells them. */
export type ReleaseStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

export type JsonObject = { [key: string]: unknown };

/** A time is empty where Helm recorded none. */
export type HookRun = { startedAt: string; completedAt: string; phase: "Unknown" | "Running" | "Succeeded" | "Failed" };

/** A hook as a record keeps it. `path` is the template's name as in `# Source:`. */
export type RecordedHook = {
  name: string;
  kind: string;
  path: string;
  manifest: string;
  events: HookEvent[];
  weight: number;
  deletePolicies: HookDeletePolicy[];
  outputLogPolicies: HookOutputLogPolicy[];
  lastRun?: HookRun;
  /** Fields of Helm's JSON that Slipway does not know, written back as they were read. */
  unknown?: JsonObject;
};

/** One revision of a release. Times are RFC 3339 text, as Helm writes them. */
export type Release = {
  name: string;
  namespace: string;
  /** From 1; Helm's wire calls it `version`. */
  revision: number;
  status: ReleaseStatus;
  description: string;
  firstDeployed: string;
  lastDeployed: string;
  deleted?: string;
  notes: string;
  /** Helm's JSON of the chart: metadata, lock, templates, values, schema, files. Kept as it was read, unknown fields too. */
  chart: JsonObject;
  /** The values that the user set. */
  config: JsonObject;
  manifest: string;
  hooks: RecordedHook[];
  /** The user's own labels on the record. */
  labels: Record<string, string>;
  applyMethod?: ApplyMethod;
  /** Who recorded it, as a lock names its holder; absent where another tool did. Beside the record, not in it. */
  recordedBy?: string;
  /** The revision that this one rolled back to. */
  rollbackRevision?: number;
  /** Fields of Helm's JSON that Slipway does not know, written back as they were read. */
  unknown?: { release: JsonObject; info: JsonObject };
  /** Nothing but the number and the labels is known: the record is garbage, or lacks parts. */
  isUnreadable?: true;
};

export type ListOptions = {
  /** Only the newest revision of each release, which spares decoding the others. */
  latest?: boolean;
  /** Only those; what they are is asked of the server, so that the others aren't fetched. */
  statuses?: readonly ReleaseStatus[];
  names?: readonly string[];
  /** Leaves the charts out, which are the most of a record. */
  withoutCharts?: boolean;
  /** Where nothing of a release can be read, what is known of its newest revision, as `isUnreadable`. */
  unreadable?: boolean;
};

/** Where revisions are kept. A driver stores and finds; it decides nothing. */
export type ReleaseDriver = {
  /** The kind of the objects that keep them; absent where they are not kept in the cluster. */
  records?: "Secret" | "ConfigMap";
  /** Fails with RELEASE_EXISTS when the revision is already recorded: this is the deploy lock. */
  create(release: Release): Promise<void>;
  /** Writes over the recorded revision; RELEASE_NOT_FOUND where there is none. */
  update(release: Release): Promise<void>;
  /** Every revision of one release, oldest first; one that nobody can read is there as `isUnreadable`. */
  history(name: string): Promise<Release[]>;
  /**
   * Every readable revision of every release in the namespace, or in all of them where the driver has none. A manifest
   * that is kept in parts is not read.
   */
  list(options?: ListOptions): Promise<Release[]>;
  delete(name: string, revision: number): Promise<void>;
  /** Removes what killed runs left of revisions that were never recorded whole; under the release's lock. */
  sweep(name: string): Promise<void>;
};
