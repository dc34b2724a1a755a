import type { JsonObject } from "../../../src/base/json-path.ts";
import type { PatchType } from "../../../src/kube/types.ts";

/**
 * An object without a name, which `play.ts` gives it. In its texts NAMESPACE stands for the namespace that it is played
 * in, and UID for the uid of an object that lives there.
 */
export type Draft = JsonObject & { apiVersion: string; kind: string };

/** What somebody else does to the live object. */
export type Edit =
  | { patch: unknown; as?: PatchType; manager?: string }
  /** By `kubectl scale`. */
  | { scale: number }
  | "delete"
  | { recreate: Draft };

/** One object's life: installed, changed by others, upgraded. */
export type Triple = {
  name: string;
  old: Draft | undefined;
  edits: readonly Edit[];
  next: Draft | undefined;
  /** Places where we do not want to be like Helm 3, as `describeDifference` tells them. */
  better?: readonly string[];
  /** The same for Helm 4 with server-side apply. */
  betterOnServer?: readonly string[];
  /** A null at the end: Helm 4 claims the field that it leaves empty, we do not. */
  hasNull?: boolean;
  /** Server-side apply can't make this change, by either tool: fields that somebody else owns would stay beside it. */
  notOnServer?: boolean;
};

/** How a table's fragments become objects of one kind, and patches of them. */
export type Shape = {
  kind: string;
  draft: (fragment: JsonObject) => Draft;
  patch: (fragment: JsonObject) => JsonObject;
};

export type Row = {
  name: string;
  old: JsonObject;
  /** A fragment that is patched in, or what else happens. */
  live?: JsonObject | readonly Edit[];
  next: JsonObject;
} & Pick<Triple, "better" | "betterOnServer" | "hasNull" | "notOnServer">;

export function triplesOf(shape: Shape, rows: readonly Row[]): Triple[] {
  return rows.map(({ name, old, live, next, ...rest }) => ({
    name: `${shape.kind}: ${name}`,
    old: shape.draft(old),
    edits: live === undefined ? [] : isEdits(live) ? live : [{ patch: shape.patch(live) }],
    next: shape.draft(next),
    ...rest,
  }));
}

function isEdits(live: JsonObject | readonly Edit[]): live is readonly Edit[] {
  return Array.isArray(live);
}

/** A kind of which only the spec changes. */
export const withSpec = (apiVersion: string, kind: string, rest: JsonObject): Shape => ({
  kind,
  draft: (spec) => ({ apiVersion, kind, spec: { ...rest, ...spec } }),
  patch: (spec) => ({ spec }),
});
