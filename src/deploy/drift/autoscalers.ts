import { hasCode, SlipwayError } from "../../base/error.ts";
import { valueAt } from "../../base/json-path.ts";
import { describeRef, refOf } from "../../kube/ref.ts";
import type { KubeObject } from "../../kube/types.ts";
import { setsReplicas, targets } from "../../plan/hazards/scaling.ts";
import type { DriftSession } from "./types.ts";

const scalers = { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler" };

/** Which one says how many pods there are, or why nobody knows whether one does. */
export type Scaler = { by: string } | { error: SlipwayError };

export type Autoscalers = {
  /** The workload's, where there is one and the number of pods is not the recorded one. */
  of(desired: KubeObject, live: KubeObject): Promise<Scaler | undefined>;
};

/** Each namespace's are asked for once, and only where a number of pods differs. */
export function autoscalersOf({ kube, signal }: DriftSession): Autoscalers {
  const known = new Map<string, Promise<KubeObject[] | SlipwayError>>();

  async function listIn(namespace: string): Promise<KubeObject[] | SlipwayError> {
    try {
      const { items } = await kube.list(scalers.apiVersion, scalers.kind, { namespace }, { signal });
      return items;
    } catch (error) {
      if (!(error instanceof SlipwayError) || hasCode(error, "CANCELLED")) throw error;
      // A cluster that does not serve them has none.
      return hasCode(error, "KUBE_NOT_FOUND", "PLAN_UNKNOWN_KIND") ? [] : error;
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
      const found = await listed;
      if (found instanceof SlipwayError) return { error: found };
      const scaler = found.find((one) => targets(one, ref));
      return scaler && { by: describeRef(refOf(scaler)) };
    },
  };
}
