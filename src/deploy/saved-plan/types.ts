import type { ObjectRef } from "../../kube/types.ts";
import type { FieldTree } from "../../plan/fields.ts";
import type { Action } from "../../plan/types.ts";

/** What an object of a plan is there for. Hooks have their event: one may run at two. */
export type Role = "object" | "definition" | `${string} hook`;

/** One object of a plan as its file has it: names and short hashes, no value. */
export type SavedObject = {
  role: Role;
  action: Action;
  ref: ObjectRef;
  source?: string;
  /** What the chart asks for; of a Secret one hash for all of it. */
  desired?: FieldTree;
  /** What the cluster had. */
  live?: FieldTree;
  /** Of the live object. */
  uid?: string;
};

/** A plan's file: what the plan was made for and made from, so that it is carried out only where that is still so. */
export type SavedPlan = {
  format: "slipway-plan";
  version: 1;
  created: string;
  release: string;
  namespace: string;
  createNamespace: boolean;
  /** The revision that it would record. */
  revision: number;
  /** The newest recorded one, where there was one. */
  last?: { revision: number; status: string };
  /** `uid` is that of the namespace kube-system, where it may be read; `address` a hash of the API server's. */
  cluster: { server: string; address: string; uid?: string };
  /** By the flags' names. */
  options: Record<string, string>;
  chart: { name: string; version: string; digest: string; files: Record<string, string> };
  objects: SavedObject[];
  /** Slow hashes of the merged values, of all that was rendered, and of all that the cluster had. */
  values: string;
  rendered: string;
  seen: string;
  /** Of all hashes in here. */
  salt: string;
};
