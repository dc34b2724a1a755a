import { hasCode, SlipwayError } from "../../base/error.ts";
import type { KubeObject } from "../../kube/types.ts";
import { annotations, ownershipOf, type Preview, previewManager } from "./namespace-object.ts";
import { namespaceRef, type PreviewSession } from "./session.ts";

/** `order` grows from each of a workflow's runs to the next, where there is such an order; `link` is the run's page. */
export type RunMark = { order?: number; link?: string };

export type Claim = {
  /** Of this process alone. */
  token: string;
  /** What this run makes of the namespace, with nothing about it left as it was where `undefined`. */
  commit?: string;
  expires?: string | null;
  run?: RunMark;
  environment?: string | null;
};

/** Why this run may not have the preview as it is now; `undefined` where it may. */
export type Accept = (now: Preview) => Promise<string | undefined>;

const mostTries = 20;

/**
 * Makes the preview this run's: whoever had it before sees that and changes nothing more. `accept` is asked after the
 * namespace was read and before it is taken, which fails where it has changed since, so that of two runs that ask whose turn
 * it is, no older one can come last. Fails with PREVIEW_SUPERSEDED where it may not be taken.
 */
export async function claimPreview(
  { kube, signal }: PreviewSession,
  preview: Preview,
  claim: Claim,
  accept: Accept = async () => undefined,
): Promise<Preview> {
  const { name, uid } = preview.namespace.metadata;
  let now = preview;
  for (let tries = 1; ; tries++) {
    const refused = await accept(now);
    if (refused !== undefined) throw superseded(refused);
    try {
      const { resourceVersion } = now.namespace.metadata;
      const body = { metadata: { uid, resourceVersion, annotations: claimAnnotations(claim, uid) } };
      const taken = await kube.patch(namespaceRef(name), "merge", body, { fieldManager: previewManager, signal });
      return previewIn(taken);
    } catch (error) {
      if (!hasCode(error, "KUBE_CONFLICT") || tries >= mostTries) throw error;
      const live = await kube.get(namespaceRef(name), { signal });
      if (live === undefined || live.metadata.uid !== uid) throw superseded("the preview was taken down meanwhile");
      now = previewIn(live);
    }
  }
}

function claimAnnotations({ token, commit, expires, run, environment }: Claim, uid: string | undefined) {
  return {
    [annotations.claim]: token,
    ...(uid !== undefined && { [annotations.uid]: uid }),
    ...(commit !== undefined && { [annotations.commit]: commit }),
    ...(expires !== undefined && { [annotations.expires]: expires }),
    ...(environment !== undefined && { [annotations.environment]: environment }),
    ...(run !== undefined && { [annotations.run]: runText(run) }),
  };
}

/** As the annotation holds it: `ORDER LINK`. */
function runText({ order, link }: RunMark): string {
  return `${order ?? "-"} ${link ?? ""}`.trim();
}

/** Why a later run of the workflow has the preview; where their order is not known, nobody does. */
export function laterRun({ run: held }: Preview, { order: mine }: RunMark): string | undefined {
  const { order, link } = parseRun(held);
  if (mine === undefined || order === undefined || order <= mine) return undefined;
  return `a later run${link ? ` (${link})` : ""} has the preview`;
}

export function parseRun(text: string): RunMark {
  const [, order, link] = /^(\d{1,16}|-)(?: (\S+))?$/.exec(text) ?? [];
  return { ...(order && order !== "-" ? { order: Number(order) } : {}), ...(link ? { link } : {}) };
}

/** Fails with KUBE_CONFLICT where the namespace is not ours. */
export function previewIn(namespace: KubeObject): Preview {
  const ownership = ownershipOf(namespace);
  if (ownership.ours) return ownership.preview;
  throw notOurs(namespace.metadata.name, ownership.why);
}

export function notOurs(name: string, why: string): SlipwayError {
  return new SlipwayError("PREVIEW_NOT_OURS", `Namespace ${name} is not a preview that Slipway made: ${why}`, {
    where: `Namespace ${name}`,
    hint: "It is left alone. Name another namespace for the preview, or remove this one by hand if nobody needs it.",
  });
}

export function superseded(why: string): SlipwayError {
  return new SlipwayError("PREVIEW_SUPERSEDED", `This run was superseded: ${why}`, {
    hint: "Nothing is to be done: the preview belongs to the newer run.",
  });
}

export type ClaimWatch = {
  lost: AbortSignal;
  /** Looks at once: what went wrong may be told later that it was by another run's hand. */
  look(): Promise<void>;
  stop(): void;
};

/** Watches over a claim; `lost` aborts with PREVIEW_SUPERSEDED when another run has the preview, or it is going. */
export function watchClaim(
  { kube, signal: stopped }: PreviewSession,
  { namespace, claim: token }: Preview,
): ClaimWatch {
  const { name, uid } = namespace.metadata;
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([stopped, ended.signal]);
  const selection = { fieldSelector: `metadata.name=${name}` };
  const judge = (live: KubeObject | undefined) => {
    const why = whyLost(live, { uid, token });
    if (why !== undefined) lost.abort(superseded(why));
  };
  const ignore = (error: unknown) => {
    if (!(error instanceof SlipwayError) && !signal.aborted) lost.abort(error);
  };
  const follow = async () => {
    while (!signal.aborted && !lost.signal.aborted) {
      const { items, resourceVersion } = await kube.list("v1", "Namespace", selection, { signal });
      judge(items[0]);
      try {
        for await (const event of kube.watch("v1", "Namespace", { ...selection, resourceVersion }, signal)) {
          if (event.type === "BOOKMARK") continue;
          judge(event.type === "DELETED" ? undefined : event.object);
          if (lost.signal.aborted) return;
        }
      } catch (error) {
        if (!hasCode(error, "KUBE_GONE")) throw error;
      }
    }
  };
  // Who may not watch namespaces goes on without: the release's lock still keeps two runs apart.
  follow().catch(ignore);
  return {
    lost: lost.signal,
    look: () => kube.get(namespaceRef(name), { signal }).then(judge).catch(ignore),
    stop: () => ended.abort(),
  };
}

function whyLost(live: KubeObject | undefined, mine: { uid: string | undefined; token: string }): string | undefined {
  if (live === undefined || live.metadata.uid !== mine.uid) return "the preview was taken down meanwhile";
  if (live.metadata.deletionTimestamp !== undefined) return "the preview is being taken down";
  const claim = live.metadata.annotations?.[annotations.claim];
  if (claim === mine.token) return undefined;
  if (claim?.startsWith(downClaim)) return "the preview is being taken down";
  const commit = live.metadata.annotations?.[annotations.commit];
  const { link } = parseRun(live.metadata.annotations?.[annotations.run] ?? "");
  return `another run${link ? ` (${link})` : ""} brings up commit ${commit?.slice(0, 12) || "unknown"}`;
}

/** What the claim of a run begins with that takes a preview down. */
export const downClaim = "down-";
