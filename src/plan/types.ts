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
  /** Why, in a few words, where the action isn't plain. */
  reason?: string;
};

export type Plan = {
  release: string;
  namespace: string;
  /** The revision that carrying it out would record. */
  revision: number;
  /** In the order in which they are carried out. */
  changes: Change[];
  createNamespace: boolean;
  warnings: string[];
};
