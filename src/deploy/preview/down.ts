import { hasCode } from "../../base/error.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import type { CarryOutOptions } from "../options.ts";
import { uninstall } from "../uninstall.ts";
import { type Accept, claimPreview, downClaim, laterRun, previewIn, type RunMark, superseded } from "./claim.ts";
import { annotations, type Preview } from "./namespace-object.ts";
import { findPreviews, type PlaceOptions, waitForNamespace } from "./place.ts";
import { namespaceRef, type PreviewSession, sessionIn } from "./session.ts";

export type DownOptions = CarryOutOptions &
  Pick<PlaceOptions, "identity" | "names"> & {
    run?: RunMark;
    /** Told of the namespace that goes, before anything of it does. */
    onFound?(namespace: string): void;
    /** As in `UpOptions`: one that is open again keeps its preview. */
    headOf?(): Promise<{ isOpen: boolean } | undefined>;
  };

/** `absent` where there was none; `kept` where another run took the preview over meanwhile, to bring it up. */
export type DownResult = { kind: "down" | "absent" | "kept"; namespace?: string };

const mostTries = 10;

/** Takes a pull request's preview down: the release with all it has in the cluster, then the namespace. */
export async function bringDown(session: PreviewSession, options: DownOptions): Promise<DownResult> {
  const previews = await findPreviews(session, options);
  const namespace = previews[0]?.namespace.metadata.name;
  if (namespace === undefined) return { kind: "absent" };
  options.onFound?.(namespace);
  const accept = async (now: Preview) => {
    const head = await options.headOf?.();
    if (head?.isOpen) return "the pull request is open again";
    return head === undefined ? laterRun(now, options.run ?? {}) : undefined;
  };
  try {
    for (const preview of previews) await takeDown(session, preview, options, accept);
    return { kind: "down", namespace };
  } catch (error) {
    if (!hasCode(error, "PREVIEW_SUPERSEDED")) throw error;
    return { kind: "kept", namespace };
  }
}

/**
 * A run that brings it up is stopped first: it sees who claims the preview. Fails with PREVIEW_SUPERSEDED where another run
 * has claimed it since, and with PREVIEW_HELD where the namespace does not go.
 */
export async function takeDown(
  session: PreviewSession,
  preview: Preview,
  options: CarryOutOptions,
  accept?: Accept,
): Promise<void> {
  const { namespace } = preview;
  if (!preview.isGoing) {
    const token = `${downClaim}${nodeCrypto().randomUUID()}`;
    const claimed = await claimPreview(session, preview, { token }, accept);
    await uninstallFrom(session, claimed, options);
    await deleteNamespace(session, claimed);
  }
  await waitForNamespace(session, namespace, options.timeoutMs);
}

/** Refuses where somebody else has claimed the preview since. */
export function unlessClaimed({ claim }: Preview): Accept {
  return async (now) => (now.claim === claim ? undefined : "another run has brought the preview up meanwhile");
}

async function uninstallFrom(session: PreviewSession, preview: Preview, options: CarryOutOptions): Promise<void> {
  const { release } = preview.identity;
  const namespace = preview.namespace.metadata.name;
  const inside = sessionIn(session, namespace);
  const waitForLockMs = Math.max(options.waitForLockMs ?? 0, options.timeoutMs);
  const remove = { ...options, waitForLockMs, release, namespace, keepHistory: false, dryRun: false };
  try {
    await uninstall(inside, remove);
  } catch (error) {
    // Of records that nobody can read, nothing is left to go by; the namespace takes what is in it along.
    if (hasCode(error, "RELEASE_NOT_FOUND", "RELEASE_INVALID")) return;
    if (!hasCode(error, "APPLY_HOOK_FAILED")) throw error;
    session.emit({ type: "warning", message: `${error.message}. The preview goes all the same, without its hooks` });
    await uninstall(inside, { ...remove, hooks: false });
  }
}

/** Deletes exactly the namespace that was claimed, and only while the claim stands. */
async function deleteNamespace({ kube, signal }: PreviewSession, { namespace, claim }: Preview): Promise<void> {
  const { name, uid } = namespace.metadata;
  for (let tries = 1; ; tries++) {
    const live = await kube.get(namespaceRef(name), { signal });
    if (live === undefined || live.metadata.uid !== uid || live.metadata.deletionTimestamp !== undefined) return;
    const now = previewIn(live);
    if (now.claim !== claim) throw superseded(`another run claims namespace ${name} (${annotations.claim})`);
    const { resourceVersion } = live.metadata;
    try {
      await kube.delete(namespaceRef(name), {
        propagation: "Background",
        signal,
        ...(uid && { uid }),
        ...(resourceVersion && { resourceVersion }),
      });
      return;
    } catch (error) {
      if (!hasCode(error, "KUBE_CONFLICT") || tries >= mostTries) throw error;
    }
  }
}
