import type { ApplyContext } from "../apply/context.ts";
import { conflictsOf } from "../apply/server-side.ts";
import { hasCode } from "../base/error.ts";
import { jsonEqual } from "../base/json-equal.ts";
import type { KubeObject } from "../kube/types.ts";
import { operationsBetween } from "../plan/operations.ts";
import { applyPatch, threeWayPatch } from "../plan/three-way.ts";
import type { Change } from "../plan/types.ts";

const maxAttempts = 4;

type TryOut = (context: ApplyContext, change: Change) => Promise<KubeObject | undefined>;
type Asked = { change: Change; answer?: KubeObject };

/**
 * The server's answer to a dry run, and the change as it is from the very state that was answered for: what somebody else,
 * a controller say, has written since the object was read is no part of it. An object that is written all the time is
 * compared as it was read last.
 */
export async function freshAnswer(context: ApplyContext, change: Change, tryOut: TryOut): Promise<Asked> {
  let asked = await ask(context, change, tryOut);
  for (let attempt = 1; attempt < maxAttempts && asked.isOutdated; attempt++) {
    const { change: current, answer } = asked;
    const next = await readAgain(context, current);
    if (next === undefined) break;
    if (next.action === "nothing") return { change: next };
    const isSame = answer !== undefined && versionOf(next.live) === versionOf(answer);
    if (isSame && jsonEqual(next.patch?.body, current.patch?.body)) return { change: next, answer };
    asked = await ask(context, next, tryOut);
  }
  if (asked.error !== undefined) throw asked.error;
  return asked;
}

type Outcome = Asked & { isOutdated: boolean; error?: unknown };

async function ask(context: ApplyContext, change: Change, tryOut: TryOut): Promise<Outcome> {
  try {
    const answer = await tryOut(context, change);
    if (answer === undefined) return { change, isOutdated: false };
    return { change, answer, isOutdated: change.live !== undefined && versionOf(change.live) !== versionOf(answer) };
  } catch (error) {
    // What is sent for one state of an object alone is refused for every other.
    const isOutdated = hasCode(error, "KUBE_CONFLICT") && conflictsOf(error).length === 0;
    if (!isOutdated || change.live === undefined) throw error;
    return { change, isOutdated, error };
  }
}

/** The same change of what is live now; `undefined` where that is another object, or none. */
async function readAgain({ kube, signal }: ApplyContext, change: Change): Promise<Change | undefined> {
  const { ref, live, desired, base, patch, isWhole } = change;
  const now = await kube.get(ref, { signal });
  if (now === undefined || desired === undefined || now.metadata.deletionTimestamp !== undefined) return undefined;
  if (now.metadata.uid !== live?.metadata.uid) return undefined;
  if (isWhole || patch?.type === "apply") return { ...change, live: now };
  const next = threeWayPatch({ base, desired, live: now });
  const { patch: _, base: __, ...rest } = change;
  if (next === undefined) return { ...rest, action: "nothing", live: now, after: now, operations: [] };
  const after = applyPatch(now, next);
  return { ...change, live: now, patch: next, after, operations: operationsBetween(now, after) };
}

// A dry run leaves the version as it is.
function versionOf(object: KubeObject | undefined): string | undefined {
  return object?.metadata.resourceVersion;
}
