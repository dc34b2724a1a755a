import { waitUntilGone } from "../../apply/remove-object.ts";
import { hasCode, SlipwayError } from "../../base/error.ts";
import type { KubeObject } from "../../kube/types.ts";
import { notOurs } from "./claim.ts";
import { whatHolds } from "./holding.ts";
import { describePreview, type PreviewIdentity, previewHash } from "./identity.ts";
import { ownershipOf, type Preview, previewManager, previewNamespace } from "./namespace-object.ts";
import { namespaceRef, type PreviewSession } from "./session.ts";

export type PlaceOptions = {
  identity: PreviewIdentity;
  /** The first that is free, or is this preview's, is taken. */
  names: readonly string[];
  labels: Readonly<Record<string, string>>;
  timeoutMs: number;
};

/** The preview where it is there, under any of its names. Namespaces of others with these names are passed by. */
export async function findPreviews(
  { kube, signal }: PreviewSession,
  { identity, names }: Pick<PlaceOptions, "identity" | "names">,
): Promise<Preview[]> {
  const found: Preview[] = [];
  for (const name of new Set(names)) {
    const namespace = await kube.get(namespaceRef(name), { signal });
    const preview = namespace && previewOf(namespace, identity);
    if (preview) found.push(preview);
  }
  return found;
}

/** The preview's namespace, made where it is missing; one that is just going is waited for. */
export async function openPreview(session: PreviewSession, options: PlaceOptions): Promise<Preview> {
  const { kube, signal } = session;
  // A name that was taken when the preview was made may be free by now.
  const present = (await findPreviews(session, options)).find(({ isGoing }) => !isGoing);
  if (present !== undefined) return present;
  const refusals: SlipwayError[] = [];
  for (const name of new Set(options.names)) {
    const opened = await openNamed(name);
    if (opened instanceof SlipwayError) refusals.push(opened);
    else return opened;
  }
  throw refusals.at(-1) ?? new SlipwayError("INPUT_INVALID", "The preview has no namespace");

  async function openNamed(name: string): Promise<Preview | SlipwayError> {
    for (;;) {
      const namespace = (await kube.get(namespaceRef(name), { signal })) ?? (await create(name));
      if (namespace === undefined) continue;
      const preview = previewOf(namespace, options.identity);
      if (preview === undefined) return refusal(namespace);
      if (!preview.isGoing) return preview;
      await waitForNamespace(session, namespace, options.timeoutMs);
    }
  }

  async function create(name: string): Promise<KubeObject | undefined> {
    try {
      return await kube.create(previewNamespace({ ...options, name }), { fieldManager: previewManager, signal });
    } catch (error) {
      // Another run made it in the meantime.
      if (hasCode(error, "KUBE_CONFLICT")) return undefined;
      throw error;
    }
  }
}

/** Waits until it is gone. Fails with PREVIEW_HELD, and says what holds it. */
export async function waitForNamespace(
  { kube, clock, signal, emit }: PreviewSession,
  { metadata: { name, uid } }: KubeObject,
  timeoutMs: number,
): Promise<void> {
  const context = { kube, clock, signal, emit, timeoutMs, forceConflicts: false };
  try {
    await waitUntilGone(context, namespaceRef(name), uid);
  } catch (error) {
    if (!hasCode(error, "APPLY_FAILED")) throw error;
    const live = await kube.get(namespaceRef(name), { signal });
    if (live === undefined || live.metadata.uid !== uid) return;
    throw held(live, timeoutMs);
  }
}

function held(namespace: KubeObject, timeoutMs: number): SlipwayError {
  const { name } = namespace.metadata;
  const lines = whatHolds(namespace);
  const [first = "its content is still being deleted"] = lines;
  return new SlipwayError(
    "PREVIEW_HELD",
    `Namespace ${name} is still there ${Math.round(timeoutMs / 1000)} s after it was deleted: ${first}`,
    {
      where: `Namespace ${name}`,
      hint: "Bring back what should clear it up (a controller, a webhook, an API), or take the finalizers away by hand. It goes by itself then.",
      ...(lines.length > 1 ? { detail: lines.join("\n") } : {}),
    },
  );
}

function previewOf(namespace: KubeObject, identity: PreviewIdentity): Preview | undefined {
  const ownership = ownershipOf(namespace);
  return ownership.ours && previewHash(ownership.preview.identity) === previewHash(identity)
    ? ownership.preview
    : undefined;
}

function refusal(namespace: KubeObject): SlipwayError {
  const ownership = ownershipOf(namespace);
  const why = ownership.ours ? `it is that of ${describePreview(ownership.preview.identity)}` : ownership.why;
  return notOurs(namespace.metadata.name, why);
}
