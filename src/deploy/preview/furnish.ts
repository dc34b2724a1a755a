import { hasCode } from "../../base/error.ts";
import { stringAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { limitObjects, limitsName, type PreviewLimits } from "./limits.ts";
import { previewManager } from "./namespace-object.ts";
import type { PreviewSession } from "./session.ts";

const kinds = [
  { apiVersion: "v1", kind: "ResourceQuota" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
];

/** Holds the preview to its limits: writes those that are asked for, and takes away those that no longer are. */
export async function furnish(session: PreviewSession, namespace: string, limits: PreviewLimits): Promise<void> {
  const wanted = limitObjects(limits, namespace);
  for (const { apiVersion, kind } of kinds) {
    const object = wanted.find((each) => each.kind === kind);
    const ref = { apiVersion, kind, namespace, name: limitsName };
    if (object === undefined) await takeAway(session, ref);
    else await write(session, ref, object);
  }
}

type Ref = { apiVersion: string; kind: string; namespace: string; name: string };

async function write({ kube, signal }: PreviewSession, ref: Ref, object: KubeObject): Promise<void> {
  const options = { fieldManager: previewManager, signal };
  if ((await kube.get(ref, { signal })) === undefined) await kube.create(object, options);
  else await kube.replace(object, options);
}

async function takeAway({ kube, signal }: PreviewSession, ref: Ref): Promise<void> {
  try {
    const live = await kube.get(ref, { signal });
    if (live === undefined || stringAt(live, "metadata", "labels", "app.kubernetes.io/managed-by") !== "slipway")
      return;
    const { uid } = live.metadata;
    await kube.delete(ref, { signal, ...(uid && { uid }) });
  } catch (error) {
    // Who asks for no limits needs no permission for them.
    if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
  }
}
