import type { KubeObject, ObjectRef, PatchType } from "../kube/types.ts";

/**
 * What will happen to one object. `adopt` is a change of an object that no release owns yet; `keep` leaves in place what
 * the chart no longer has, because it asks to be kept; `replace` deletes and creates.
 */
export type Action = "create" | "change" | "replace" | "delete" | "keep" | "adopt" | "nothing";

/** RFC 6902. */
export type JsonPatchOperation = {
  op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  path: string;
  value?: unknown;
  from?: string;
};

export type Patch = { type: PatchType; body: unknown };

/** What becomes of what an object owns when it is deleted. */
export type Propagation = "Background" | "Foreground" | "Orphan";

/** `error`: the API server is sure to refuse it, or pods break; `warning`: it goes, but not as wished. */
export type Severity = "error" | "warning";

/** What will happen, where, and what to do, told before anything is changed. docs/hazards.md lists the kinds. */
export type Hazard = {
  id: string;
  severity: Severity;
  ref?: ObjectRef;
  /** Path in the object: `spec.selector`. */
  field?: string;
  message: string;
  /** The user's next step. May have several lines, of YAML to copy. */
  remedy: string;
};

/** One object's part of a plan. */
export type Change = {
  action: Action;
  ref: ObjectRef;
  /** The template it came from; absent where only a recorded manifest knows the object. */
  source?: string;
  /** What the chart asks for, with the ownership labels; absent for `delete` and `keep`. */
  desired?: KubeObject;
  /** As the cluster has it; absent for `create`. */
  live?: KubeObject;
  /** As it will be, where that can be told without the server. */
  after?: KubeObject;
  patch?: Patch;
  /** What the release wrote to it so far, for making the patch again where the object has changed meanwhile. */
  base?: KubeObject;
  /** From live to after, without what the server manages. Values of Secrets are left out. */
  operations: JsonPatchOperation[];
  /** The object is sent whole, in place of the patch. */
  isWhole?: true;
  /** Why, in a few words, where the action isn't plain. */
  reason?: string;
  /** How it is deleted, where it is replaced. */
  propagation?: Propagation;
};

/**
 * One run of a hook. Its change compares it with the hook of that name in the last revision, which stands as `live`:
 * `create` where there was none, `nothing` where it is the same. It runs in any case.
 */
export type PlannedHook = { event: string; weight: number; change: Change };

export type Plan = {
  release: string;
  namespace: string;
  /** The revision that carrying it out would record. */
  revision: number;
  /** In the order in which they are carried out. */
  changes: Change[];
  /** Of the chart's `crds/`, which go first: created where they are missing, else left as they are. */
  definitions?: Change[];
  /** Those that would run, in their order. */
  hooks?: PlannedHook[];
  createNamespace: boolean;
  warnings: string[];
  /** Absent where none were looked for. */
  hazards?: Hazard[];
};
