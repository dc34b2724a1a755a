import { mapConcurrently } from "../../base/concurrency.ts";
import { hasCode, SlipwayError } from "../../base/error.ts";
import type { CarryOutOptions } from "../options.ts";
import { takeDown, unlessClaimed } from "./down.ts";
import { describePreview, type PreviewIdentity, repositoryHash } from "./identity.ts";
import { ownershipOf, type Preview, previewLabel, repositoryLabel } from "./namespace-object.ts";
import type { PreviewSession } from "./session.ts";

/** Whether the pull request of a preview is closed; `unknown` and why where nobody can tell. */
export type PullRequestState = "open" | "closed" | { unknown: string };

export type SweepOptions = CarryOutOptions & {
  /** As in `PreviewIdentity`; those of all repositories where absent. */
  repository?: string;
  stateOf(identity: PreviewIdentity): Promise<PullRequestState>;
  dryRun: boolean;
};

export type Swept = {
  namespace: string;
  /** `github.com/owner/name#123 shop`; empty where the namespace is none of ours. */
  preview: string;
  identity?: PreviewIdentity;
  /** `held`: deleted, and does not go. `foreign`: marked as a preview, but not made by Slipway. */
  outcome: "removed" | "would-remove" | "kept" | "held" | "failed" | "foreign" | "unknown";
  why: string;
  /** Of GitHub's deployments. */
  environment?: string;
  /** Its time had passed. */
  isExpired?: boolean;
  /** What else there is to say about `held`. */
  detail?: string;
};

const atOnce = 4;

/** Removes the previews whose pull request is closed or whose time has passed. One that fails stops none of the others. */
export async function sweep(session: PreviewSession, options: SweepOptions): Promise<Swept[]> {
  const { repository } = options;
  const labelSelector = previewLabel;
  const labels = repository === undefined ? {} : { [repositoryLabel]: repositoryHash(repository) };
  const { items } = await session.kube.list("v1", "Namespace", { labels, labelSelector }, { signal: session.signal });
  const swept = await mapConcurrently(items, atOnce, async (namespace): Promise<Swept[]> => {
    const { name } = namespace.metadata;
    const ownership = ownershipOf(namespace);
    if (!ownership.ours) return [{ namespace: name, preview: "", outcome: "foreign", why: ownership.why }];
    const { preview } = ownership;
    if (repository !== undefined && preview.identity.repository !== repository) return [];
    return [await sweepOne(session, preview, options)];
  });
  return swept.flat();
}

async function sweepOne(session: PreviewSession, preview: Preview, options: SweepOptions): Promise<Swept> {
  const { identity } = preview;
  const now = session.clock.now();
  const told = {
    namespace: preview.namespace.metadata.name,
    preview: describePreview(identity),
    identity,
    environment: preview.environment,
    ...(hasPassed(preview, now) && { isExpired: true }),
  };
  const state = hasPassed(preview, now) || preview.isGoing ? "open" : await options.stateOf(identity);
  const why = reasonToGo(preview, state, now);
  if (why === undefined) {
    if (typeof state === "object") return { ...told, outcome: "unknown", why: state.unknown };
    return { ...told, outcome: "kept", why: "its pull request is open" };
  }
  if (options.dryRun) return { ...told, outcome: "would-remove", why };
  try {
    // A run that has it brought up anew meanwhile gives it more time.
    await takeDown(session, preview, options, unlessClaimed(preview));
    return { ...told, outcome: "removed", why };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
    if (error.code === "PREVIEW_SUPERSEDED") return { ...told, outcome: "kept", why: error.message };
    const detail = error.detail ?? error.hint;
    const outcome = hasCode(error, "PREVIEW_HELD") ? "held" : "failed";
    return { ...told, outcome, why: error.message, ...(detail !== undefined && { detail }) };
  }
}

function hasPassed({ expires }: Preview, now: number): boolean {
  return expires !== undefined && expires <= now;
}

function reasonToGo(preview: Preview, state: PullRequestState, now: number): string | undefined {
  if (preview.isGoing) return "it was deleted already";
  if (hasPassed(preview, now)) return `its time passed at ${new Date(preview.expires ?? 0).toISOString()}`;
  return state === "closed" ? "its pull request is closed" : undefined;
}
