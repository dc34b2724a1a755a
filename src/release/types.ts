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

/** How the objects of a revision were written: client-side three-way patch, or server-side apply. */
export type ApplyMethod = "csa" | "ssa";

export type JsonObject = { [key: string]: unknown };

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
};

/** Where revisions are kept. A driver stores and finds; it decides nothing. */
export type ReleaseDriver = {
  /** Fails with RELEASE_EXISTS when the revision is already recorded: this is the deploy lock. */
  create(release: Release): Promise<void>;
  /** Writes over the recorded revision; RELEASE_NOT_FOUND where there is none. */
  update(release: Release): Promise<void>;
  /** Every readable revision of one release, oldest first. */
  history(name: string): Promise<Release[]>;
  /** Every readable revision of every release in the namespace, or in all of them where the driver has none. */
  list(): Promise<Release[]>;
  delete(name: string, revision: number): Promise<void>;
};
