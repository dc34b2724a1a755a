import { hasCode } from "../../base/error.ts";
import type { Chart } from "../../chart/types.ts";
import type { KubeObject, ObjectRef } from "../../kube/types.ts";
import type { Change, Plan } from "../../plan/types.ts";
import { configRecord } from "../../release/chart-record.ts";
import { mergeBase, readable } from "../../release/history.ts";
import type { Release } from "../../release/types.ts";
import type { Rendered } from "../../render/types.ts";
import type { DeployOptions, Session } from "../options.ts";
import type { Role } from "./types.ts";

export type BasisObject = {
  role: Role;
  action: Change["action"];
  ref: ObjectRef;
  source?: string;
  desired?: KubeObject;
  live?: KubeObject;
};

/** All that a plan is made from. */
export type Basis = {
  plan: Plan;
  last?: { revision: number; status: string };
  cluster: { server: string; uid?: string };
  options: Record<string, string>;
  chart: Chart;
  objects: BasisObject[];
  /** As texts: the merged values, all that was rendered, what was recorded since the last good revision. */
  values: unknown;
  rendered: unknown;
  recorded: unknown;
};

export type BasisInput = {
  plan: Plan;
  chart: Chart;
  rendered: Rendered;
  history: Release[];
  method: string;
};

/** Looks up what of it is not known yet: which cluster this is. */
export async function basisOf(session: Session, options: DeployOptions, input: BasisInput): Promise<Basis> {
  const { plan, chart, rendered, history, method } = input;
  const { definitions = [], changes, hooks = [] } = plan;
  const last = history.at(-1);
  const uid = await clusterUid(session);
  return {
    plan,
    ...(last && { last: { revision: last.revision, status: last.status } }),
    cluster: { server: session.kube.server, ...(uid !== undefined && { uid }) },
    options: {
      helm: options.helm,
      "server-side": String(method === "ssa"),
      "force-conflicts": String(options.forceConflicts || false),
      "take-ownership": String(options.takeOwnership),
      "skip-crds": String(options.skipCrds),
      "no-hooks": String(!options.hooks),
      "config-rollout": String(options.configRollout ?? "default"),
      "replace-immutable": String(options.replaceImmutable ?? "default"),
    },
    chart,
    objects: [
      ...definitions.map((change) => entry("definition", withoutContent(change))),
      ...changes.map((change) => entry("object", change.action === "keep" ? withoutContent(change) : change)),
      // What stands as a hook's live object is the record's.
      ...hooks.map(({ event, change: { live: _, ...change } }) => entry(`${event} hook`, change)),
    ],
    values: configRecord(rendered.config),
    rendered: [rendered.manifests, rendered.hooks, options.skipCrds ? [] : rendered.crds].map((manifests) =>
      manifests.map(({ source, content }) => [source, content]),
    ),
    recorded: mergeBase(readable(history)).map(({ revision, status, manifest }) => [revision, status, manifest]),
  };
}

/** Of what is left alone it counts that it is there, not what it says: others may go on with it. */
function withoutContent({ live, ...change }: Change): Change {
  if (live === undefined) return change;
  const { apiVersion, kind, metadata } = live;
  return { ...change, live: { apiVersion, kind, metadata: { name: metadata.name } } };
}

function entry(role: Role, { action, ref, source, desired, live }: Change): BasisObject {
  return { role, action, ref, ...(source && { source }), ...(desired && { desired }), ...(live && { live }) };
}

async function clusterUid({ kube, signal }: Session): Promise<string | undefined> {
  try {
    const found = await kube.get({ apiVersion: "v1", kind: "Namespace", name: "kube-system" }, { signal });
    return found?.metadata.uid;
  } catch (error) {
    if (!hasCode(error, "KUBE_FORBIDDEN")) throw error;
    return undefined;
  }
}
