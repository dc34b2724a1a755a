import type { IgnoreRules } from "../../plan/drift/ignore-rules.ts";
import type { LeftOut, ObjectDrift } from "../../plan/drift/types.ts";
import type { ReleaseDriver } from "../../release/types.ts";
import type { Session } from "../options.ts";

export type DriftOptions = {
  /** All of the namespace, or of the cluster, where absent. */
  releases?: readonly string[];
  /** The whole cluster where absent. */
  namespace?: string;
  /** Sets back what differs. */
  correct: boolean;
  rules: IgnoreRules;
};

/** What drift works with: it reads many namespaces, and has no driver of its own. */
export type DriftSession = Omit<Session, "driver"> & {
  /** Of one namespace; of all of them where it is absent. */
  driverOf(namespace: string | undefined): ReleaseDriver;
};

/**
 * `skipped`: there is nothing to compare with, or another run is changing the release. `failed`: it could not be
 * compared as a whole, or not be set back. `corrected`: it differed and is as recorded again.
 */
export type DriftState = "clean" | "drifted" | "corrected" | "skipped" | "failed";

/** One release against the manifest of its last deployed revision. */
export type ReleaseDrift = {
  release: string;
  namespace: string;
  state: DriftState;
  /** The revision it was compared with, and when that was deployed; absent where there is none. */
  revision?: number;
  deployed?: string;
  /** A newer revision, which failed: what differs may be its doing, and is not set back. */
  failed?: number;
  /** How many objects the manifest has. */
  compared: number;
  objects: ObjectDrift[];
  leftOut: LeftOut[];
  warnings: string[];
  /** Why it was skipped. */
  reason?: string;
  error?: { message: string; code?: string; hint?: string };
};

export type DriftReport = {
  /** By namespace and name. */
  releases: ReleaseDrift[];
  correct: boolean;
};

/** Whether anything is not as it was recorded, still. */
export function hasDrift({ releases }: DriftReport): boolean {
  return releases.some(({ objects }) => objects.some(({ outcome }) => outcome !== "corrected"));
}

export function hasFailed({ releases }: DriftReport): boolean {
  return releases.some(({ state }) => state === "failed");
}
