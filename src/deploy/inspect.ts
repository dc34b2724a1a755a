import { objectKey, refOf } from "../kube/ref.ts";
import type { Release } from "../release/types.ts";
import { healthOf } from "../rollout/health.ts";
import type { TrackedObject } from "../rollout/types.ts";
import { fetchLive } from "./live-objects.ts";
import { readManifest } from "./objects.ts";
import type { Session } from "./options.ts";
import { locateRecorded } from "./recorded-objects.ts";

/** The health of every object of a recorded revision as the cluster has it now. */
export async function inspect(session: Session, release: Release): Promise<TrackedObject[]> {
  const { kube, signal, emit } = session;
  const scope = { discovery: kube.discovery, namespace: release.namespace, coming: new Map() };
  const objects = await locateRecorded(readManifest(release.manifest), scope, ({ kind, apiVersion }) =>
    emit({ type: "warning", message: `The cluster no longer serves the kind ${kind} (${apiVersion})` }),
  );
  const live = await fetchLive(kube, objects, signal);
  return objects.map(({ object }) => {
    const ref = refOf(object);
    const found = live.get(objectKey(ref));
    return { ref, health: found ? healthOf(found) : { status: "NotFound", message: "it is not there" } };
  });
}
