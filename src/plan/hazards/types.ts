import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import type { Change, Severity } from "../types.ts";
import type { Missing } from "./permissions.ts";

/** What the API server said to a dry run of one change: it would take it, or it would not, and why. */
export type Answer = { taken: true } | { taken: false; message: string; fields: readonly string[]; remedy?: string };

/** How a deploy settles what can't be changed: which kinds it may delete and create anew. */
export type ReplaceImmutable = "jobs" | "all" | "none";

/** All that hazards are told from. Whatever could not be read is left out, and its hazards with it. */
export type HazardInput = {
  changes: readonly Change[];
  release: { name: string; namespace: string };
  /** By `objectKey`; absent for what was not asked, or could not be. */
  answers: ReadonlyMap<string, Answer>;
  /** The release's namespace, where it is there and may be seen. */
  namespace?: KubeObject;
  autoscalers: readonly KubeObject[];
  quotas: readonly KubeObject[];
  /** The plural of a kind, for quotas: `deployments.apps`. */
  resourceOf: (ref: ObjectRef) => string | undefined;
  version?: { major: number; minor: number };
  /** How large the revision's record would be, and how large one may be at most, in parts. */
  record?: { bytes: number; most: number };
  missing: readonly Missing[];
};

/** One place where a hazard was found. Severity and remedy are its kind's unless it has its own. */
export type Finding = { ref?: ObjectRef; field?: string; message: string; remedy?: string; severity?: Severity };

export type HazardKind = {
  id: string;
  severity: Severity;
  /** What happens, for the documentation. */
  about: string;
  /** What to do. */
  remedy: string;
  find: (input: HazardInput) => Finding[];
};
