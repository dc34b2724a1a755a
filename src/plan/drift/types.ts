import type { ObjectRef } from "../../kube/types.ts";

/** One step from a value into it: to a member of an object, or to an item of a list. */
export type Step = {
  /** `image`, or `[web]` for an item. */
  text: string;
  member?: string;
  /** An item as it stands in the list. */
  item?: unknown;
  /** What tells the item apart, as FieldsV1 has it: `k:{"name":"web"}`. */
  key?: string;
};

/** A place in which two states of an object differ; a side that has nothing there is absent. */
export type Difference = { steps: readonly Step[]; pointer: string; recorded?: unknown; live?: unknown };

/** Who wrote a field, as the API server noted it. Times are RFC 3339. */
export type Writer = { manager: string; operation?: string; subresource?: string; time?: string };

/** A field of a live object that is not as the release's manifest has it. Values are texts, those of Secrets never shown. */
export type FieldDrift = {
  /** `spec.template.spec.containers[web].image`. */
  path: string;
  /** RFC 6901, as a rule that ignores it would have it. */
  pointer: string;
  /** Absent where the manifest has none: somebody added it. */
  recorded?: string;
  /** Absent where somebody took it away, which leaves no trace of who. */
  live?: string;
  writer?: Writer;
};

/** What differs and is none of the release's business, with why. */
export type LeftOut = {
  ref: ObjectRef;
  /** The whole object where absent. */
  path?: string;
  reason: "rule" | "annotation" | "controller" | "autoscaler" | "finished";
  /** Which controller, autoscaler or annotation. */
  by?: string;
};

/** One object that is not as the release's manifest has it. */
export type ObjectDrift = {
  ref: ObjectRef;
  /** The template that it came from. */
  source?: string;
  kind: "changed" | "missing";
  /** Empty where the object is missing. */
  fields: FieldDrift[];
  /** What became of it where it was to be set back. */
  outcome?: "corrected" | "failed";
  /** What the reader has to know of it: that the server refuses to set it back, say. */
  note?: string;
};
