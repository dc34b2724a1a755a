import { arrayAt } from "../../base/json-path.ts";
import type { KubeObject } from "../../kube/types.ts";
import { dictAt, dictsAt, textAt } from "../json.ts";
import type { Tools } from "./engine.ts";
import { podFrom } from "./pods.ts";
import { templateOf } from "./revisions.ts";

export const revisionLabel = "controller-revision-hash";

export function ordinalOf(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

/** Makes one replica with its own name and its own claims. */
export function makeReplica(set: KubeObject, replica: { ordinal: number; revision: string }, tools: Tools): void {
  const { ordinal, revision } = replica;
  const name = `${set.metadata.name}-${ordinal}`;
  for (const claim of dictsAt(set, "spec", "volumeClaimTemplates")) makeClaim(set, { claim, name }, tools);
  const pod = podFrom(set, templateOf(set, revision, tools), { name });
  const labels = {
    ...pod.metadata.labels,
    "apps.kubernetes.io/pod-index": String(ordinal),
    "statefulset.kubernetes.io/pod-name": name,
    [revisionLabel]: revision,
  };
  const spec = dictAt(pod, "spec");
  const claims = dictsAt(set, "spec", "volumeClaimTemplates").map((claim) => {
    const volume = textAt(claim, "metadata", "name");
    return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
  });
  const others = arrayAt(spec, "volumes").filter(
    (volume) => !claims.some((claim) => claim.name === textAt(volume, "name")),
  );
  const serviceName = textAt(set, "spec", "serviceName");
  const made = tools.create(
    "/pods",
    {
      ...pod,
      metadata: { ...pod.metadata, labels },
      spec: {
        ...spec,
        hostname: name,
        ...(serviceName === "" ? {} : { subdomain: serviceName }),
        ...(claims.length + others.length === 0 ? {} : { volumes: [...claims, ...others] }),
      },
    },
    set,
  );
  if (made === undefined) {
    tools.again(set, "apps/statefulsets", 1000);
    return;
  }
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  tools.events.record(set, {
    type: "Normal",
    reason: "SuccessfulCreate",
    message,
    component: "statefulset-controller",
  });
}

function makeClaim(set: KubeObject, { claim, name }: { claim: unknown; name: string }, tools: Tools): void {
  const { namespace } = set.metadata;
  const claimName = `${textAt(claim, "metadata", "name")}-${name}`;
  if (tools.cluster.store.get("/persistentvolumeclaims", namespace, claimName) !== undefined) return;
  const labels = {
    ...dictAt(claim, "metadata", "labels"),
    ...dictAt(set, "spec", "selector", "matchLabels"),
  } as Record<string, string>;
  const annotations = dictAt(claim, "metadata", "annotations") as Record<string, string>;
  const metadata = { name: claimName, ...(namespace === undefined ? {} : { namespace }), labels, annotations };
  const made = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: dictAt(claim, "spec") };
  tools.create("/persistentvolumeclaims", made, set);
}
