import { SlipwayError } from "../../base/error.ts";
import { valueAt } from "../../base/json-path.ts";
import { describeRef, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { setsReplicas, targets } from "../../plan/hazards/scaling.ts";
import type { DriftSession } from "./types.ts";

const scalers = { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler" };

export type Autoscalers = {
  /** Which one says how many pods the workload has, where there is one and the number is not the recorded one. */
  of(desired: KubeObject, live: KubeObject): Promise<string | undefined>;
};

/** Each namespace's are asked for once, and only where a number of pods differs. */
export function autoscalersOf({ kube, signal }: DriftSession): Autoscalers {
  const known = new Map<string, Promise<KubeObject[]>>();

  async function listIn(namespace: string): Promise<KubeObject[]> {
    try {
      const { items } = await kube.list(scalers.apiVersion, scalers.kind, { namespace }, { signal });
      return items;
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.code === "CANCELLED") throw error;
      return [];
    }
  }

  return {
    async of(desired, live) {
      const ref = refOf(desired);
      const { namespace } = ref;
      const isSame = valueAt(desired, "spec", "replicas") === valueAt(live, "spec", "replicas");
      if (isSame || namespace === undefined || !setsReplicas({ ref, desired })) return undefined;
      const listed = known.get(namespace) ?? listIn(namespace);
      known.set(namespace, listed);
      const scaler = (await listed).find((one) => targets(one, ref));
      return scaler && describeRef(refOf(scaler));
    },
  };
}
