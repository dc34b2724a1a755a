import { hasCode, SlipwayError } from "../../base/error.ts";
import type { KubeObject } from "../../kube/types.ts";
import { annotations, ownershipOf, type Preview, previewManager } from "./namespace-object.ts";
import { namespaceRef, type PreviewSession } from "./session.ts";

/** Equal texts are one run; `order` grows from each of a workflow's runs to the next, where there is such an order. */
export type RunMark = { order?: number; link?: string };

export type Claim = {
  /** Of this process alone. */
  token: string;
  /** What this run makes of the namespace, with nothing about it left as it was where `undefined`. */
  commit?: string;
  expires?: string | null;
  run?: RunMark;
};

const mostTries = 20;

/**
 * Makes the preview this run's: whoever had it before sees that and changes nothing more. `accept` is asked of the namespace
 * as it is when it is taken, and says why it may not be; then PREVIEW_SUPERSEDED.
 */
export async function claimPreview(
  { kube, signal }: PreviewSession,
  preview: Preview,
  claim: Claim,
  accept: (now: Preview) => string | undefined = () => undefined,
): Promise<Preview> {
  const { name, uid } = preview.namespace.metadata;
  let now = preview;
  for (let tries = 1; ; tries++) {
    const refused = accept(now);
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

function claimAnnotations({ token, commit, expires, run }: Claim, uid: string | undefined) {
  return {
    [annotations.claim]: token,
    ...(uid !== undefined && { [annotations.uid]: uid }),
    ...(commit !== undefined && { [annotations.commit]: commit }),
    ...(expires !== undefined && { [annotations.expires]: expires }),
    ...(run !== undefined && { [annotations.run]: runText(run) }),
  };
}

/** As the annotation holds it: `ORDER LINK`. */
function runText({ order, link }: RunMark): string {
  return `${order ?? "-"} ${link ?? ""}`.trim();
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

/** Watches over a claim; `lost` aborts with PREVIEW_SUPERSEDED when another run has the preview, or it is going. */
export function watchClaim(
  { kube, signal: stopped }: PreviewSession,
  { namespace, claim: token }: Preview,
): { lost: AbortSignal; stop(): void } {
  const { name, uid } = namespace.metadata;
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([stopped, ended.signal]);
  const selection = { fieldSelector: `metadata.name=${name}` };
  const look = (live: KubeObject | undefined) => {
    const why = whyLost(live, { uid, token });
    if (why !== undefined) lost.abort(superseded(why));
  };
  const follow = async () => {
    while (!signal.aborted && !lost.signal.aborted) {
      const { items, resourceVersion } = await kube.list("v1", "Namespace", selection, { signal });
      look(items[0]);
      try {
        for await (const event of kube.watch("v1", "Namespace", { ...selection, resourceVersion }, signal)) {
          if (event.type === "BOOKMARK") continue;
          look(event.type === "DELETED" ? undefined : event.object);
          if (lost.signal.aborted) return;
        }
      } catch (error) {
        if (!hasCode(error, "KUBE_GONE")) throw error;
      }
    }
  };
  // Who may not watch namespaces goes on without: the release's lock still keeps two runs apart.
  follow().catch((error: unknown) => {
    if (!(error instanceof SlipwayError) && !signal.aborted) lost.abort(error);
  });
  return { lost: lost.signal, stop: () => ended.abort() };
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
