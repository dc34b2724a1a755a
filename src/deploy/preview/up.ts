import { hasCode } from "../../base/error.ts";
import { nodeCrypto } from "../../base/node-library.ts";
import { deploy } from "../deploy.ts";
import type { DeployOptions } from "../options.ts";
import type { DeployResult } from "../result.ts";
import { claimPreview, laterRun, type RunMark, superseded, watchClaim } from "./claim.ts";
import { copySecrets, type SecretName } from "./copy-secrets.ts";
import { takeDown, unlessClaimed } from "./down.ts";
import { furnish } from "./furnish.ts";
import type { PreviewIdentity } from "./identity.ts";
import type { PreviewLimits } from "./limits.ts";
import type { Preview } from "./namespace-object.ts";
import { openPreview } from "./place.ts";
import { type PreviewSession, sessionIn } from "./session.ts";

/** How a pull request is now. */
export type Head = { isOpen: boolean; commit: string };

export type UpOptions = {
  identity: PreviewIdentity;
  /** The namespaces that it may have, see `previewNames`. */
  names: readonly string[];
  labels: Readonly<Record<string, string>>;
  limits: PreviewLimits;
  secrets: readonly SecretName[];
  keepSecret(secret: string): void;
  /** How long it may live from now; until its pull request is closed where absent. */
  ttlMs?: number;
  commit: string;
  run: RunMark;
  /** What GitHub calls the environment; as the namespace where absent. */
  environment?: string;
  /** `undefined` where nobody can tell. */
  headOf(): Promise<Head | undefined>;
  /** Told as soon as the namespace is this run's, before anything is deployed. */
  onClaimed?(namespace: string): void;
  deploy: Omit<DeployOptions, "namespace" | "createNamespace">;
};

export type UpResult =
  | { kind: "up"; namespace: string; result: DeployResult; expires?: number }
  /** Another run does it, or nobody has to: `why` says who. What this one had begun is recorded as failed. */
  | { kind: "superseded"; why: string; namespace?: string }
  /** The pull request was closed while this run went on; what it had brought up is gone. */
  | { kind: "closed"; namespace?: string };

/** Brings the preview of a commit up, as far as it is still that of the pull request. */
export async function bringUp(session: PreviewSession, options: UpOptions): Promise<UpResult> {
  const head = await options.headOf();
  if (head !== undefined && !head.isOpen) return { kind: "closed" };
  const stale = staleness(options, head);
  if (stale !== undefined) return { kind: "superseded", why: stale };
  const found = await openPreview(session, { ...options, timeoutMs: options.deploy.timeoutMs });
  const namespace = found.namespace.metadata.name;
  let mine = found;
  try {
    mine = await claim(session, found, options);
    options.onClaimed?.(namespace);
    const up = await bringUpClaimed(session, mine, options);
    return (await leaveIfClosed()) ? { kind: "closed", namespace } : up;
  } catch (error) {
    if (!hasCode(error, "PREVIEW_SUPERSEDED")) throw error;
    await leaveIfClosed().catch(ignoreSuperseded);
    return { kind: "superseded", why: error.message, namespace };
  }

  // The run for the closing may have come and gone before this one had made anything.
  async function leaveIfClosed(): Promise<boolean> {
    if ((await options.headOf())?.isOpen !== false) return false;
    await takeDown(session, mine, options.deploy, unlessClaimed(mine));
    return true;
  }
}

function ignoreSuperseded(error: unknown): void {
  if (!hasCode(error, "PREVIEW_SUPERSEDED")) throw error;
}

function staleness({ commit }: UpOptions, head: Head | undefined): string | undefined {
  if (head === undefined) return undefined;
  if (!head.isOpen) return "the pull request is closed";
  if (head.commit === commit) return undefined;
  return `the pull request is at commit ${head.commit.slice(0, 12)} now, this run is for ${commit.slice(0, 12)}`;
}

/** Where the pull request's head is not known, the later run of the workflow has the preview. */
async function claim(session: PreviewSession, found: Preview, options: UpOptions): Promise<Preview> {
  const { commit, run, ttlMs, environment = null } = options;
  const expires = ttlMs === undefined ? null : new Date(session.clock.now() + ttlMs).toISOString();
  const token = nodeCrypto().randomUUID();
  return await claimPreview(session, found, { token, commit, run, expires, environment }, async (now) => {
    const head = await options.headOf();
    return head === undefined ? laterRun(now, run) : staleness(options, head);
  });
}

async function bringUpClaimed(session: PreviewSession, preview: Preview, options: UpOptions): Promise<UpResult> {
  const namespace = preview.namespace.metadata.name;
  const watch = watchClaim(session, preview);
  const watched = { ...session, signal: AbortSignal.any([session.signal, watch.lost]) };
  try {
    await furnish(watched, namespace, options.limits);
    await copySecrets(watched, { namespace, secrets: options.secrets, keepSecret: options.keepSecret });
    const waitForLockMs = Math.max(options.deploy.waitForLockMs ?? 0, options.deploy.timeoutMs);
    const result = await deploy(sessionIn(watched, namespace), {
      ...options.deploy,
      namespace,
      createNamespace: false,
      waitForLockMs,
    });
    // A run that was stopped halfway ends with a result, as one that the user cancels.
    if (result.cause !== undefined) await watch.look();
    if (result.cause !== undefined && watch.lost.aborted && !session.signal.aborted) throw reasonOf(watch.lost);
    const { expires } = preview;
    return { kind: "up", namespace, result, ...(expires !== undefined && { expires }) };
  } catch (error) {
    await watch.look();
    if (watch.lost.aborted && !session.signal.aborted) throw reasonOf(watch.lost);
    throw error;
  } finally {
    watch.stop();
  }
}

function reasonOf({ reason }: AbortSignal): unknown {
  return hasCode(reason, "PREVIEW_SUPERSEDED") ? reason : superseded("its place was taken");
}
